"""The firm for the pages."""

from __future__ import annotations
