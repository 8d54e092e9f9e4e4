"""Whose turn it is, and what each person must do."""
