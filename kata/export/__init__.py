"""The finished service as a project of the learner's own."""
