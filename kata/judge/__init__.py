"""From a report of the checks to a verdict in the learner's words."""
