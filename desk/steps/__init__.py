"""The steps of a record: each with its form, what stands beside it, and its conflicts."""
