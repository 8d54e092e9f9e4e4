"""Many rows at once: the same rows as by `bulk_create`, keys in order, fences kept."""

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.forms.models import model_to_dict

from accounts.models import User
from base.models import Heartbeat
from base.rows import AT_ONCE, NewRow, add_new, add_rows, change_row
from notifications.models import Notification
from notifications.outbox import Notice, _row
from tests.scenes import MONDAY

pytestmark = pytest.mark.django_db
FACTS = {"level": 2, "due_at": MONDAY + timedelta(hours=4), "count": 'O\'Brien \\ 100 % "故障"'}


@pytest.fixture
def head(firm):
    return User.objects.order_by("pk")[0]


def row(person, number):
    return _row(Notice(f"warning.{number}", "declaration:1", "SD-1", [], FACTS, at=MONDAY), person, "in_app")


def add(*rows, **options):
    return add_rows(Notification, list(rows[0]), [list(one.values()) for one in rows], **options)


def stored(key):
    found = model_to_dict(Notification.objects.get(pk=key))
    del found["id"]
    return found


def test_they_are_the_rows_that_bulk_create_writes(head):
    [key] = add(row(head, 1))
    [other] = Notification.objects.bulk_create([Notification(**row(head, 2))])
    assert stored(key) | {"event": ""} == stored(other.pk) | {"event": ""}


def test_keys_come_in_the_order_of_the_rows_over_several_statements(head):
    keys = add(*(row(head, number) for number in range(AT_ONCE + 3)))
    assert [Notification.objects.get(pk=key).event for key in (keys[0], keys[AT_ONCE], keys[-1])] == [
        "warning.0",
        f"warning.{AT_ONCE}",
        f"warning.{AT_ONCE + 2}",
    ]
    assert len(set(keys)) == AT_ONCE + 3


def test_what_is_known_is_skipped_when_asked_for_and_refused_otherwise(head):
    add(row(head, 1))
    assert len(add(*(row(head, number) for number in (1, 2)), known="skip")) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        add(row(head, 3), row(head, 1))
    assert Notification.objects.count() == 2


def test_new_rows_get_their_keys_and_the_defaults_of_their_columns(head):
    fresh = [NewRow(Notification, dict(list(row(head, number).items())[:16])) for number in range(3)]
    for one in fresh:
        one.values["status"] = Notification.Status.SENT
    add_new(fresh)
    stored = [Notification.objects.get(pk=one.key) for one in fresh]
    assert [one.event for one in stored] == [one.values["event"] for one in fresh]
    assert [one.attempts for one in stored] == [one.values["attempts"] for one in fresh] == [0, 0, 0]


def test_a_new_row_with_a_column_that_is_none_is_refused_before_anything_is_written(head):
    with pytest.raises(TypeError, match="evnt"):
        add_new([NewRow(Notification, {"evnt": "warning.1"})])
    assert not Notification.objects.exists()


def test_nothing_is_no_statement(head, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert add_rows(Notification, ["event"], []) == []
        add_new([])


def test_the_row_of_a_known_key_is_renewed_when_asked_for(head):
    names = ("job", "at")
    add_rows(Heartbeat, names, [("a", MONDAY), ("b", MONDAY)])
    later = MONDAY + timedelta(hours=1)
    add_rows(Heartbeat, names, [("b", later), ("c", later)], known="renew")
    assert dict(Heartbeat.objects.filter(job__in="abc").values_list("job", "at")) == {
        "a": MONDAY,
        "b": later,
        "c": later,
    }


def test_a_text_too_long_for_its_column_is_not_cut_off(head):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no lengths")
    long = [row(head, "1" * 80), row(head, 2)]
    with pytest.raises(DataError), transaction.atomic():
        add(*long)


def test_a_row_is_changed_as_by_update_only_while_it_is_as_it_was_read(head):
    [key, usual, other] = add(row(head, 1), row(head, 2), row(head, 3))
    new = {"data": {"text": FACTS["count"], "level": None}, "seen_at": MONDAY, "attempts": 3, "detail": "later"}
    Notification.objects.filter(pk=usual).update(**new)
    assert change_row(Notification, {"id": key, "attempts": 1}, new)
    assert stored(key) | {"event": ""} == stored(usual) | {"event": ""}
    assert not change_row(Notification, {"id": key, "attempts": 1}, {"attempts": 9})
    assert [Notification.objects.get(pk=each).attempts for each in (key, other)] == [3, 1]
