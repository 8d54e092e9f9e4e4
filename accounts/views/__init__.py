"""The pages of sessions, departments, people and their roles."""
