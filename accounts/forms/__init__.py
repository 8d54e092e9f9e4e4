"""What is typed about sessions, departments, people and their roles."""
