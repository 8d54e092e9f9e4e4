"""The REST interface: the same actions, forms and sentences as the pages, for programs."""
