"""What changed is sealed, and whatever is altered in or under the seals is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from base import pokes
from base.clock import now
from base.models import Heartbeat
from ledger import copies, keys, numbers, queries
from ledger.actions import append, checkpoints, seal, seal_soon, step
from ledger.actions.chains import Act, compose
from ledger.actions.checkpoints import Backdated, NotAfterARestore, OtherKey, accept_restore, replace_lost_key, rotate
from ledger.canonical import canonical, digest
from ledger.copies import RolledBack
from ledger.exceptions import ClockBehind
from ledger.management.commands import verify_ledger
from ledger.merkle import merkle_root
from ledger.models import FIRST, Checkpoint, Entry, Payload, SealedHead, SentForm, Unsealed
from ledger.queries import Head, head, head_lines, history, sealed_by
from ledger.triggers import lifted
from tests.ledger.conftest import HEAD
from tests.ledger.house import Order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key(settings: Any, tmp_path: Path) -> str:
    """The desk's own key of this test; answers its public half."""
    settings.CHECKPOINT_KEY_FILE = tmp_path / "checkpoint_key"
    return keys.public(keys.signing_key())


@pytest.fixture
def sealed(order: Order) -> Order:
    """An order whose three entries are covered by two checkpoints."""
    seal()
    for title in ("B", "C"):
        name(order, title)
    seal()
    return order


def name(order: Order, title: str) -> None:
    with step(Order, order.pk, version=None, signature=HEAD, action="name", clause="1.2") as taken:
        taken.record.title = title


def tamper(sql: str, *params: object) -> None:
    with lifted(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert cursor.rowcount > 0


def told(*arguments: str) -> str:
    """What `manage.py verify_ledger` complains of; nothing when everything fits."""
    complaints = StringIO()
    try:
        call_command("verify_ledger", *arguments, stdout=StringIO(), stderr=complaints)
    except CommandError:
        assert complaints.getvalue()
    return complaints.getvalue()


def last() -> Checkpoint:
    return Checkpoint.objects.latest("number")


# Sealing


def test_the_heads_that_changed_are_sealed_and_nothing_else(sealed: Order) -> None:
    first, second = Checkpoint.objects.order_by("number")
    assert (first.number, first.previous_root) == (1, FIRST)
    assert (second.number, second.previous_root, second.entries) == (2, first.root, 2)
    [changed] = second.sealed_heads.all()
    assert (changed.stream, changed.sequence, changed.hash) == (sealed.stream, 3, head(sealed.stream).hash)
    assert not Unsealed.objects.exists()


def test_with_nothing_changed_no_checkpoint_is_made_at_the_price_of_one_look(
    sealed: Order, count_queries: Callable[..., int]
) -> None:
    assert seal() == 0
    # The copy's end, its lines, the last checkpoint, what waits; the copy again; what is left out; the sign of life.
    assert count_queries(seal) == 9
    assert Checkpoint.objects.count() == 2


def test_the_cost_is_what_changed_not_what_there_is(order: Order, count_queries: Callable[..., int]) -> None:
    seal()
    name(order, "x")
    few = count_queries(seal)
    for number in range(30):
        append(f"other:{number}", signature=HEAD, action="begin", payload={})
    seal()
    name(order, "y")
    assert count_queries(seal) == few


def test_a_backlog_is_sealed_in_several_checkpoints(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    seal()
    monkeypatch.setattr(checkpoints, "AT_ONCE", 4)
    for number in range(10):
        append(f"other:{number}", signature=HEAD, action="begin", payload={})
    assert seal() == 3
    assert list(Checkpoint.objects.order_by("number").values_list("entries", flat=True))[1:] == [4, 4, 2]
    assert told() == ""


def test_root_and_signature_can_be_checked_by_hand(sealed: Order, key: str) -> None:
    second = last()
    assert digest(second.body) == second.root
    body = json.loads(second.body)
    assert (body["previous_root"], body["heads"]) == (second.previous_root, 1)
    assert body["heads_root"] == merkle_root(head_lines([(sealed.stream, 3, head(sealed.stream).hash)]))
    assert keys.is_signed(second.body, by=key, signature=second.signature)
    assert not keys.is_signed(second.body + " ", by=key, signature=second.signature)
    assert not keys.is_signed(second.body, by=key, signature="no signature")


def test_an_entry_knows_its_checkpoint(sealed: Order) -> None:
    assert sealed_by(sealed.stream, 1).number == 1
    assert sealed_by(sealed.stream, 2).number == sealed_by(sealed.stream, 3).number == 2
    name(sealed, "D")
    assert sealed_by(sealed.stream, 4) is None


def test_sealing_is_a_sign_of_life(order: Order) -> None:
    seal()
    assert Heartbeat.objects.filter(job="checkpoint").exists()


@pytest.mark.parametrize("table", ["ledger_checkpoint", "ledger_sealedhead"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_nothing_that_is_sealed_is_changed_or_deleted(sealed: Order, table: str, change: str) -> None:
    column = "heads = 7" if table == "ledger_checkpoint" else "sequence = 7"
    with pytest.raises(IntegrityError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table, column))


def test_a_step_that_wants_it_sealed_at_once_says_so_after_its_transaction(
    order: Order, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(pokes.current_app, "send_task", lambda name, **options: sent.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            seal_soon()
        assert sent == []
    assert sent == ["ledger.tasks.seal"]


def test_a_broker_that_is_away_stops_nobody(
    order: Order, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(*args: object, **options: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(pokes.current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        seal_soon()
    assert len(callbacks) == 1


@settings(deadline=None)
@given(st.lists(st.binary(max_size=4), max_size=9), st.lists(st.binary(max_size=4), max_size=9))
def test_other_lines_have_another_root(some: list[bytes], others: list[bytes]) -> None:
    assert (merkle_root(some) == merkle_root(others)) == (some == others)


# Tampering


def test_clean_data_fit(sealed: Order, tmp_path: Path, key: str) -> None:
    (tmp_path / "public").write_text(f"# handed over on paper\n{key}  # since 2026\n")
    assert told("--public-key", str(tmp_path / "public")) == ""
    name(sealed, "D")
    assert told() == ""


def test_a_tail_cut_off_after_sealing_is_named(sealed: Order) -> None:
    gone = head(sealed.stream)
    tamper("DELETE FROM ledger_payload WHERE entry_id = %s", gone.pk)
    tamper("DELETE FROM ledger_entry WHERE id = %s", gone.pk)
    assert f"{sealed.stream} entry 3: checkpoint 2 sealed this entry, and it is not there as it was" in told()
    assert "sealed this entry" in told("--stream", sealed.stream)


def test_a_tail_cut_off_before_sealing_is_named(sealed: Order) -> None:
    name(sealed, "D")
    gone = head(sealed.stream)
    tamper("DELETE FROM ledger_payload WHERE entry_id = %s", gone.pk)
    tamper("DELETE FROM ledger_entry WHERE id = %s", gone.pk)
    assert f"entry {gone.pk}: it waited for its checkpoint and is gone" in told()


def test_a_chain_written_anew_from_its_middle_is_named(sealed: Order) -> None:
    """Every hash of the forged chain is right; only the checkpoint knows the other one."""
    second, third = history(sealed.stream)[1:]
    body = canonical(json.loads(second.body) | {"actor_name": "somebody else"})
    new = digest(body)
    change = "UPDATE ledger_entry SET body = %s, hash = %s, actor_name = %s, previous_hash = %s WHERE id = %s"
    tamper(change, body, new, "somebody else", second.previous_hash, second.pk)
    body = canonical(json.loads(third.body) | {"previous_hash": new})
    tamper(change, body, digest(body), third.actor_name, new, third.pk)
    assert told() == f"  {sealed.stream} entry 3: checkpoint 2 sealed this entry, and it is not there as it was\n"


def test_a_whole_chain_that_is_gone_is_named(sealed: Order) -> None:
    append("other:1", signature=HEAD, action="begin", payload={})
    seal()
    gone = head("other:1")
    tamper("DELETE FROM ledger_payload WHERE entry_id = %s", gone.pk)
    tamper("DELETE FROM ledger_entry WHERE id = %s", gone.pk)
    assert "other:1 entry 1: checkpoint 3 sealed this entry" in told()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE ledger_checkpoint SET heads = 7 WHERE number = 2", "the columns heads differ from the body"),
        ("UPDATE ledger_checkpoint SET root = key WHERE number = 2", "the body does not have the stored root"),
        ("UPDATE ledger_checkpoint SET signature = root || root WHERE number = 2", "the signature is wrong"),
        ("UPDATE ledger_sealedhead SET hash = 'x' WHERE checkpoint_id = 2", "its heads are not those that were signed"),
        ("DELETE FROM ledger_sealedhead WHERE checkpoint_id = 2", "its heads are not those that were signed"),
        ("UPDATE ledger_sealedhead SET sequence = 2 WHERE checkpoint_id = 2", "its heads are not those"),
    ],
)
def test_an_altered_checkpoint_is_named(sealed: Order, change: str, what: str) -> None:
    tamper(change)
    assert f"checkpoint:2: {what}" in told()


def rewritten(**changes: object) -> None:
    """The last checkpoint with other contents, by somebody who knows how its root is made and has no key."""
    body = canonical(json.loads(last().body) | changes)
    columns = ", ".join(f"{name} = %s" for name in changes)
    change = f"UPDATE ledger_checkpoint SET body = %s, root = %s, {columns} WHERE number = 2"
    tamper(change, body, digest(body), *changes.values())


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"previous_root": "1" * 64}, "it does not follow the checkpoint before it"),
        ({"at": "2000-01-01T00:00:00.000000+00:00"}, "it is dated before the checkpoint that it follows"),
    ],
)
def test_a_checkpoint_written_anew_is_named(sealed: Order, changes: dict[str, object], what: str) -> None:
    rewritten(**changes)
    assert f"checkpoint:2: {what}" in told()


def test_a_checkpoint_that_is_no_json_is_named(sealed: Order) -> None:
    tamper("UPDATE ledger_checkpoint SET body = 'x', root = %s WHERE number = 2", digest("x"))
    assert "checkpoint:2: the body cannot be read" in told()


def test_the_command_shows_how_far_it_is(sealed: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_ledger, "PROGRESS_EVERY", 1)
    said = StringIO()
    call_command("verify_ledger", "--unsealed-minutes", "10000000", stdout=said)
    assert f"  {Entry.objects.count():,}\n" in said.getvalue()
    assert "  2 of 2\n" in said.getvalue()


def test_a_head_put_beside_a_checkpoint_is_named(sealed: Order) -> None:
    SealedHead.objects.create(checkpoint=last(), stream="other:1", sequence=1, hash=FIRST)
    assert "checkpoint:2: its heads are not those that were signed" in told()


def forget(number: int) -> None:
    with lifted():
        SealedHead.objects.filter(checkpoint=number).delete()
        Checkpoint.objects.filter(number=number).delete()


def test_a_checkpoint_that_is_gone_is_named(sealed: Order) -> None:
    forget(1)
    assert "checkpoint:2: checkpoint 1 is missing" in told()


def test_the_newest_checkpoint_gone_is_named_by_the_copy(sealed: Order) -> None:
    forget(2)
    assert "checkpoint:2: the copy knows it and the database does not: an older database was put back" in told()


def test_the_newest_checkpoint_gone_is_named_without_a_copy_too_once_its_entries_are_old(
    sealed: Order, clock: Any
) -> None:
    forget(2)
    copies.path().unlink()
    assert told() == ""
    clock.set(now() + timedelta(minutes=11))
    assert f"{sealed.stream} entry 2: no checkpoint covers it, and it is older than 10 minutes" in told()


def test_an_entry_smuggled_past_the_sealing_is_named_once_it_is_old(sealed: Order, clock: Any) -> None:
    name(sealed, "D")
    tamper("DELETE FROM ledger_unsealed WHERE 1 = 1")
    assert seal() == 0
    clock.set(now() + timedelta(minutes=11))
    assert f"{sealed.stream} entry 4: no checkpoint covers it" in told()
    assert told("--unsealed-minutes", "12") == ""


def test_a_forger_with_a_key_of_his_own_is_named(sealed: Order, settings: Any, tmp_path: Path, key: str) -> None:
    forget(2)
    settings.CHECKPOINT_KEY_FILE = tmp_path / "forged"
    settings.CHECKPOINT_COPY = tmp_path / "forged.jsonl"
    Unsealed.objects.create(entry=head(sealed.stream))
    checkpoints._seal(keys.signing_key(), is_heir=True)
    assert f"checkpoint:2: the key {last().key} is not the one that was expected" in told()


def test_all_checkpoints_forged_with_another_key_show_to_who_has_the_public_key(
    sealed: Order, settings: Any, tmp_path: Path, key: str
) -> None:
    (tmp_path / "public").write_text(key)
    forget(2)
    forget(1)
    settings.CHECKPOINT_KEY_FILE, settings.CHECKPOINT_COPY = tmp_path / "forged", tmp_path / "forged.jsonl"
    for entry in Entry.objects.all():
        Unsealed.objects.create(entry=entry)
    seal()
    assert told() == ""
    assert f"checkpoint:1: the key {last().key} is not the one" in told("--public-key", str(tmp_path / "public"))


def test_a_file_that_holds_no_public_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("ssh-ed25519 AAAA")
    with pytest.raises(CommandError, match="64 hexadecimal digits"):
        call_command("verify_ledger", "--public-key", str(tmp_path / "public"), stdout=StringIO())


# The copy outside


def test_every_checkpoint_is_copied_once(sealed: Order) -> None:
    seal()
    assert [line.end for line in copies.lines(copies.path())] == [
        (one.number, one.root) for one in Checkpoint.objects.order_by("number")
    ]


def test_a_copy_that_was_cut_is_made_whole(sealed: Order) -> None:
    whole = copies.path().read_bytes()
    copies.path().write_bytes(whole[:-40])
    seal()
    assert copies.path().read_bytes().splitlines()[-1] == whole.splitlines()[-1]
    assert len(list(copies.lines(copies.path()))) == 2
    assert told() == ""


def test_an_old_database_put_back_is_noticed_and_nothing_is_sealed(sealed: Order) -> None:
    forget(2)
    name(sealed, "instead of B and C")
    with pytest.raises(RolledBack, match="does not have checkpoint 2"):
        seal()
    assert last().number == 1


def test_another_history_of_the_same_length_is_noticed(sealed: Order, settings: Any, tmp_path: Path) -> None:
    kept = settings.CHECKPOINT_COPY
    forget(2)
    name(sealed, "instead of B and C")
    settings.CHECKPOINT_COPY = tmp_path / "another.jsonl"
    seal()
    settings.CHECKPOINT_COPY = kept
    assert "checkpoint:2: the copy knows another one of this number" in told()
    with pytest.raises(RolledBack):
        seal()


def test_a_restore_on_purpose_goes_on_and_stays_visible(sealed: Order) -> None:
    forget(2)
    accept_restore("disk failure, backup of the night")
    assert told() == ""
    assert history("checkpoints").get().action == "restored"
    words = [line.data for line in copies.lines(copies.path())]
    assert [word["kind"] for word in words] == ["checkpoint", "checkpoint", "restored", "checkpoint"]
    assert (words[2]["to"], words[2]["lost"], words[2]["reason"]) == (1, 2, "disk failure, backup of the night")
    assert seal() == 0
    for _run in range(2):
        said = run("verify_ledger")
        assert 'in the ledger, restored: {"from":1,"lost":2,"reason":"disk failure, backup of the night"}' in said
        assert "in the copy, restored to 1, lost up to 2: disk failure, backup of the night" in said
        assert said.endswith("Everything fits, but know what was declared.\n")


def test_there_is_no_restore_to_accept_without_one(sealed: Order) -> None:
    with pytest.raises(NotAfterARestore):
        accept_restore("I should like to")


def test_no_restore_explains_another_history(sealed: Order) -> None:
    tamper("UPDATE ledger_checkpoint SET root = key WHERE number = 2")
    with pytest.raises(NotAfterARestore):
        accept_restore("I should like to")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("disk failure", "nothing failed", "the signature of restored 1 is wrong"),
        ('"signature":"', '"signature":"00', "is wrong"),
    ],
)
def test_an_altered_copy_is_named(sealed: Order, old: str, new: str, what: str) -> None:
    forget(2)
    accept_restore("disk failure")
    text = copies.path().read_text()
    copies.path().write_text(text.replace(old, new, 1))
    assert what in told()


def test_a_copy_with_a_line_missing_is_named(sealed: Order) -> None:
    name(sealed, "D")
    seal()
    first, _second, third = copies.path().read_text().splitlines()
    copies.path().write_text(f"{first}\n{third}\n")
    assert "copy: checkpoint 3 does not follow 1" in told()


def test_a_copy_that_lags_behind_is_named_once_it_should_not(sealed: Order, clock: Any) -> None:
    kept = copies.path().read_text().splitlines()[0]
    copies.path().write_text(f"{kept}\n")
    assert told() == ""
    clock.set(now() + timedelta(minutes=11))
    assert "checkpoint:2: the copy does not know it" in told()


def test_a_copy_that_is_not_there_is_an_error_only_when_it_was_named(sealed: Order, tmp_path: Path) -> None:
    assert "No such file" in told("--copy", str(tmp_path / "elsewhere"))
    copies.path().unlink()
    assert told() == ""


def test_nothing_is_sealed_beside_a_copy_that_is_none(sealed: Order) -> None:
    copies.path().write_text("nonsense\n")
    name(sealed, "D")
    with pytest.raises(RolledBack, match="no copy of checkpoints"):
        seal()


def test_without_a_copy_no_number_is_known_to_have_been_given(sealed: Order) -> None:
    copies.path().unlink()
    assert numbers.known() == {}


def test_a_refusal_of_the_database_that_no_race_explains_is_raised(
    sealed: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise IntegrityError("number is out of range")

    name(sealed, "D")
    monkeypatch.setattr(checkpoints, "_write", refuse)
    with pytest.raises(IntegrityError, match="out of range"):
        seal()


def test_rows_say_what_they_are() -> None:
    rows = (
        Entry(stream="order:1", sequence=2, action="close"),
        Payload(entry_id=7),
        Unsealed(entry_id=7),
        Checkpoint(number=3),
        SealedHead(stream="order:1", sequence=2),
        SentForm(key="a1"),
    )
    assert [str(row) for row in rows] == ["order:1 #2 close", "7", "7", "checkpoint 3", "order:1 #2", "a1"]


def test_nonsense_in_the_copy_is_named(sealed: Order) -> None:
    copies.path().write_text("nonsense\n" + copies.path().read_text())
    assert "copy: line 1 cannot be read" in told()


# The key


def test_without_a_key_nothing_is_sealed(order: Order, settings: Any) -> None:
    settings.CHECKPOINT_KEY_FILE = ""
    with pytest.raises(ImproperlyConfigured, match="make-secrets"):
        seal()


def test_production_makes_no_key_by_itself(order: Order, settings: Any, tmp_path: Path) -> None:
    settings.EMBEDDED, settings.CHECKPOINT_KEY_FILE = False, tmp_path / "none"
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        seal()


def test_a_bad_key_is_refused_and_not_shown(order: Order, settings: Any, tmp_path: Path) -> None:
    settings.CHECKPOINT_KEY_FILE = tmp_path / "bad"
    (tmp_path / "bad").write_text("sesame")
    with pytest.raises(ImproperlyConfigured) as refusal:
        seal()
    assert "sesame" not in str(refusal.value)


def test_the_embedded_key_is_for_its_owner_only_and_made_once(settings: Any, tmp_path: Path, key: str) -> None:
    assert settings.CHECKPOINT_KEY_FILE.stat().st_mode & 0o777 == 0o600
    keys.make(settings.CHECKPOINT_KEY_FILE)
    assert keys.public(keys.signing_key()) == key
    assert [path.name for path in tmp_path.glob("checkpoint_key*")] == ["checkpoint_key"]


def test_a_new_key_is_named_by_the_old_one_and_then_the_only_one(
    sealed: Order, settings: Any, tmp_path: Path, key: str
) -> None:
    new = tmp_path / "new_key"
    keys.make(new)
    made = rotate(keys.read(new))
    assert (made.key, made.next_key) == (key, keys.public(keys.read(new)))
    name(sealed, "D")
    with pytest.raises(OtherKey, match="right key into CHECKPOINT_KEY_FILE"):
        seal()
    settings.CHECKPOINT_KEY_FILE = new
    seal()
    assert last().key == made.next_key
    (tmp_path / "public").write_text(key)
    assert told("--public-key", str(tmp_path / "public")) == ""
    assert f"hands over to the key {made.next_key}" in run("verify_ledger")


def test_a_key_that_nobody_named_seals_nothing(sealed: Order, settings: Any, tmp_path: Path) -> None:
    settings.CHECKPOINT_KEY_FILE = tmp_path / "found_somewhere"
    name(sealed, "D")
    with pytest.raises(OtherKey):
        seal()


def test_after_a_lost_key_every_verifier_has_to_be_told(sealed: Order, settings: Any, tmp_path: Path, key: str) -> None:
    settings.CHECKPOINT_KEY_FILE = tmp_path / "replacement"
    made = replace_lost_key("safe burnt down")
    assert history("checkpoints").get().action == "key_lost"
    assert f"checkpoint:{made.number}: the key {made.key} is not the one that was expected" in told()
    (tmp_path / "public").write_text(f"{key}\n{made.key}\n")
    assert told("--public-key", str(tmp_path / "public")) == ""
    said = run("verify_ledger", "--public-key", str(tmp_path / "public"))
    assert f"is signed with the key {made.key}, which no earlier key names" in said
    assert 'key_lost: {"reason":"safe burnt down"}' in said
    assert "but know what was declared" in said


def test_not_sealed_in_time_and_altered_are_two_sentences(sealed: Order, clock: Any) -> None:
    name(sealed, "D")
    clock.advance(minutes=11)
    with pytest.raises(CommandError, match=r"^1 chains wait too long .* Nothing was found altered\.$"):
        run("verify_ledger")
    tamper("UPDATE house_order SET title = 'X'")
    append("other:1", signature=HEAD, action="begin", payload={})
    tamper("UPDATE ledger_entry SET role = 'x' WHERE stream = %s", "other:1")
    with pytest.raises(CommandError, match=r"^1 places do not fit: something was altered\. 1 chains wait too long"):
        run("verify_ledger")


# The commands


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_commands_do_what_the_actions_do(order: Order, settings: Any, tmp_path: Path, key: str) -> None:
    assert run("seal_ledger") == "1 checkpoints made; the last one is 1\n"
    assert run("checkpoint_key", "show") == f"{key}\n"
    keys.make(tmp_path / "new_key")
    assert "names the new key" in run("checkpoint_key", "rotate", str(tmp_path / "new_key"))
    with pytest.raises(CommandError, match="leaves the ledger to the key"):
        run("checkpoint_key", "rotate", str(tmp_path / "new_key"))
    settings.CHECKPOINT_KEY_FILE = tmp_path / "another"
    assert "no earlier key names" in run("checkpoint_key", "lost", "the safe burnt down")
    forget(3)
    with pytest.raises(CommandError, match="after-restore"):
        run("seal_ledger")
    settings.CHECKPOINT_KEY_FILE = tmp_path / "new_key"
    assert "the last one is 3" in run("seal_ledger", "--after-restore", "backup of the night")


# Time runs forwards


def test_an_entry_is_not_dated_before_the_one_that_it_follows(order: Order, clock: Any) -> None:
    clock.advance(hours=-1)
    with pytest.raises(ClockBehind, match="Have the administrator put the clock right"):
        name(order, "B")
    assert Order.objects.get().title == "A4 paper"


def test_the_clocks_of_two_machines_may_differ_a_little(order: Order, clock: Any) -> None:
    began = head(order.stream).at
    clock.set(began - timedelta(seconds=3))
    name(order, "B")
    assert head(order.stream).at == began
    assert order.stream not in told()


def test_no_checkpoint_is_dated_before_the_last(sealed: Order, clock: Any) -> None:
    append("other:1", signature=HEAD, action="begin", payload={})
    clock.set(last().at - timedelta(hours=1))
    with pytest.raises(ClockBehind):
        seal()


def forged(stream: str, at: datetime) -> None:
    """An entry as a thief of the database could write it: correctly hashed, dated as he likes, waiting to be sealed."""
    follows = head(stream)
    act = Act(stream, "forge", "1.2", {"facts": {}})
    composed = compose(follows and Head(1, stream, follows.sequence, follows.hash, at), act, HEAD, at)
    entry = Entry.objects.create(**composed.columns)
    Payload.objects.create(entry=entry, salt=composed.salt, content=composed.content)
    Unsealed.objects.create(entry=entry)


@pytest.mark.parametrize(("stream", "hours"), [("order", 1), ("other:1", 1)])
def test_a_backdated_entry_is_not_signed_and_the_others_are(sealed: Order, stream: str, hours: int) -> None:
    stream = sealed.stream if stream == "order" else stream
    forged(stream, now() - timedelta(hours=hours))
    append("other:2", signature=HEAD, action="begin", payload={})
    with pytest.raises(Backdated, match=stream):
        seal()
    assert set(last().sealed_heads.values_list("stream", flat=True)) == {"other:2"}
    assert [row.entry.stream for row in Unsealed.objects.select_related("entry")] == [stream]


@pytest.mark.parametrize(
    ("stream", "what"),
    [("order", "dated before the entry that it follows"), ("other:1", "dated before the checkpoint before 3")],
)
def test_one_that_was_signed_all_the_same_is_named(
    sealed: Order, monkeypatch: pytest.MonkeyPatch, stream: str, what: str
) -> None:
    """The fence is taken away: this is what a worker of the version before did."""
    stream = sealed.stream if stream == "order" else stream
    forged(stream, now() - timedelta(hours=1))
    monkeypatch.setattr(queries, "_is_backdated", lambda at, follows, since: False)
    monkeypatch.setattr(checkpoints, "backdated", lambda since: [])
    assert seal() == 1
    assert f"{stream} entry" in told()
    assert what in told()


def test_an_action_that_took_longer_than_the_time_between_checkpoints_is_not_backdated(sealed: Order) -> None:
    forged("other:1", last().at - timedelta(seconds=1))
    assert seal() == 1
    assert told() == ""


def test_a_backlog_that_takes_several_checkpoints_is_not_backdated(
    sealed: Order, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "AT_ONCE", 4)
    for number in range(10):
        append(f"other:{number}", signature=HEAD, action="begin", payload={})
    clock.advance(hours=3)
    assert seal() == 3
    append("other:11", signature=HEAD, action="begin", payload={})
    assert seal() == 1
    assert told() == ""
