"""How the firm of the demonstration works on: a plan of its days, pure and seeded, and its telling up to now."""
