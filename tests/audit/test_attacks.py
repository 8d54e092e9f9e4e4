"""Every class of tampering that we know of is named by `verify_ledger`, and a desk that nobody touched is not.

The desk is made and sealed once; each attack is rolled back. Of the copies of the checkpoints only the one outside
counts, as an auditor keeps it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from audit import actions as audit
from base.clock import set_clock
from escalation import actions as escalation
from incidents.actions import Call, Upload
from incidents.models import Declaration
from ledger import keys, triggers
from ledger.actions import append, seal
from ledger.signature import Signature
from notifications.actions import Channel, deliver_due, notify
from tests import scenes
from tests.audit.attacks import ATTACKS, Desk
from tests.audit.conftest import AUDITOR, with_finding
from tests.firm import SHEN_BANK_A, contact, staff

pytestmark = pytest.mark.django_db
LATER = scenes.MONDAY + timedelta(days=3)
SYSTEM = Signature(kind="system", key="system", name="test")


class WithScan(scenes.Scene):
    """Somebody whose calls come with a file."""

    def call(self, **changes: Any) -> Call:
        return super().call(attachments=[Upload("回执.txt", BytesIO("客户盖章回执".encode()))], **changes)


@pytest.fixture(scope="module")
def sealed(firm: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Path]:
    """A desk with records of every kind, sealed by three checkpoints, its guards gone; and its folder."""
    folder = tmp_path_factory.mktemp("desk")
    places = {"MEDIA_ROOT": folder / "files", "CHECKPOINT_COPY": folder / "copy", "CHECKPOINT_KEY_FILE": folder / "key"}
    with override_settings(**places):
        with set_clock(scenes.MONDAY):
            seal()
            filed, is_open = _records()
            seal()
        with set_clock(LATER):
            assert escalation.sweep() > 0
            assert deliver_due(LATER) > 0
            _write_to_customer(is_open)
            seal()
            append("late:1", signature=SYSTEM, action="begin", payload={})
            seal()
        stolen = keys.read(folder / "key")
        (folder / "public").write_text(keys.public(stolen))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    triggers.drop()
    return Desk(filed=filed, open=is_open, stolen=stolen, copy=folder / "copy"), folder


def _records() -> tuple[Declaration, Declaration]:
    scene = scenes.Scene()
    filed = WithScan().filed()
    with_finding(audit.start_review(filed.pk, actor=staff(AUDITOR)))
    scene.countersigned()
    scene.handed_over()
    scene.waiting()
    return filed, scene.handled("severe", "medium")


def _write_to_customer(declaration: Declaration) -> None:
    """A letter that waits for its delivery."""
    recipients, text = [contact(SHEN_BANK_A)], "我们仍在处理。"
    about = {"stream": declaration.stream, "number": declaration.number, "data": {}}
    assert notify("warning.trend", recipients=recipients, channel=Channel.EMAIL, text=text, **about) == 1


@pytest.fixture
def desk(sealed: tuple[Desk, Path], settings: Any, tmp_path: Path) -> Iterator[Desk]:
    """The same desk for one thief, with files of his own."""
    made, folder = sealed
    shutil.copytree(folder / "files", tmp_path / "stored")
    shutil.copy(folder / "copy", tmp_path / "copy")
    settings.MEDIA_ROOT, settings.CHECKPOINT_COPY = tmp_path / "stored", tmp_path / "copy"
    settings.CHECKPOINT_KEY_FILE = folder / "key"
    shutil.copy(folder / "public", tmp_path / "public")
    with transaction.atomic(), set_clock(LATER + timedelta(minutes=1)):
        yield Desk(filed=made.filed, open=made.open, stolen=made.stolen, copy=tmp_path / "copy")
        transaction.set_rollback(True)


def named(desk: Desk) -> str:
    """What `verify_ledger` complains of, with the public key and the copy from outside."""
    complaints = StringIO()
    given = ("--public-key", str(desk.copy.with_name("public")), "--copy", str(desk.copy))
    with suppress(CommandError):
        call_command("verify_ledger", *given, stdout=StringIO(), stderr=complaints)
    return complaints.getvalue()


def test_a_desk_that_nobody_touched_is_not_named(desk: Desk) -> None:
    assert named(desk) == ""


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_class_of_tampering_is_named(desk: Desk, attack: str) -> None:
    ATTACKS[attack](desk)
    assert named(desk) != ""


def test_an_older_database_shows_only_against_the_copy_outside(desk: Desk) -> None:
    ATTACKS["older database put back"](desk)
    lines = desk.copy.read_text().splitlines(keepends=True)
    desk.copy.write_text("".join(lines[:-1]))
    assert named(desk) == ""
