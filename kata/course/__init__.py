"""The course on disk: its contents, its masters, its checks, what it pins."""
