"""The bell: what the reader was told, with what it is about."""
