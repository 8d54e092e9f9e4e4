"""Making the plan of an upload: read the file, compare it with the desk, keep what would happen."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from accounts.actors import SYSTEM, Actor
from files.storage import opened
from ledger.actions import step
from workbook.models import Import, PlanRow
from workbook.planning import Digest, Planned, plan
from workbook.progress import Report
from workbook.reading import Unreadable, read

State = Import.State
Counts = dict[str, dict[str, int]]
AT_ONCE = 500


def make_plan(found: Import, actor: Actor, report: Report) -> None:
    """Read the file of an import and keep its plan; what is not readable is said, and nothing else is kept.

    The rows go to a temporary file first: the transaction that keeps them is short, and no memory grows with them.
    """
    with opened(found.file_id) as file, TemporaryFile("w+", encoding="utf-8") as spool:
        try:
            digest, counts = _spool(planned_rows(found, file, actor, report), spool)
        except Unreadable as unreadable:
            _end(found, state=State.UNREADABLE, remark=str(unreadable))
            return
        spool.seek(0)
        _keep(found, spool, digest, counts)


def planned_rows(found: Import, file: BinaryIO, actor: Actor, report: Report) -> Iterator[Planned]:
    """The plan of an import as its open file and the desk stand now, row by row; raises `Unreadable`."""
    book = read(file, found.name)
    for done, planned in enumerate(plan(book, actor, found.mends), 1):
        report(done, book.count)
        yield planned


def _spool(rows: Iterator[Planned], spool: IO[str]) -> tuple[str, Counts]:
    digest, counts = Digest(), Counter[tuple[str, str]]()
    for planned in rows:
        digest.add(planned)
        counts[planned.sheet, planned.outcome] += 1
        if planned.outcome != "same":
            spool.write(json.dumps(vars(planned), ensure_ascii=False) + "\n")
    by_sheet: Counts = defaultdict(dict)
    for (sheet, outcome), count in counts.items():
        by_sheet[sheet][outcome] = count
    return str(digest), dict(by_sheet)


def _keep(found: Import, spool: IO[str], digest: str, counts: Counts) -> None:
    with step(Import, found.pk, version=None, signature=SYSTEM.signature(), action="plan_workbook", clause="") as taken:
        if taken.record.state != State.READING or taken.record.mends != found.mends:
            return
        PlanRow.objects.filter(plan=found).delete()
        while lines := list(islice(spool, AT_ONCE)):
            PlanRow.objects.bulk_create(_row(found, Planned(**json.loads(line))) for line in lines)
        taken.record.set(state=State.PLANNED, digest=digest, counts=counts)


def _row(found: Import, planned: Planned) -> PlanRow:
    return PlanRow(
        plan=found,
        sheet=planned.sheet,
        row=planned.row,
        outcome=planned.outcome,
        label=planned.label,
        values=planned.values,
        before=planned.before,
        mistakes=planned.mistakes,
        standing=planned.standing,
        standing_version=planned.version,
    )


def _end(found: Import, *, state: str, remark: str) -> None:
    with step(Import, found.pk, version=None, signature=SYSTEM.signature(), action="plan_workbook", clause="") as taken:
        if taken.record.state == State.READING:
            taken.record.set(state=state, remark=remark)
