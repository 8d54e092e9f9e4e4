"""Pages of the own preferences, and of the channels for administrators."""
