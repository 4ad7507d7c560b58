"""A cell in, a verdict out: the story of one attempt, and what follows it.

Other rooms use the `Loop` of `loop`, and what works on one: `hints`, `reveal`, `saved`
and `watching`. The rest are its parts: `answers` looks, `writer` and `replacing`
change, `checker` and `beside` check.
"""
