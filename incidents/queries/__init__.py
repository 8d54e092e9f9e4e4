"""Every read of more than one declaration."""
