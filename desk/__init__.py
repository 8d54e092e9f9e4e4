"""The pages of the staff that several rooms feed, cut by page."""
