"""The team: who has what, what is late or will be, and what waits for whom."""
