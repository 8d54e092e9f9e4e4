"""Migrations of an app that no other depends on, the last of which does not come to its end."""
