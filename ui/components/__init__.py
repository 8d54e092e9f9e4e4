"""The components of the pages; templates/components/README.md shows how each is used."""
