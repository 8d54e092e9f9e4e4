"""Whatever is altered behind the guards is named."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger.actions import append, step
from ledger.canonical import canonical, digest
from ledger.models import Entry
from ledger.queries import content, head, history
from ledger.triggers import lifted
from ledger.verification import Fault, compare, everything, replayed, verify
from tests.ledger.conftest import HEAD
from tests.ledger.house import HOUSE_MODELS, Line, Order


@pytest.fixture
def chain(order: Order) -> Order:
    """An order with four entries and a line."""
    for title in ("B", "C", "D"):
        with step(Order, order.pk, version=None, signature=HEAD, action="name", clause="1.2") as taken:
            taken.record.title = title
            taken.add(Line(order=taken.record, text=title))
    assert list(verify()) == []
    assert compare(order) is None
    return order


def tamper(sql: str, *params: object) -> None:
    with lifted(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert cursor.rowcount == 1


def entry(order: Order, sequence: int) -> Entry:
    return history(order.stream).get(sequence=sequence)


def first_fault(order: Order) -> Fault:
    [fault] = verify([order.stream])
    return fault


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-01-01 00:00:00+00:00"),
        ("action", "forged"),
        ("clause", "9.9"),
        ("actor", "staff:8"),
        ("actor_name", "somebody else"),
        ("role", "auditor"),
        ("on_behalf_of", "staff:9"),
        ("payload_digest", "0" * 64),
    ],
)
def test_an_altered_column_is_named(chain, column, value):
    tamper(f"UPDATE ledger_entry SET {column} = %s WHERE id = %s", value, entry(chain, 2).pk)
    assert first_fault(chain) == Fault(chain.stream, 2, f"the columns {column} differ from the body")


def test_one_altered_byte_of_a_body_is_named(chain):
    altered = entry(chain, 3)
    tamper("UPDATE ledger_entry SET body = %s WHERE id = %s", altered.body.replace("name", "nane", 1), altered.pk)
    assert first_fault(chain) == Fault(chain.stream, 3, "the body does not have the stored hash")


def test_an_altered_hash_is_named(chain):
    tamper("UPDATE ledger_entry SET hash = %s WHERE id = %s", "0" * 64, entry(chain, 2).pk)
    assert first_fault(chain).sequence == 2


@pytest.mark.parametrize(("old", "new"), [('"B"', '"X"'), ("{", "[")])
def test_one_altered_byte_of_a_payload_is_named(chain, old, new):
    payload = entry(chain, 2).payload
    forged = payload.content.replace(old, new, 1)
    tamper("UPDATE ledger_payload SET content = %s WHERE entry_id = %s", forged, payload.pk)
    assert first_fault(chain) == Fault(chain.stream, 2, "the payload does not have the stored digest")


def test_an_altered_salt_is_named(chain):
    tamper("UPDATE ledger_payload SET salt = %s WHERE entry_id = %s", "0" * 64, entry(chain, 2).pk)
    assert first_fault(chain).sequence == 2


def test_a_payload_that_is_gone_is_named(chain):
    tamper("DELETE FROM ledger_payload WHERE entry_id = %s", entry(chain, 2).pk)
    assert first_fault(chain) == Fault(chain.stream, 2, "the payload is missing")


def test_an_entry_that_is_gone_is_named(chain):
    gone = entry(chain, 2).pk
    tamper("DELETE FROM ledger_payload WHERE entry_id = %s", gone)
    tamper("DELETE FROM ledger_entry WHERE id = %s", gone)
    assert first_fault(chain) == Fault(chain.stream, 3, "entry 2 is missing")


def test_entries_in_another_order_are_named(chain):
    second, third = entry(chain, 2), entry(chain, 3)
    tamper("UPDATE ledger_entry SET sequence = 9 WHERE id = %s", second.pk)
    tamper("UPDATE ledger_entry SET sequence = 2 WHERE id = %s", third.pk)
    tamper("UPDATE ledger_entry SET sequence = 3 WHERE id = %s", second.pk)
    assert first_fault(chain) == Fault(chain.stream, 2, "the columns sequence differ from the body")


def test_a_forged_entry_with_a_right_hash_does_not_follow(chain):
    forged = entry(chain, 2)
    body = json.loads(forged.body) | {"actor": "staff:8"}
    text = canonical(body)
    tamper(
        "UPDATE ledger_entry SET body = %s, hash = %s, actor = %s WHERE id = %s",
        *(text, digest(text), "staff:8", forged.pk),
    )
    assert first_fault(chain) == Fault(chain.stream, 3, "it does not follow the entry before it")


def test_a_body_that_is_no_json_is_named(chain):
    tamper("UPDATE ledger_entry SET body = '!', hash = %s WHERE id = %s", digest("!"), entry(chain, 2).pk)
    assert first_fault(chain) == Fault(chain.stream, 2, "the body cannot be read")


def test_an_inserted_entry_is_named(chain):
    inserted = append(chain.stream, signature=HEAD, action="name", payload={})
    tamper("UPDATE ledger_entry SET sequence = 9 WHERE id = %s", inserted.pk)
    assert first_fault(chain) == Fault(chain.stream, 9, "entry 5 is missing")


def test_entries_cut_off_at_the_end_show_against_the_record(chain):
    last = head(chain.stream).pk
    tamper("DELETE FROM ledger_payload WHERE entry_id = %s", last)
    tamper("DELETE FROM ledger_entry WHERE id = %s", last)
    assert list(verify([chain.stream])) == []
    assert "version is not what the chain says" in compare(chain).what


def test_only_the_first_fault_of_each_chain_is_named(chain):
    for sequence in (2, 3):
        tamper("UPDATE ledger_entry SET role = 'x' WHERE id = %s", entry(chain, sequence).pk)
    assert [fault.sequence for fault in verify()] == [2]


def test_the_chain_tells_what_the_rows_must_hold(chain):
    rows = replayed(chain.stream).rows
    assert rows["house.order", str(chain.pk)]["title"] == "D"
    assert [values["text"] for (model, _key), values in rows.items() if model == "house.line"] == ["B", "C", "D"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE house_order SET title = 'X'", "house.order {order}: title is not what the chain says"),
        ("UPDATE house_order SET amount = 7", "house.order {order}: amount is not what the chain says"),
        ("UPDATE house_line SET text = 'X' WHERE text = 'C'", "house.line {line}: text is not what the chain says"),
        ("DELETE FROM house_line WHERE text = 'C'", "house.line {line} is gone"),
    ],
)
def test_a_row_altered_without_an_entry_is_named(chain, change, what):
    line = Line.objects.get(text="C").pk
    tamper(change)
    assert compare(chain).what == what.format(order=chain.pk, line=line)


def test_a_row_put_beside_the_chain_is_named(chain):
    with lifted():
        stray = Line.objects.create(order=chain, text="stray")
    assert compare(chain).what == f"no entry tells of house.line {stray.pk}"


def test_a_row_that_was_taken_away_and_is_there_again_is_named(chain):
    line = Line.objects.get(text="C")
    with step(Order, chain.pk, version=None, signature=HEAD, action="strike", clause="1.2") as taken:
        taken.remove(line)
    assert compare(chain) is None
    with lifted():
        line.save(force_insert=True)
    assert compare(chain).what == f"house.line {line.pk} is there again"


def test_a_column_that_is_older_than_the_model_is_passed_over(chain):
    payload = entry(chain, 1).payload
    older = json.loads(payload.content)
    older["fields"]["colour"] = [None, "red"]
    tamper("UPDATE ledger_payload SET content = %s WHERE entry_id = %s", canonical(older), payload.pk)
    assert compare(chain) is None


def test_a_row_under_a_key_that_cannot_be_is_gone(chain):
    row = {"model": "house.line", "pk": "x", "fields": {"text": [None, "forged"]}}
    append(chain.stream, signature=HEAD, action="name", payload={"rows": [row]})
    assert compare(chain).what == "house.line x is gone"


def test_a_record_without_a_chain_is_named(house):
    assert compare(Order.objects.create(title="smuggled")).what == "the record has no chain"


def test_a_change_that_starts_from_another_value_is_named(chain):
    payload = {"model": "house.order", "pk": chain.pk, "fields": {"title": ["X", "Y"]}}
    append(chain.stream, signature=HEAD, action="name", payload=payload)
    fault = compare(chain)
    assert (fault.sequence, "title does not start from" in fault.what) == (5, True)


def test_a_payload_without_sense_is_named(chain):
    append(chain.stream, signature=HEAD, action="name", payload={"rows": [7]})
    assert compare(chain) == Fault(chain.stream, 5, "the payload cannot be read")


def test_a_field_that_is_younger_than_the_row_holds_its_default(chain):
    payload = entry(chain, 1).payload
    older = json.loads(payload.content)
    del older["fields"]["note"]
    tamper("UPDATE ledger_payload SET content = %s WHERE entry_id = %s", canonical(older), payload.pk)
    assert compare(chain) is None


def test_the_verifier_reads_in_a_bounded_number_of_statements(chain, count_queries):
    assert count_queries(lambda: list(verify())) == 1


@pytest.fixture
def house_is_installed(monkeypatch):
    monkeypatch.setattr(everything.apps, "get_models", lambda: list(HOUSE_MODELS))


def told(*arguments: str) -> tuple[str, str, bool]:
    out, err = StringIO(), StringIO()
    try:
        # The database of the tests was migrated a while ago, and nobody seals there.
        call_command("verify_ledger", "--unsealed-minutes", "10000000", *arguments, stdout=out, stderr=err)
    except CommandError:
        return out.getvalue(), err.getvalue(), False
    return out.getvalue(), err.getvalue(), True


def test_the_command_counts_and_passes_clean_data(chain, house_is_installed):
    out, err, passed = told()
    assert passed
    assert "house.Order: 1" in out
    assert "Everything fits." in out
    assert err == ""


def test_the_command_names_what_does_not_fit(chain, house_is_installed):
    tamper("UPDATE ledger_entry SET role = 'x' WHERE id = %s", entry(chain, 2).pk)
    tamper("UPDATE house_order SET title = 'X'")
    _out, err, passed = told()
    assert not passed
    assert f"{chain.stream} entry 2: the columns role differ from the body" in err
    assert f"{chain.stream}: house.order {chain.pk}: title is not what the chain says" in err


def test_the_command_names_a_record_that_is_gone(order, house_is_installed):
    tamper("DELETE FROM house_order")
    assert f"{order.stream}: the record is gone" in told()[1]


def test_the_command_asks_rows_that_verify_themselves(chain, house_is_installed, monkeypatch):
    monkeypatch.setattr(Order, "self_verifying", True, raising=False)
    monkeypatch.setattr(Order, "faults", lambda order: [f"{order.title} was re-typed"], raising=False)
    assert f"house.order:{chain.pk}: D was re-typed" in told()[1]


def test_the_command_verifies_one_chain_only(chain, house_is_installed):
    tamper("UPDATE house_order SET title = 'X'")
    assert told("--stream", chain.stream)[2]
    assert content(entry(chain, 1))["model"] == "house.order"
