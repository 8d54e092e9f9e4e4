"""What changed since a page was made: asked for by open pages every few seconds."""
