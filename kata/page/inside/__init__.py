"""What runs in a page's own Python. `desk.Desk` is what the page talks to."""
