"""Celery entry points."""

from __future__ import annotations

from celery import shared_task

from workbook import actions


@shared_task
def carry_on_imports() -> int:
    """Go on with imports that wait to be read, carried out or taken back."""
    return actions.carry_on_imports()
