"""A cell in, a verdict out: the story of one attempt, and what follows it."""
