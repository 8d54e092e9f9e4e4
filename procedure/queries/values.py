"""The rules that the desk executes, as values: one `Rules` a version of the procedure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ledger.exceptions import SettingMissing
from procedure.models import Basis, State


class Span(TypedDict):
    """A length of time as the procedure keeps it, for `sla` to count."""

    value: float
    unit: str
    clock: str


@dataclass(frozen=True)
class Words:
    """A text in both languages; as a string it is that of the reader, or Chinese where there is no other."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        return self.en if self.en and (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Header:
    """What stands at the head of the document (R-DC-1)."""

    title: Words
    number: str
    version_label: str
    controlled_status: str
    confidentiality: str
    issuer: str
    issued_on: date
    effective_on: date


@dataclass(frozen=True)
class ClauseView:
    number: str
    title: Words
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Term:
    """A term of the document; `official` are the owner's own words, which are Chinese, once they are imported."""

    identifier: str
    term: Words
    explanation: Words
    basis: Basis
    official: str = ""

    @property
    def meaning(self) -> Words:
        """What stands beside a choice (R-3-1): the owner's words before ours."""
        return Words(self.official or self.explanation.zh, self.explanation.en)


@dataclass(frozen=True)
class Leaf:
    """A leaf of the category tree with its way down from the top."""

    code: str
    path: tuple[Words, Words, Words]
    explanation: Words
    basis: Basis
    is_active: bool

    @property
    def name(self) -> Words:
        return self.path[2]


@dataclass(frozen=True)
class Grade:
    """One step of the scale of impact or urgency; `official` as with a `Term`."""

    kind: str
    code: str
    name: Words
    explanation: Words
    basis: Basis
    official: str = ""

    @property
    def meaning(self) -> Words:
        """What stands beside a choice (A-35): the owner's words before ours."""
        return Words(self.official or self.explanation.zh, self.explanation.en)


@dataclass(frozen=True)
class Level:
    """A priority with its time for solving; `display` is what the document prints."""

    priority: int
    name: Words
    target: Span
    display: Words
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Setting:
    """A parameter with the clause that needs it and why it is as it is."""

    key: str
    name: Words
    value: Any
    unit: str
    clause: str
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Duty:
    """A row of the table of clause 4.1; `roles` are role codes."""

    activity: Words
    roles: tuple[str, ...]
    clause: str
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Rules:
    """All of one version but the official text of its clauses; unknown codes raise `KeyError`.

    `revision` counts the changes of the version's row: header and official text may still be put in by the firm.
    """

    version_id: int
    revision: int
    state: State
    header: Header
    clauses: dict[str, ClauseView]
    terms: tuple[Term, ...]
    leaves: dict[str, Leaf]
    impacts: dict[str, Grade]
    urgencies: dict[str, Grade]
    matrix: dict[tuple[str, str], int]
    levels: dict[int, Level]
    parameters: dict[str, Setting]
    duties: tuple[Duty, ...]

    def parameter(self, key: str) -> Any:
        """The value as its explanation describes it: a number, text, list or mapping from JSON.

        Raises `SettingMissing` where the version lacks it.
        """
        if found := self.parameters.get(key):
            return found.value
        raise SettingMissing(
            _(
                "The procedure lacks the parameter %(key)s. An administrator adds it with manage.py migrate; it is "
                "then shown under Procedure → Parameters."
            )
            % {"key": key}
        )

    def priority(self, impact: str, urgency: str) -> int:
        """The level of the pair by the nine cells (5.4.3, A-02)."""
        return self.matrix[impact, urgency]

    def target(self, priority: int) -> Span:
        """The time for solving a level where no contract says otherwise (5.4.3)."""
        return self.levels[priority].target

    def response_target(self, channel: str) -> Span:
        """The time for the first response by channel where no contract says otherwise (5.4.3, A-07)."""
        span: Span = self.parameter("response_target")[channel]
        return span

    def meaning(self, identifier: str) -> Words:
        """What a term means (R-3-1), for beside the choice; empty for one that the version lacks."""
        return next((term.meaning for term in self.terms if term.identifier == identifier), Words(""))

    def leaf(self, code: str) -> Leaf:
        return self.leaves[code]

    def clause(self, number: str) -> ClauseView:
        return self.clauses[number]
