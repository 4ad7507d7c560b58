"""Changes to the reference that the checks must notice."""
