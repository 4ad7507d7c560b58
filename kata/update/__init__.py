"""A newer course brought into a workspace, without a loss.

Other rooms use `update.plan` and `update.apply`. `merge` makes one notebook of two.
"""
