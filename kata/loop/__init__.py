"""A cell in, a verdict out: the story of one attempt, and what follows it.

Other rooms use the `Loop` of `loop`, the `Where` of `beside` that it may be told, and
what works on a loop: `hints`, `reveal`, `saved` and `watching`. The rest are its parts:
`answers` looks, `writer` and `replacing` change, `checker` and `beside` check.
"""
