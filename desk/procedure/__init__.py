"""The controlled document as a page."""
