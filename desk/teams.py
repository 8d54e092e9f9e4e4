"""The two parts of my desk: what I must do, and what my team has in hand."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _


def tabs(current: str) -> list[dict[str, Any]]:
    """My desk and the team, side by side."""
    items = (("desk", _("My desk")), ("team", _("Team")))
    return [{"label": label, "url": reverse(key), "count": None, "current": key == current} for key, label in items]
