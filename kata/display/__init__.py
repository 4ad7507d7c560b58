"""What people read: verdicts and more as plain text and as HTML.

Other rooms use `text` and `html` for verdicts and messages, `diff` for an answer beside
the reference, `lesson` for a lesson at a glance, `prose` for Markdown in a terminal,
and `words` for the words that all of these share.
"""
