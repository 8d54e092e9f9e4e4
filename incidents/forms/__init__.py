"""One form a verb: what a person or a program fills in."""

from incidents.forms.base import NothingToFill, VerbForm
from incidents.forms.files import as_upload

__all__ = ["NothingToFill", "VerbForm", "as_upload"]
