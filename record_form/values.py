"""What a section puts into one of its rows, and what state the row is in because of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from procedure.queries import Words
from record_form import formatting
from record_form.catalogue import RowType, SectionType
from record_form.formatting import Wording, both, says_something
from record_form.reading import Reading
from record_form.structure import FormLine, FormRow, Piece, Section, State


@dataclass
class Value:
    """What stands in a row: lines, or the cells of a table.

    `needed` says that it is obligatory; `complete` that nothing in it is lacking; `applies` whether an empty one
    means that there was nothing (else it does not apply).
    """

    lines: list[FormLine] = field(default_factory=list)
    columns: list[Words] = field(default_factory=list)
    cells: list[list[FormLine]] = field(default_factory=list)
    needed: bool = False
    complete: bool = True
    applies: bool = True
    signature: Words | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.cells) or any(map(says_something, self.lines))


def value(
    *lines: FormLine,
    needed: bool = False,
    complete: bool = True,
    applies: bool = True,
    signature: Wording | None = None,
) -> Value:
    """A row of lines; the empty ones are left out."""
    sign = both(signature) if signature else None
    return Value([each for each in lines if each], needed=needed, complete=complete, applies=applies, signature=sign)


def single(piece: Piece | None, *, needed: bool = False, applies: bool = True) -> Value:
    """A row of one piece."""
    return value(formatting.line(piece), needed=needed, applies=applies)


def table(columns: list[Wording], cells: list[list[FormLine]], *, needed: bool = False, applies: bool = True) -> Value:
    """A row of rows, each with a cell for every column."""
    return Value(columns=[both(column) for column in columns], cells=cells, needed=needed, applies=applies)


def section(kind: SectionType, values: dict[int, Value], reading: Reading | None) -> Section:
    """The section with its rows in printing order."""
    rows = [row(asked, values[asked.number], reading) for asked in kind.rows]
    return Section(kind.numeral, both(kind.title), kind.clause, rows)


def row(row_type: RowType, value: Value, reading: Reading | None) -> FormRow:
    return FormRow(
        number=row_type.number,
        key=row_type.key,
        label=both(row_type.label),
        detail=both(row_type.detail),
        kind=row_type.kind,
        by=_joined(row_type.by),
        state=_state(value, has_ended=reading is not None and reading.has_ended),
        lines=value.lines,
        columns=value.columns,
        cells=value.cells,
        signature=value.signature,
    )


def _joined(names: tuple[Wording, ...]) -> Words:
    words = [both(name) for name in names]
    return Words("、".join(each.zh for each in words), ", ".join(each.en for each in words))


def _state(value: Value, *, has_ended: bool) -> State:
    if value.says_something and value.complete:
        return "filled"
    if value.needed:
        if not has_ended:
            return "open"
        return "filled" if value.says_something else "absent"
    if value.says_something:
        return "filled"
    return "none" if value.applies else "absent"
