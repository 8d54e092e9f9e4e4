"""What the pages of this room share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from accounts.acting import Actor
from ledger.exceptions import Refused
from notifications.access import to_keep_channels

View = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def for_administrators(view: View) -> View:
    """Refuses everybody else, before anything is looked up."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        to_keep_channels(actor_of(request))
        return view(request, *args, **kwargs)

    return guarded


def tell(form: Form, refused: Refused) -> None:
    """Put the sentences of the refusal to their fields, and the others above the form."""
    for name, sentences in refused.errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, ValidationError(str(sentence)))
    if not refused.errors:
        form.add_error(None, ValidationError(str(refused.sentence)))


def number(text: str) -> int | None:
    """A key out of an address; None if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
