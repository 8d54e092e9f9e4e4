"""What was told, to whom and when it was delivered is proved by chains."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.models import Contact, User
from ledger.verification import whole
from notifications import outbox
from notifications.actions import Channel, deliver_due
from notifications.delivery import claims, run
from notifications.models import Batch, Notification
from notifications.proof import delivery_faults
from tests.notifications.test_outbox import AT, OPENING, warn


def unproved() -> list[str]:
    """Of messages and batches, for the people of these tests have no chains."""
    found = [str(fault) for fault in whole() if fault.stream.startswith(("notifications.", "messages:"))]
    return [*found, *(f"{name}: {what}" for name, what in delivery_faults())]


def test_a_message_of_no_step_has_a_batch_of_its_own(user: User, contact: Contact) -> None:
    assert warn(user, contact, channel="email") == 2
    assert warn(user, contact, channel="email") == 0
    assert Batch.objects.count() == 1
    assert unproved() == []


def test_only_new_messages_are_told_of(user: User, colleague: User, contact: Contact) -> None:
    warn(user)
    assert warn(user, colleague, contact) == 2
    assert unproved() == []


def test_a_message_that_no_entry_tells_of_is_named(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_tell", lambda new: None)
    warn(user)
    [message] = Notification.objects.all()
    assert unproved() == [f"notifications.notification:{message.pk}: no entry tells of the row"]


@pytest.mark.parametrize("how", [{"channel": "email"}, {"held_until": OPENING}])
def test_a_batch_tells_when_a_message_was_delivered(user: User, how: dict[str, object]) -> None:
    User.objects.update(email="liu@firm.example")
    warn(User.objects.get(), **how)
    assert deliver_due(OPENING) == 1
    [message] = Notification.objects.all()
    assert Batch.objects.latest("pk").delivered == {message.sent_at.isoformat(timespec="microseconds"): [message.pk]}
    assert unproved() == []
    Notification.objects.update(sent_at=AT)
    assert f"notifications.notification:{message.pk}: it was delivered at" in unproved()[0]


@pytest.mark.parametrize(("where", "how"), [(claims, {"channel": "email"}), (run, {"held_until": OPENING})])
def test_a_delivery_without_a_batch_is_named(
    user: User, monkeypatch: pytest.MonkeyPatch, where: object, how: dict[str, object]
) -> None:
    monkeypatch.setattr(where, "note_delivered", lambda keys, at: None)
    User.objects.update(email="liu@firm.example")
    warn(User.objects.get(), **how)
    assert deliver_due(OPENING) == 1
    [message] = Notification.objects.all()
    assert unproved() == [f"notifications.notification:{message.pk}: no batch tells that it was delivered"]


def test_a_late_result_tells_of_nothing(contact: Contact) -> None:
    Contact.objects.update(email="shen@bank.example")
    warn(Contact.objects.get(), channel="email")
    [row] = claims.claim((Channel.EMAIL,), 1)
    Notification.objects.update(attempts=2)
    assert claims.note([claims.Result(row, 1, claims.Sent())]) == 0
    assert not Batch.objects.exclude(delivered={}).exists()


def test_a_step_that_goes_back_leaves_no_batch(user: User) -> None:
    with transaction.atomic():
        warn(user)
        transaction.set_rollback(True)
    assert not Batch.objects.exists()
