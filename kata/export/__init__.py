"""The service as a project of the learner's own.

Other rooms use `export.export`. `plain` makes the code as a person would have written
it, `slices` its tests, and `project` what stands around it, from files in `project/`.
"""
