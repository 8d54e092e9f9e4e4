"""What every room's pages are made of: components, icons, parts for htmx."""
