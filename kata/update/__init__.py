"""A newer course brought into a workspace, without a loss.

Other rooms use `update.plan` and `update.apply`. `merge` makes one notebook of two,
and `match` tells which of their cells are the same.
"""
