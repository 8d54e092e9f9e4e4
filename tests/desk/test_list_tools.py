"""What the list lets one do: keep one's own views, take records out as a file, and act on several at once."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import User
from desk.models import SavedView
from desk.records import export
from incidents import actions
from incidents.models import Declaration, HandlerChange, State
from ledger.models import Entry
from tests.desk.copies import copy_declarations
from tests.firm import (
    BROKER_E,
    FANG_BROKER_E,
    HE_RISK,
    LIU_DESK,
    SUN_DESK,
    WANG_DESK,
    ZHENG_CUSTODIAN,
    client_of,
    person,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
OTHER = Scene(customer=BROKER_E, desk=SUN_DESK, contact=FANG_BROKER_E)


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode())


def exported(client: Client, kind: str = "csv", **asked: Any) -> Any:
    return client.get(reverse("records-export", args=[kind]), asked)


def csv_rows(client: Client, **asked: Any) -> list[list[str]]:
    """The lines of a CSV export without its note."""
    return list(csv.reader(StringIO(body(exported(client, **asked))[1:])))[:-1]


# Files


def test_the_file_holds_what_the_list_shows_and_no_more(scene: Scene) -> None:
    mine, solved, foreign = scene.accepted(), scene.resolved(), OTHER.accepted()
    rows = csv_rows(client_of(LIU_DESK), view="open")
    assert {row[0] for row in rows[1:]} == {mine.number, solved.number}
    assert foreign.number not in str(rows)
    assert [row[0] for row in csv_rows(client_of(LIU_DESK), state="resolved")[1:]] == [solved.number]


def test_the_head_is_chinese_for_chinese_readers(scene: Scene) -> None:
    scene.accepted()
    client = client_of(LIU_DESK)
    client.cookies["django_language"] = "zh-hans"
    answer = client.get(reverse("records-export", args=["csv"]), headers={"Accept-Language": "zh-CN"})
    with translation.override("en"):
        text = body(answer)
    assert text.startswith('\ufeff"编号","状态"')
    assert "已受理" in text
    assert "刘思远" in text.splitlines()[-1]


def test_a_workbook_has_dates_texts_and_a_note_of_who_took_it(scene: Scene) -> None:
    made = scene.accepted(subject='=HYPERLINK("http://x")', caller_phone="13900002001")
    book = load_workbook(BytesIO(exported(client_of(LIU_DESK), "xlsx").content))
    head, row = list(book.worksheets[0].iter_rows(values_only=True))
    found = dict(zip(head, row, strict=True))
    assert found["Number"] == made.number
    assert found["Subject"] == '\'=HYPERLINK("http://x")'
    assert found["Received"].isoformat() == "2026-11-23T10:00:00"
    assert isinstance(found["Phone or e-mail"], str)
    assert "刘思远" in book.worksheets[1]["A1"].value


def test_a_file_says_on_whose_clock_it_is_where_that_is_not_the_firms(scene: Scene) -> None:
    scene.accepted()
    assert "clock" not in body(exported(client_of(LIU_DESK)))
    User.objects.filter(pk=person(LIU_DESK).pk).update(zone="America/New_York")
    lines = body(exported(client_of(LIU_DESK))).splitlines()
    assert "2026-11-22 21:00" in lines[1]
    assert "Times are on the clock of America/New_York." in lines[-1]


def test_rights_are_those_at_the_moment_of_the_download(scene: Scene) -> None:
    hidden = scene.handed_over(type="infosec", receiver=HE_RISK)
    assert hidden.number not in body(exported(client_of(ZHENG_CUSTODIAN), view="all"))
    ticked = exported(client_of(SUN_DESK), selected=[hidden.pk])
    assert hidden.number not in body(ticked)


def test_an_export_is_an_event_of_the_ledger(scene: Scene) -> None:
    scene.accepted()
    exported(client_of(LIU_DESK), view="open", level="")
    [entry] = Entry.objects.filter(stream__startswith="exports:")
    assert (entry.action, entry.actor_name, entry.stream) == ("export_records", "刘思远", "exports:2026-11-23")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_more_than_the_limit_is_refused_with_what_to_do(
    scene: Scene, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(export.MOST, kind, 2)
    scene.accepted()
    copy_declarations(times=1)
    assert exported(client_of(LIU_DESK), kind).status_code == 200
    scene.accepted()
    answer = exported(client_of(LIU_DESK), kind)
    assert (answer.status_code, "Narrow the list" in body(answer)) == (409, True)
    assert Entry.objects.filter(stream__startswith="exports:").count() == 1


def test_the_file_is_read_in_few_statements(scene: Scene, count_queries: Any) -> None:
    scene.resolved()
    client = client_of(LIU_DESK)
    exported(client, "xlsx")
    few = count_queries(lambda: exported(client, "xlsx"))
    copy_declarations(times=40)
    assert count_queries(lambda: exported(client, "xlsx")) == few


@pytest.mark.parametrize("kind", ["pdf", "exe", "csv.gz"])
def test_other_kinds_of_file_are_not_found(scene: Scene, kind: str) -> None:
    assert exported(client_of(LIU_DESK), kind).status_code == 404


def test_strangers_are_sent_to_the_sign_in(scene: Scene) -> None:
    for name in ("records-print", "records-reassign"):
        assert "/sign-in/" in Client().get(reverse(name)).url
    assert "/sign-in/" in exported(Client()).url


# Several at once


def reassign(client: Client, rows: list[Declaration], **changes: Any) -> Any:
    versions = {f"version-{row.pk}": row.version for row in rows}
    values = {"selected": [row.pk for row in rows], "to": WANG_DESK, "reason": "休假", **versions, **changes}
    return client.post(reverse("records-reassign"), values)


def test_the_page_says_of_each_record_whether_it_can_be_given_away(scene: Scene) -> None:
    working, accepted, foreign = scene.in_progress(), scene.accepted(), OTHER.in_progress()
    keys = {"selected": [working.pk, accepted.pk, foreign.pk]}
    page = client_of(LIU_DESK).get(reverse("records-reassign"), keys)
    assert [(each.record, bool(each.sentence)) for each in page.context["outcomes"]] == [
        (working, False),
        (accepted, True),
    ]
    assert foreign.number not in body(page)


def test_each_record_is_given_away_in_a_step_of_its_own(scene: Scene) -> None:
    rows = [scene.in_progress(), scene.in_progress(), scene.accepted()]
    page = reassign(client_of(LIU_DESK), rows)
    assert [bool(each.sentence) for each in page.context["outcomes"]] == [False, False, True]
    assert [row.handler.name if row.handler else "" for row in Declaration.objects.order_by("pk")][:2] == ["王晓舟"] * 2
    assert Entry.objects.filter(action="reassign", stream__startswith="declaration:").count() == 2
    assert HandlerChange.objects.filter(reason="休假").count() == 2


def test_what_somebody_changed_meanwhile_stays_and_says_so(scene: Scene) -> None:
    rows = [scene.in_progress(), scene.in_progress()]
    scene.do(actions.write_plan, rows[0], LIU_DESK, text="先补寄")
    first, second = reassign(client_of(LIU_DESK), rows).context["outcomes"]
    assert "刘思远" in first.sentence
    assert (second.sentence, Declaration.objects.get(pk=rows[0].pk).handler) == ("", person(LIU_DESK))


def test_a_record_of_somebody_else_is_not_given_away(scene: Scene) -> None:
    foreign = OTHER.in_progress()
    reassign(client_of(LIU_DESK), [foreign])
    assert Declaration.objects.get(pk=foreign.pk).handler == person(SUN_DESK)
    colleague = scene.in_progress()
    page = reassign(client_of(WANG_DESK), [colleague], to=SUN_DESK)
    assert [each.sentence.startswith("This step is for") for each in page.context["outcomes"]] == [True]


def test_without_person_or_reason_nothing_is_done(scene: Scene) -> None:
    row = scene.in_progress()
    assert reassign(client_of(LIU_DESK), [row], to="", reason="").status_code == 422
    assert Declaration.objects.get(pk=row.pk).version == row.version


@pytest.mark.parametrize("keys", [[], ["x"], ["-1"], ["9" * 30]])
def test_without_records_one_is_back_at_the_list(scene: Scene, keys: list[str]) -> None:
    answer = client_of(LIU_DESK).get(reverse("records-reassign"), {"selected": keys, "query": "view=mine"})
    assert answer.url.startswith(f"{reverse('records')}?view=mine")


def test_an_address_elsewhere_does_not_become_the_way_back(scene: Scene) -> None:
    answer = client_of(LIU_DESK).get(reverse("records-reassign"), {"query": "//example.org/?view=mine"})
    assert answer.url.startswith(reverse("records"))


def test_several_forms_are_printed_and_each_is_logged(scene: Scene) -> None:
    rows, foreign = [scene.accepted(), scene.filed()], OTHER.accepted()
    keys = {"selected": [*(row.pk for row in rows), foreign.pk]}
    page = body(client_of(LIU_DESK).get(reverse("records-print"), keys))
    assert all(row.number in page for row in rows)
    assert foreign.number not in page
    logged = Entry.objects.filter(action="print_form").values_list("stream", flat=True)
    assert set(logged) == {f"prints:{row.number}" for row in rows}


# One's own views


def save(client: Client, name: str, query: str) -> Any:
    return client.post(reverse("save-view"), {"name": name, "query": query})


def test_a_view_is_kept_counted_and_shown_to_its_owner_alone(scene: Scene) -> None:
    scene.resolved(), scene.accepted()
    client = client_of(LIU_DESK)
    answer = save(client, " 待确认 的 ", "view=all&state=resolved&level=9&x=1")
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("待确认 的", "view=all&level=9&state=resolved&sort=received")
    page = client.get(answer.url)
    assert [tab for tab in page.context["tabs"] if tab["current"]] == [
        {"label": "待确认 的", "url": answer.url, "count": "1", "current": True}
    ]
    assert len(page.context["lines"]) == 1
    assert "待确认 的" not in body(client_of(WANG_DESK).get(reverse("records")))


def test_the_same_name_replaces_and_another_filter_leaves_the_view(scene: Scene) -> None:
    client = client_of(LIU_DESK)
    for query in ("view=mine", "view=late"):
        save(client, "我的", query)
    view = SavedView.objects.get()
    assert view.query.startswith("view=late")
    page = client.get(f"{reverse('records')}?{view.query}&saved={view.pk}")
    links = [option["url"] for menu in page.context["bar"]["filters"] for option in menu["options"]]
    assert links
    assert not any("saved=" in link for link in links)


def test_a_view_is_dropped_by_its_owner_alone(scene: Scene) -> None:
    save(client_of(LIU_DESK), "我的", "view=mine")
    view = SavedView.objects.get()
    client_of(WANG_DESK).post(reverse("forget-view", args=[view.pk]))
    assert SavedView.objects.exists()
    client_of(LIU_DESK).post(reverse("forget-view", args=[view.pk]))
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "名" * 31])
def test_a_name_that_cannot_be_kept_is_refused_with_a_sentence(scene: Scene, name: str) -> None:
    answer = save(client_of(LIU_DESK), name, "view=mine")
    assert answer.status_code == 422
    assert "data-says" in body(answer)
    assert not SavedView.objects.exists()


def test_there_is_room_for_a_dozen_views(scene: Scene, count_queries: Any) -> None:
    client = client_of(LIU_DESK)
    client.get(reverse("records"))
    none = count_queries(lambda: client.get(reverse("records")))
    for position in range(SavedView.MOST + 1):
        save(client, f"视图 {position}", "view=mine")
    assert SavedView.objects.count() == SavedView.MOST
    client.get(reverse("records"))
    assert count_queries(lambda: client.get(reverse("records"))) == none


def test_a_form_sends_several_values_of_a_filter_by_the_same_name(scene: Scene) -> None:
    first, second = scene.accepted(), scene.resolved()
    scene.in_progress()
    page = client_of(LIU_DESK).get(reverse("records"), {"state": [State.ACCEPTED, State.RESOLVED], "sort": "number"})
    assert [line.number for line in page.context["lines"]] == [second.number, first.number]


def test_a_view_keeps_whatever_can_be_asked_for_and_a_name_without_odd_signs(scene: Scene) -> None:
    client = client_of(LIU_DESK)
    query = urlencode({"q": "\x00" + "网" * 100, "state": ",".join(["closed"] * 14), "customer": "客" * 100})
    client.post(reverse("save-view"), {"query": query, "name": "a\x00b"})
    view = SavedView.objects.get()
    assert (view.name, "closed" in view.query) == ("a b", True)
    assert client.get(f"{reverse('records')}?{view.query}&saved={view.pk}").status_code == 200
