"""What the pages show that work through one kind of thing: decisions, hand-overs, filing."""
