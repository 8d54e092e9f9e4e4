"""Celery entry points."""

from __future__ import annotations

from celery import shared_task

from setup import actions


@shared_task
def watch_people() -> int:
    """Tell deputies of absences, and people and heads of proofs that run out."""
    return actions.watch_people()


@shared_task
def watch_vacancies() -> int:
    """Tell heads which role of their department nobody holds."""
    return actions.watch_vacancies()
