"""The proof of a course: checks refuse what is wrong, and nothing that is right.

Other rooms use `proof.prove`, and `answers.wrong_answers` to show them. Proof by small
changes to the reference is in `mutants/`.
"""
