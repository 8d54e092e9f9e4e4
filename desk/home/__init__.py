"""My desk: what the reader must do now."""
