"""`{% load ui %}`: every component as one library."""

from __future__ import annotations

from django import template

from ui.components import basics, forms, pages, records

register = template.Library()
for part in (basics, records, forms, pages):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
