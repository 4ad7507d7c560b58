"""What a learner tried and what it came to, kept in one SQLite file."""
