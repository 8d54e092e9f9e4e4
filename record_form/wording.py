"""The sentences of the form that are neither a label nor a value."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from procedure.queries import Words
from record_form.formatting import both
from record_form.structure import FormRow

# What the document's header says in Chinese only.
IN_ENGLISH = {"受控": "Controlled", "作废": "Withdrawn", "内部": "Internal"}


def form_title() -> Words:
    return both(pgettext_lazy("form", "Incident Record Form"))


def of_header(chinese: str) -> Words:
    """A word of the document's header."""
    return Words(chinese, IN_ENGLISH.get(chinese, chinese))


def not_filled_in(row: FormRow) -> str:
    """The sentence for a row that is obligatory and not filled in."""
    return _("Row %(number)s, “%(label)s”, is not filled in; it is for: %(by)s.") % {
        "number": row.number,
        "label": row.label,
        "by": row.by,
    }
