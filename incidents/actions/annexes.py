"""What is added to a closed record, which itself stays as it is (R-5.4.7-4)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from base.clock import now
from base.wording import clock_time
from files.actions import Kept
from incidents.actions.attachments import Upload, keep_upload
from incidents.actions.notices import notify_of
from incidents.actions.steps import require, working
from incidents.models import Annex, Declaration
from ledger.exceptions import NotPossible


def return_for_completion(declaration_id: int, *, version: int | None, actor: Actor, missing: str) -> Declaration:
    """The custodian sends a closed record back; what is missing is added as an annex (T25)."""
    with working(declaration_id, "return_for_completion", version=version, actor=actor) as step:
        require(missing=None if missing.strip() else _("Say what is missing."))
        step.add(_annex(step.record, actor, Annex.Kind.MISSING, missing))
        step.record.return_for_completion(completion_asked_at=now())
        notify_of(step.record, "incident.returned", [step.record.desk])
    return step.record


def add_annex(declaration_id: int, *, actor: Actor, text: str, scan: Upload | None = None) -> Declaration:
    """Add a dated annex beside a closed or filed record, which itself stays as it is (R-5.4.7-4).

    No version tells two presses of the button apart, so the same text with the same file is refused.
    """
    with working(
        declaration_id, "add_annex", version=None, actor=actor, bump=False, uploads=filter(None, [scan])
    ) as step:
        require(text=None if text.strip() else _("Write the addition."))
        stored = keep_upload(scan, "scan") if scan else None
        _refuse_again(step.record, text, stored)
        step.add(_annex(step.record, actor, Annex.Kind.ADDITION, text, stored))
        step.record.add_annex()
    return step.record


def _refuse_again(declaration: Declaration, text: str, stored: Kept | None) -> None:
    file = stored.file if stored else None
    same = declaration.annex_rows.filter(text=text, file=file, kind=Annex.Kind.ADDITION).first()
    if same is not None:
        raise NotPossible(
            _("This annex is there already, since %(time)s. Write what is new.") % {"time": clock_time(same.at)},
            clause="5.4.7",
        )


def _annex(declaration: Declaration, actor: Actor, kind: str, text: str, stored: Kept | None = None) -> Annex:
    return Annex(
        declaration=declaration,
        by=actor.user,
        at=now(),
        kind=kind,
        text=text,
        file=stored.file if stored else None,
        name=stored.name if stored else "",
    )
