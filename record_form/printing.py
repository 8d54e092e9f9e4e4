"""Taking a form out of the desk: every copy is written into the print log (R-DC-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from accounts.acting import Actor
from incidents.access import declaration_for_reading
from incidents.models import Declaration
from record_form.actions import record_print
from record_form.layout import Sheet, sheet
from record_form.models import FiledForm
from record_form.queries import form_of, head_of
from record_form.structure import ReviewSheet

ReviewOf = Callable[[Declaration], ReviewSheet | None]


def printed(
    actor: Actor, number: str, review_of: ReviewOf, printed_at: datetime, medium: Literal["page", "pdf"]
) -> tuple[Sheet, FiledForm | None]:
    """The form in the reader's language, written into the print log; raises `Declaration.DoesNotExist`."""
    declaration = declaration_for_reading(actor, number)
    head = head_of(declaration)
    form, filed = form_of(declaration, review=review_of(declaration), ledger_head=head)
    record_print(declaration, actor=actor, form=form, medium=medium)
    shown = sheet(
        form,
        printed_by=actor.user.get_full_name() if actor.user else "",
        printed_at=printed_at,
        ledger_head=head,
        is_intact=filed is None or filed.is_intact,
    )
    return shown, filed
