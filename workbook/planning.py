"""One plan over all sheets: what each row would do, and what is wrong with it. Nothing is written here.

Rows are taken some hundred at a time, and only what stands under their keys is read, so that twenty thousand rows need
no more memory than the keys do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from django.utils.translation import gettext as _

from accounts.actors import Actor
from base.text import fold
from workbook.cells import Wrong, text_of
from workbook.columns import Code, Column, Reference
from workbook.known import Known
from workbook.reading import Book, Page, RawRow
from workbook.sheets import Row, Standing

Outcome = Literal["new", "changed", "same", "refused"]
Mends = Mapping[str, Mapping[str, Mapping[str, str]]]
AT_ONCE = 500
# A row of which so many cells say what their column is called repeats the headings.
REPEATED = 2
# What is shown in place of a formula, or of a text that cannot be kept.
UNTOLD = "="


@dataclass
class Planned:
    """A row with what it would do. `values` are what is meant, of a refused row what was typed; `before` what stands in
    the columns that change; `mistakes` name a column (or none) and say one sentence each."""

    sheet: str
    row: int
    outcome: Outcome
    key: str = ""
    label: str = ""
    values: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    standing: int | None = None
    version: int = 0
    mistakes: list[tuple[str, str]] = field(default_factory=list)

    def signed(self) -> bytes:
        """What the digest of a plan is made of: the same in every language."""
        told = [self.sheet, self.row, self.outcome, self.key, self.values, self.before, self.standing, self.version]
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


@dataclass
class _Draft:
    raw: RawRow
    typed: dict[str, str]
    values: dict[str, str]
    mistakes: dict[str, str]
    key: str = ""


class Digest:
    """The digest of a plan, row by row."""

    def __init__(self) -> None:
        self._found = hashlib.sha256()

    def add(self, planned: Planned) -> None:
        self._found.update(planned.signed())

    def __str__(self) -> str:
        return self._found.hexdigest()


def plan(book: Book, actor: Actor, mends: Mends) -> Iterator[Planned]:
    """Every row of the book in the order in which it would be carried out, flaws of sheets before their rows."""
    known = Known()
    for flaw in book.flaws:
        yield Planned("", 0, "refused", label=flaw.sheet[:200], mistakes=[("", flaw.sentence)])
    for page in book.pages:
        yield from _Plan(page, actor, known, mends.get(page.sheet.key, {})).rows()


class _Plan:
    """The plan of one sheet."""

    def __init__(self, page: Page, actor: Actor, known: Known, mends: Mapping[str, Mapping[str, str]]) -> None:
        self.page, self.sheet, self.actor, self.known, self.mends = page, page.sheet, actor, known, mends
        self.flaws = dict(page.flaws)
        self.columns = [column for column in self.sheet.columns if column.key in page.letters]
        self.headings = {column.key: column.headings for column in self.columns}
        self.seen: dict[str, int] = {}

    def rows(self) -> Iterator[Planned]:
        rows = self.page.rows()
        yield from self._of_no_row(1)
        while some := list(islice(rows, AT_ONCE)):
            drafts = [self._draft(raw) for raw in some]
            standing = self.sheet.standing_among({each.key for each in drafts if each.key}, self.actor)
            for draft in drafts:
                yield self._planned(draft, standing.get(draft.key))
        for number in sorted(self.flaws):
            yield from self._of_no_row(number)

    def _of_no_row(self, number: int) -> Iterator[Planned]:
        """A row that holds nothing but is wrong."""
        if sentences := self.flaws.pop(number, ()):
            yield Planned(self.sheet.key, number, "refused", mistakes=[("", sentence) for sentence in sentences])

    def _draft(self, raw: RawRow) -> _Draft:
        draft = _Draft(raw, {}, {}, {})
        mended = self.mends.get(str(raw.number), {})
        for column in self.columns:
            self._read(draft, column, mended.get(column.key, raw.cells.get(column.key)))
        if self._repeats_headings(draft):
            draft.mistakes[""] = _("This row repeats the headings. Delete it.")
        elif not draft.mistakes.keys() & set(self.sheet.key_columns):
            draft.key = self.sheet.key_of({name: draft.values.get(name, "") for name in self.sheet.key_columns})
        return draft

    def _read(self, draft: _Draft, column: Column, cell: object) -> None:
        draft.typed[column.key] = UNTOLD
        try:
            draft.typed[column.key] = text_of(cell)
            value = column.require(column.read(cell))
            if value and isinstance(column, Reference):
                value = self.known.resolve(column.to, value)
            elif value and isinstance(column, Code):
                value = self.known.own(self.sheet.key, value, narrow=column.narrow)
            draft.values[column.key] = value
        except Wrong as wrong:
            draft.mistakes[column.key] = str(wrong)

    def _repeats_headings(self, draft: _Draft) -> bool:
        same = sum(fold(draft.typed.get(key, "")) in headings for key, headings in self.headings.items())
        return same >= min(REPEATED, len(self.columns))

    def _planned(self, draft: _Draft, standing: Standing | None) -> Planned:
        mistakes = draft.mistakes
        if standing is not None:
            self._forgive(draft, standing)
        row = self._row(draft, standing)
        if draft.key:
            self._refuse_double(draft, mistakes)
        if not mistakes:
            self._judge(draft, row, mistakes)
        flaws = [("", sentence) for sentence in self.flaws.pop(draft.raw.number, ())]
        told = [*flaws, *mistakes.items()]
        if told:
            return self._refused(draft, told)
        return self._meant(draft, row)

    def _forgive(self, draft: _Draft, standing: Standing) -> None:
        """What stands already is never refused, however it came to be."""
        for name in list(draft.mistakes):
            if name and draft.typed.get(name) == standing.values.get(name):
                del draft.mistakes[name]
                draft.values[name] = standing.values[name]

    def _row(self, draft: _Draft, standing: Standing | None) -> Row:
        if standing is None:
            empty = {column.key: column.otherwise for column in self.sheet.columns}
            return Row({**empty, **draft.values})
        aside = {name: draft.values.get(name, "") for name in self.sheet.aside}
        values = {**standing.values, **aside}
        return Row({**values, **draft.values}, Standing(standing.pk, standing.version, values))

    def _refuse_double(self, draft: _Draft, mistakes: dict[str, str]) -> None:
        first = self.seen.setdefault(fold(draft.key), draft.raw.number)
        if first != draft.raw.number:
            mistakes.setdefault(self.sheet.key_columns[0], _("Row %(row)d is the same. Delete one.") % {"row": first})

    def _judge(self, draft: _Draft, row: Row, mistakes: dict[str, str]) -> None:
        for name in self.sheet.unique:
            self._refuse_taken(name, draft, row, mistakes)
        if row.standing is not None:
            mistakes |= {name: str(self.sheet.fixed[name]) for name in row.changed & self.sheet.fixed.keys()}
        if not mistakes:
            mistakes.update(self.sheet.check(row, self.known, self.actor))

    def _refuse_taken(self, name: str, draft: _Draft, row: Row, mistakes: dict[str, str]) -> None:
        """Two rows with one name, in the file or against the desk."""
        names = self.known.names(f"{self.sheet.key}.{name}", lambda: self._names(name))
        holder = names.setdefault(fold(row.values[name]), draft.key)
        if name in row.changed and holder != draft.key:
            mistakes[name] = _("%(holder)s is called so. Choose another name.") % {"holder": holder}

    def _names(self, name: str) -> Iterable[tuple[str, str]]:
        rows: Iterable[tuple[str, str]] = self.sheet.all_rows(self.actor).values_list(name, self.sheet.lookup)
        return rows

    def _refused(self, draft: _Draft, mistakes: list[tuple[str, str]]) -> Planned:
        label = self.sheet.label_of({name: draft.typed.get(name, "") for name in self._labelling()})
        planned = Planned(self.sheet.key, draft.raw.number, "refused", draft.key, label, mistakes=mistakes)
        planned.values = draft.typed
        return planned

    def _meant(self, draft: _Draft, row: Row) -> Planned:
        label = self.sheet.label_of(row.values)
        if row.standing is None:
            return Planned(self.sheet.key, draft.raw.number, "new", draft.key, label, dict(row.values))
        before = {name: row.standing.values.get(name, "") for name in sorted(row.changed)}
        outcome: Outcome = "changed" if before else "same"
        planned = Planned(self.sheet.key, draft.raw.number, outcome, draft.key, label, before=before)
        planned.values = dict(row.values) if before else {}
        planned.standing, planned.version = row.standing.pk, row.standing.version
        return planned

    def _labelling(self) -> Iterable[str]:
        return (*self.sheet.key_columns, "name", "title")
