"""A sample service."""
