"""The learner's app, served on this machine, with docs that need no internet.

Other rooms use `server` for an app in a process of its own, `offline` for the app with
its docs page, and `ports`. `child` is what that process runs.
"""
