"""The proof of a course: checks refuse what is wrong, and nothing that is right."""
