"""Serving the learner's app on this machine, with docs that need no internet."""
