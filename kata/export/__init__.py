"""The finished service as a project of the learner's own.

Other rooms use `export.export`. What stands around the service, such as its README and
its container, is in `templates`.
"""
