"""The job: goes on with every import that waits for work, from where it stands."""

from __future__ import annotations

import structlog
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actors import SYSTEM, Actor, actor_for
from base.heartbeat import beat
from ledger.actions import step
from ledger.exceptions import Refused
from workbook.actions.applying import carry_out
from workbook.actions.clearing import clear_imports
from workbook.actions.reading import make_plan
from workbook.actions.undoing import undo
from workbook.models import Import
from workbook.progress import Report, at_work

log = structlog.get_logger(__name__)
State = Import.State
# A job that dies so often dies of the file.
MOST_TRIES = 3
# Where an import goes back to when its job came to no end: nothing was written.
BACK = {State.READING: State.UNREADABLE, State.APPLYING: State.PLANNED, State.UNDOING: State.APPLIED}


def carry_on_imports() -> int:
    """Go on with every import that waits for a job, and clear those that ended long ago; how many came to an end. Any
    number of workers may do so."""
    waiting = Import.objects.filter(state__in=Import.BUSY).order_by("pk").values_list("pk", flat=True)
    ended = sum(carry_on(key) for key in list(waiting))
    clear_imports()
    beat("imports")
    return ended


def carry_on(key: int) -> bool:
    """Bring the open job of one import to its end; False where another process is at it.

    A process that dies leaves the import as it was, since all that a job writes is one transaction; the next look goes
    on with it, up to `MOST_TRIES` times.
    """
    with at_work(key) as report:
        if report is None:
            return False
        found = Import.objects.select_related("by", "file").get(pk=key)
        if found.state not in Import.BUSY:
            return False
        with override(found.language):
            _carry_on(found, report)
    return True


def _carry_on(found: Import, report: Report) -> None:
    if found.tries >= MOST_TRIES:
        _go_back(
            found, _("The work on it was broken off again and again. Nothing was written; tell the administrator.")
        )
        return
    Import.objects.filter(pk=found.pk).update(tries=F("tries") + 1)
    try:
        _work(found, actor_for(found.by), report)
    except Refused as refused:
        _go_back(found, "\n".join(str(reason.sentence) for reason in refused.all_reasons))
    except Exception:
        log.exception("import_failed", key=found.pk, state=found.state)
        _go_back(found, _("The work on it failed, and nothing was written. The log of the worker says why."))


def _work(found: Import, actor: Actor, report: Report) -> None:
    match found.state:
        case State.READING:
            make_plan(found, actor, report)
        case State.APPLYING:
            carry_out(found, actor, report)
        case State.UNDOING:
            undo(found, actor, report)


def _go_back(found: Import, remark: str) -> None:
    signature = SYSTEM.signature()
    with step(Import, found.pk, version=None, signature=signature, action="stop_workbook", clause="") as taken:
        if taken.record.state == found.state:
            taken.record.set(state=BACK[State(found.state)], remark=remark)
