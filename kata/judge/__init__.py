"""From a report of the checks to a verdict in the learner's words.

Other rooms use `judge.judge`, and the `Case` of `case` that it wants. `explain` has the
words for what Python and pytest raise, `advice` what to try for each library's errors,
`validation` the first of many errors, `told` what a check tells of an exception,
`blame` the kata that comes first, and `values` where two values part.
"""
