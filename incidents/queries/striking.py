"""Which rows of a record can be struck out, as a person tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from base.text import side_by_side
from base.wording import clock_time
from incidents.models import (
    STANDING,
    Attachment,
    Communication,
    Declaration,
    HandlingStep,
    KnowledgeLookup,
    Visit,
    Voidable,
)

LONGEST = 60
# The kinds of rows, by the word that stands before the key of one ("visit:12").
STRIKABLE: Mapping[str, type[Voidable]] = {
    "handlingstep": HandlingStep,
    "communication": Communication,
    "visit": Visit,
    "knowledgelookup": KnowledgeLookup,
    "attachment": Attachment,
}
KINDS = {
    "handlingstep": pgettext_lazy("entry", "handling step"),
    "communication": pgettext_lazy("entry", "contact with the customer"),
    "visit": pgettext_lazy("entry", "visit"),
    "knowledgelookup": pgettext_lazy("entry", "look-up"),
    "attachment": pgettext_lazy("entry", "file"),
}
# What a row says, from its columns by name.
SAYS: Mapping[str, Callable[[Mapping[str, object]], object]] = {
    "handlingstep": lambda row: row.get("what"),
    "communication": lambda row: row.get("text"),
    "visit": lambda row: row.get("place"),
    "knowledgelookup": lambda row: row.get("query"),
    "attachment": lambda row: row.get("name"),
}


def named_row(declaration: Declaration, name: str) -> Voidable | None:
    """The row of the record with that name; one statement."""
    kind, _colon, key = name.partition(":")
    model = STRIKABLE.get(kind)
    if model is None or not (key.isascii() and key.isdecimal()) or len(key) > 18:
        return None
    return model._default_manager.filter(declaration=declaration, pk=int(key)).first()


def strikable(declaration: Declaration) -> list[tuple[str, str]]:
    """Name and label of each row that a person wrote and that stands, newest first; a statement a kind."""
    found = [
        (row.at, f"{kind}:{row.pk}", side_by_side(str(KINDS[kind]), clock_time(row.at), _said(kind, row)))
        for kind, model in STRIKABLE.items()
        for row in model._default_manager.filter(STANDING, declaration=declaration, by__isnull=False)
    ]
    return [(name, label) for _at, name, label in sorted(found, key=lambda each: each[:2], reverse=True)]


def _said(kind: str, row: Voidable) -> str:
    text = " ".join(str(SAYS[kind](vars(row)) or _("without words")).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
