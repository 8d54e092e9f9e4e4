"""The firm, made once a module; what a test does to it is rolled back."""

from __future__ import annotations
