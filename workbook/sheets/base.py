"""What every sheet is: its columns, what stands for it on the desk, and how a row of it is carried out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact, Customer
from ledger.models import Record
from workbook.columns import Column, Reference
from workbook.known import Known

Values = Mapping[str, str]
Mistake = tuple[str, str]
BETWEEN = "|"
AT_ONCE = 500


@dataclass(frozen=True)
class Standing:
    """A row as the desk has it."""

    pk: int
    version: int
    values: Values


@dataclass(frozen=True)
class Row:
    """A row as it is meant: its values, and what stands now, which is None for a new one."""

    values: Values
    standing: Standing | None = None

    @property
    def changed(self) -> frozenset[str]:
        """The columns that differ from what stands; all of a new row."""
        if self.standing is None:
            return frozenset(self.values)
        return frozenset(name for name, value in self.values.items() if value != self.standing.values.get(name, ""))


class Sheet(ABC):
    """A kind of rows. `key_columns` name a row; no two rows share the value of a column in `unique`.

    `fixed` columns of a row that stands cannot change, each with the sentence that says where to go. Columns in `aside`
    say how a row is meant, and are nothing that stands.
    """

    key: ClassVar[str]
    title: ClassVar[Promise]
    columns: ClassVar[Sequence[Column]]
    key_columns: ClassVar[tuple[str, ...]]
    unique: ClassVar[tuple[str, ...]] = ()
    fixed: ClassVar[Mapping[str, Promise | str]] = {}
    aside: ClassVar[frozenset[str]] = frozenset()
    sample: ClassVar[Values]
    # The records that come of its rows; a part of a record is told by the record that it belongs to.
    made_as: ClassVar[type[Record]]
    makes_records: ClassVar[bool] = True
    # The look-up of the first column of the key.
    lookup: ClassVar[str]

    @abstractmethod
    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What stands, in the order of the export."""

    @abstractmethod
    def values_of(self, row: Any) -> Values:
        """The row in the values of the columns."""

    @abstractmethod
    def create(self, values: Values, actor: Actor) -> Record:
        """Enter a new row through the action of its room."""

    @abstractmethod
    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> Record:
        """Bring what stands to the values of the row, through the action of its room."""

    @abstractmethod
    def take_back(self, pk: int, row: Values, actor: Actor) -> Record:
        """Undo the creation of a row as far as anything is ever undone: by a step that ends it."""

    def change_back(self, pk: int, row: Row, actor: Actor) -> Record:
        """Undo a change: bring what stands back to what stood before."""
        return self.change(pk, None, row, actor)

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        """What no single cell shows; column and sentence. Only what is new or changes is judged."""
        yield from ()

    def standing_among(self, keys: Collection[str], actor: Actor) -> Mapping[str, Standing]:
        """What stands under some keys; two statements or three."""
        firsts = {key.split(BETWEEN)[0] for key in keys}
        rows = self.all_rows(actor).filter(**{f"{self.lookup}__in": firsts})
        found = ((self.values_of(row), row) for row in rows)
        return {self.key_of(values): Standing(row.pk, self.version_of(row), values) for values, row in found}

    def exported(self, actor: Actor) -> Iterator[Values]:
        """The rows of the export, read some hundred at a time."""
        return (self.values_of(row) for row in self.rows(actor).iterator(chunk_size=AT_ONCE))

    def all_rows(self, actor: Actor) -> QuerySet[Any]:
        """Also what the export leaves out because it has ended."""
        return self.rows(actor)

    def version_of(self, row: Any) -> int:
        """The version of the record that the row belongs to."""
        version: int = row.version
        return version

    def key_of(self, values: Values) -> str:
        """What names the row among those of its sheet."""
        return BETWEEN.join(values[name] for name in self.key_columns)

    def label_of(self, values: Values) -> str:
        """What names the row for people."""
        shown = [self.column(key).shown(values.get(key, "")) for key in self.key_columns]
        name = values.get("name") or values.get("title") or ""
        return " ".join(part for part in (*shown, name) if part)[:200]

    def references(self) -> Iterator[Reference]:
        """The columns that name rows of other sheets."""
        return (column for column in self.columns if isinstance(column, Reference))

    def column(self, key: str) -> Column:
        """The column with that key; KeyError without one."""
        return {column.key: column for column in self.columns}[key]


def refuse_ended(known: Known, code: str, until: date | None = None) -> Iterator[Mistake]:
    """The mistake of a row that is to belong to a department beyond its end."""
    last = known.ended.get(code)
    if last is not None and (until is None or until > last):
        sentence = _("%(name)s ends on %(day)s. Choose another, or empty its last day on the sheet of departments.")
        yield "department", sentence % {"name": code, "day": last}


def merged_code(row: Row, model: type[Contact] | type[Customer]) -> str | None:
    """The code of the one that goes on, where a row would change one that was merged; one statement a changed row."""
    if row.standing is None or not row.changed:
        return None
    kept = model.objects.select_related("merged_into").get(pk=row.standing.pk).merged_into
    return kept.code if kept is not None else None


def day(text: str) -> date | None:
    """The date of a value."""
    return date.fromisoformat(text) if text else None


def yes(text: str) -> bool:
    return text == "yes"


def said(value: bool) -> str:
    return "yes" if value else "no"


def lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def written(value: date | None) -> str:
    return value.isoformat() if value else ""
