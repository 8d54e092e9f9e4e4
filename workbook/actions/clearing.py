"""Clearing what an import that ended keeps of people: its rows, what was mended in them, and its file."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from accounts.actors import CHINA, SYSTEM, local_day
from base.clock import now
from files.actions import let_go
from ledger.actions import step
from workbook.models import ROWS_KEPT, Import, PlanRow


def clear_imports() -> int:
    """Clear the imports that ended `ROWS_KEPT` before this day began, which makes it once a day; answers how many."""
    return sum(_clear(key) for key in list(_over().order_by("pk").values_list("pk", flat=True)))


def _over() -> QuerySet[Import]:
    """What began before it was noted when an import ends, ended when it was carried out, or handed in."""
    morning = datetime.combine(local_day(now()), time(), tzinfo=CHINA)
    ended = Coalesce("ended_at", "applied_at", "uploaded_at")
    found = Import.objects.filter(state__in=Import.ENDED, cleared_at=None)
    return found.alias(over_at=ended).filter(over_at__lt=morning - ROWS_KEPT)


def _clear(key: int) -> bool:
    """One import, in one transaction. Its file goes before that is committed: of a process that dies an import is left
    which the next look clears, and never a file without one."""
    signature = SYSTEM.signature()
    with transaction.atomic():
        if not Import.objects.select_for_update(of=("self",)).filter(pk=key, pk__in=_over()).exists():
            return False
        with step(Import, key, version=None, signature=signature, action="clear_workbook", clause="") as taken:
            PlanRow.objects.filter(plan_id=key).delete()
            taken.record.set(cleared_at=now(), mends={}, remark="")
        let_go(taken.record.file_id, now())
    return True
