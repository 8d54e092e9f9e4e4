"""People, customers and contracts as programs name them: by their codes."""

from __future__ import annotations

from rest_framework import serializers


def code(source: str) -> serializers.CharField:
    return serializers.CharField(source=source, read_only=True, allow_null=True, default=None)


def person(source: str) -> serializers.CharField:
    """A member of staff by employee number; null for the system or nobody."""
    return code(f"{source}.employee_number")
