"""What a declaration is found by."""

from __future__ import annotations

from incidents.models import Declaration
from search.actions import index


def make_findable(declaration: Declaration, *, is_new: bool = False) -> None:
    """Let the record be found by number, company, caller, subject and content; one that is new costs less."""
    caller = dict.fromkeys([declaration.caller_name, declaration.caller])
    words = (declaration.customer_name, *caller, declaration.caller_phone, declaration.body)
    text = " ".join([declaration.number, *words])
    title, at = declaration.subject, declaration.registered_at
    index(Declaration.stream_kind, declaration.pk, title=title, text=text, at=at, is_new=is_new)


def make_solution_findable(declaration: Declaration) -> None:
    """Let a closed record be found as a like case with its solution (5.4.4); it counts from its closing."""
    text = " ".join([declaration.body, declaration.cause, declaration.solution, *declaration.leaf_path])
    assert declaration.closed_at is not None
    index("case", declaration.pk, title=declaration.subject, text=text, at=declaration.closed_at)
