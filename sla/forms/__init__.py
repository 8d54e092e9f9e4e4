"""What the pages of calendars and contracts take."""
