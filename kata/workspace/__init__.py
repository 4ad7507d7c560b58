"""The learner's folder: finding it, reading and writing it, scratch copies of it.

Other rooms use `workspace` (`find`, `create`, `Workspace`, `write_atomically`) and
`scratch`, for what is checked and not kept.
"""
