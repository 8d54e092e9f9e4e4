"""The controlled document: the rules that the desk executes, and what its pages show."""

from procedure.queries.document import changes, official_texts, references, versions
from procedure.queries.standing import NoProcedure, drop_outdated, forget_rules, in_force, rules, versions_until
from procedure.queries.values import (
    ClauseView,
    Duty,
    Grade,
    Header,
    Leaf,
    Level,
    Rules,
    Setting,
    Span,
    Term,
    Words,
)

__all__ = [
    "ClauseView",
    "Duty",
    "Grade",
    "Header",
    "Leaf",
    "Level",
    "NoProcedure",
    "Rules",
    "Setting",
    "Span",
    "Term",
    "Words",
    "changes",
    "drop_outdated",
    "forget_rules",
    "in_force",
    "official_texts",
    "references",
    "rules",
    "versions",
    "versions_until",
]
