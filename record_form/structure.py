"""The Incident Record Form as plain values, the same for screen, paper and the frozen copy (clause 5.5).

What is printed is made of pieces. A piece keeps the machine's value and its wording in both languages, so that a
filed form needs nothing else to be printed, whatever the words or the tables have become since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, TypeAlias, TypedDict

from procedure.queries import Words

SCHEMA = 1

Kind: TypeAlias = Literal["text", "long", "table", "boxes"]
State: TypeAlias = Literal["filled", "open", "none", "absent"]


class Piece(TypedDict, total=False):
    """One value on a line: exactly one of `text` (as typed), `zh` with `en`, `at`, `on` or `hash` says what it is.

    `code` is the machine's value behind words, `ticked` makes them a box, `name_zh` and `name_en` say what it is.
    """

    text: str
    zh: str
    en: str
    code: str
    ticked: bool
    at: str
    on: str
    hash: str
    name_zh: str
    name_en: str


FormLine: TypeAlias = list[Piece]


@dataclass(frozen=True)
class FormRow:
    """One of the 56 rows: what it asks for, who fills it in, and what stands there.

    `open` is obligatory and not filled in yet, `none` applies and there was nothing, `absent` does not apply. A table
    has `columns` and `cells` instead of `lines`. `signature` asks for room to sign and stamp.
    """

    number: int
    key: str
    label: Words
    detail: Words
    kind: Kind
    by: Words
    state: State
    lines: list[FormLine] = field(default_factory=list)
    columns: list[Words] = field(default_factory=list)
    cells: list[list[FormLine]] = field(default_factory=list)
    signature: Words | None = None

    @property
    def applies(self) -> bool:
        return self.state != "absent"

    @property
    def is_missing(self) -> bool:
        """Whether it is obligatory and something in it is not filled in."""
        return self.state == "open"


@dataclass(frozen=True)
class Section:
    """One of the nine sections, with the clauses that it records."""

    numeral: str
    title: Words
    clause: str
    rows: list[FormRow]


@dataclass(frozen=True)
class Heading:
    """What R-DC-1 asks of every printed form: which procedure, in which version, how far it may go."""

    title: Words
    procedure: Words
    procedure_number: str
    version: str
    controlled_status: Words
    confidentiality: Words
    issuer: str
    issued_on: str
    effective_on: str


@dataclass(frozen=True)
class RecordForm:
    """The form of one declaration; `sections` are all nine, or the first eight where it is frozen."""

    number: str
    heading: Heading
    sections: list[Section]
    schema: int = SCHEMA

    @property
    def rows(self) -> list[FormRow]:
        return [row for section in self.sections for row in section.rows]

    @property
    def frozen(self) -> RecordForm:
        """What filing freezes: all but section 9."""
        return replace(self, sections=self.sections[:8])

    def row(self, number: int) -> FormRow:
        return next(row for row in self.rows if row.number == number)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON values; `from_data` reads them back."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> RecordForm:
        """Read what `as_data` wrote. Raises `KeyError` or `TypeError` for anything else."""
        heading = data["heading"]
        worded = {
            name: Words(**heading[name]) for name in ("title", "procedure", "controlled_status", "confidentiality")
        }
        return cls(
            number=data["number"],
            heading=Heading(**{**heading, **worded}),
            sections=[_section(section) for section in data["sections"]],
            schema=data["schema"],
        )


def _section(data: Mapping[str, Any]) -> Section:
    rows = [_row(row) for row in data["rows"]]
    return Section(**{**data, "title": Words(**data["title"]), "rows": rows})


def _row(data: Mapping[str, Any]) -> FormRow:
    words: dict[str, Any] = {name: Words(**data[name]) for name in ("label", "detail", "by")}
    words["columns"] = [Words(**column) for column in data["columns"]]
    words["signature"] = Words(**data["signature"]) if data["signature"] else None
    return FormRow(**{**data, **words})


@dataclass(frozen=True)
class Conclusion:
    """The verdict of a review on one clause: met, not met or not applicable."""

    clause: str
    verdict: Literal["met", "not_met", "not_applicable"]
    note: str = ""


@dataclass(frozen=True)
class FoundFault:
    """A finding of a review with what became of it; dates are ISO texts, empty where there is none yet."""

    clause: str
    text: str
    cause: str = ""
    action: str = ""
    correction: str = ""
    corrected_at: str = ""
    owner: str = ""
    due_on: str = ""
    verified_by: str = ""
    verified_at: str = ""


@dataclass(frozen=True)
class ReviewSheet:
    """What section 9 prints of a review (clause 6); `at` is an instant as ISO text, empty while it goes on."""

    reviewer: str
    at: str
    conclusions: list[Conclusion]
    findings: list[FoundFault]


@dataclass(frozen=True)
class LedgerHead:
    """The last entry of the declaration's chain at the time of printing; `at` is an instant as ISO text.

    `checkpoint` is the number of the one that covers it, 0 until there is one, and `root` its root.
    """

    hash: str
    sequence: int
    at: str
    checkpoint: int = 0
    root: str = ""
