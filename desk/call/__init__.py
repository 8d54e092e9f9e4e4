"""Logging or relaying a call."""
