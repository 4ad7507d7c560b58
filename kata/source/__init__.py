"""The text of the service: cells, imports and regions, taken apart and put together.

Other rooms use `cell` for a cell's options and lines, `file` to put cells into a file
and find them there, `compare` for two answers beside each other, and `imports` and
`syntax` for questions to code. `clashes` holds what `file` refuses, and
`plain_text` is for files that are no Python.
"""
