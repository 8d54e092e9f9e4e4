"""A form counts once: whoever sends the same opened form a second time saves nothing (back button, two presses).

The page gives each form that it opens a key of its own. The first action that succeeds with it enters the key in its
transaction; a unique constraint refuses the second, whenever and however near at hand it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError

from base.clock import now
from ledger.exceptions import AlreadySaved
from ledger.models import SentForm

# A form that was opened so long ago is nobody's any more: sign-ins end sooner.
KEPT = timedelta(days=30)


@dataclass
class OpenedForm:
    """One form as one person opened it; `counted` once an action has saved what it brought."""

    person: str
    key: str
    counted: bool = False

    def saved(self) -> SentForm | None:
        """When it was saved before, if it was; one row."""
        return SentForm.objects.filter(person=self.person, key=self.key).first()


_sent: ContextVar[OpenedForm | None] = ContextVar("sent_form", default=None)


@contextmanager
def sending(form: OpenedForm | None) -> Iterator[None]:
    """Whatever is written inside was sent by this form."""
    token = _sent.set(form)
    try:
        yield
    finally:
        _sent.reset(token)


@contextmanager
def counting() -> Iterator[None]:
    """Around the outermost transaction: what is rolled back did not count, and the form may be sent again."""
    form = _sent.get()
    before = form.counted if form else False
    try:
        yield
    except BaseException:
        if form:
            form.counted = before
        raise


def count_form(stream: str) -> None:
    """Enter the form that is being sent, inside the transaction of what it writes, which `AlreadySaved` must leave."""
    form = _sent.get()
    if form is None or form.counted:
        return
    try:
        SentForm.objects.create(person=form.person, key=form.key, at=now(), stream=stream)
    except IntegrityError:
        raise AlreadySaved from None
    form.counted = True


def forget_sent_forms(person: str) -> None:
    """Drop the keys of forms that the person cannot have open any more."""
    SentForm.objects.filter(person=person, at__lt=now() - KEPT).delete()
