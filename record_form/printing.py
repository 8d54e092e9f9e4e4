"""Taking a form out of the desk: page, PDF and command show the same, and every copy is in the print log (R-DC-4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from accounts.actors import Actor
from incidents.access import declaration_for_reading
from incidents.models import Declaration
from record_form.actions import record_print
from record_form.glyphs import code_points
from record_form.layout import Sheet, sheet
from record_form.models import FiledForm
from record_form.pdf import render_pdf
from record_form.queries import form_of, head_of, without_glyph
from record_form.structure import ReviewSheet

ReviewOf = Callable[[Declaration], ReviewSheet | None]


@dataclass(frozen=True)
class Print:
    """A form as it was taken: the sheet, the frozen row that it was read from if the record is filed, and the PDF.

    `without_glyph` spells out the characters that the PDF prints by their code points.
    """

    sheet: Sheet
    filed: FiledForm | None
    pdf: bytes = b""
    without_glyph: str = ""


def printed(
    actor: Actor, number: str, review_of: ReviewOf, at: datetime, medium: Literal["page", "pdf", "file"]
) -> Print:
    """All nine sections in the active language, written into the print log; as PDF unless taken as a page.

    Raises `Declaration.DoesNotExist`, and `NotPrinted` if the PDF cannot be made: then nothing was taken.
    """
    declaration = declaration_for_reading(actor, number)
    head = head_of(declaration)
    form, filed = form_of(declaration, review=review_of(declaration), ledger_head=head)
    shown = sheet(
        form,
        printed_by=actor.user.get_full_name() if actor.user else actor.signature().name,
        printed_at=at,
        ledger_head=head,
        is_intact=filed is None or filed.is_intact,
    )
    pdf = b"" if medium == "page" else render_pdf(shown, printed_at=at)
    record_print(declaration, actor=actor, form=form, medium=medium)
    return Print(shown, filed, pdf, code_points("".join(without_glyph(form))))
