"""A newer course into a workspace, without a loss."""
