"""From a report of the checks to a verdict in the learner's words.

Other rooms use `judge.judge` and the `Case` that it wants. `explain` has the words for
what Python and pytest raise.
"""
