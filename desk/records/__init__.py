"""The list of records: its address, its lines, its bar, and what is exported of it."""
