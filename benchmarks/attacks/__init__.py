"""The attacks, by what they are about; each is one row of the table."""
