"""What every room builds on and what knows no room: how text and numbers that people type are read."""
