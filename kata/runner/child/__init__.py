"""What runs inside the process that runs the checks."""
