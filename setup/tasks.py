"""Celery entry points."""

from __future__ import annotations

from celery import shared_task

from setup import actions


@shared_task
def watch_vacancies() -> int:
    """Tell heads which role of their department nobody holds."""
    return actions.watch_vacancies()
