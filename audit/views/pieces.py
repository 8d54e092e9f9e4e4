"""What the pages of the review share."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Role
from ledger.exceptions import NotPermitted, Refused


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def require_auditor(actor: Actor) -> None:
    """Raise NotPermitted for everybody else."""
    if not actor.holds(Role.AUDITOR):
        raise NotPermitted(_("Only the service improvement group reviews records."), clause="6")


def tell(form: Form, refused: Refused) -> None:
    """Put what an action refused to the fields of the form, or above them."""
    for name, sentences in refused.errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, ValidationError(str(sentence)))
    if not refused.errors:
        form.add_error(None, ValidationError(str(refused.sentence)))
