"""What comes after a record: the call that follows it, and the article that is written down of its solution."""

from __future__ import annotations

from typing import Any

import pytest

from incidents import actions
from incidents.models import Declaration
from knowledge.access import article_for_reading
from knowledge.models import KnowledgeArticle
from ledger.models import Entry
from record_form.queries import compose
from tests.firm import (
    BROKER_E,
    CHEN_HEAD,
    FANG_BROKER_E,
    FENG_AUDITOR,
    LIU_DESK,
    SUN_DESK,
    TANG_BANK_B,
    WANG_DESK,
    ZHENG_CUSTODIAN,
    client_of,
    contact,
    person,
    staff,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "对账单漏装的补寄",
    "symptom": "客户发现漏装一页",
    "solution_steps": "复核同批次\n补寄",
    "keywords": "漏装\n补寄",
}


def record_page(number: str, declaration: Declaration) -> Any:
    return client_of(number).get(f"/records/{declaration.number}/")


def follow(declaration: Declaration, **changes: Any) -> Any:
    client = client_of(LIU_DESK)
    form = client.get(f"/register/?linked={declaration.number}").context["form"]
    values = {
        "channel": "phone",
        "caller": "唐若宁",
        "caller_id": contact(TANG_BANK_B).pk,
        "subject": form["subject"].value(),
        "body": "又漏了一页",
        "received_at": "2026-12-30T10:00",
        "answered_live": "on",
        "linked": form["linked"].value(),
        "key": "k1",
    }
    return client.post("/register/", {**values, **changes})


def test_what_can_be_reopened_needs_no_follow_up(scene: Scene, clock: Any) -> None:
    closed = scene.closed()
    assert record_page(LIU_DESK, closed).context["page"].follow_up == ""
    clock.advance(days=31)
    assert record_page(LIU_DESK, closed).context["page"].follow_up == f"/register/?linked={closed.number}"


def test_the_follow_up_of_a_filed_record_is_offered_to_its_desk_alone(scene: Scene) -> None:
    filed = scene.filed()
    assert record_page(LIU_DESK, filed).context["page"].follow_up
    for other in (CHEN_HEAD, ZHENG_CUSTODIAN, FENG_AUDITOR):
        assert record_page(other, filed).context["page"].follow_up == ""


def test_the_call_begins_with_what_is_known_and_both_records_name_each_other(scene: Scene, clock: Any) -> None:
    filed = scene.filed()
    clock.advance(days=37)
    page = client_of(LIU_DESK).get(f"/register/?linked={filed.number}")
    assert filed.number in page.content.decode()
    assert page.context["contact"] == contact(TANG_BANK_B)
    assert follow(filed).status_code == 302
    made = Declaration.objects.latest("pk")
    assert made.linked_to == filed
    assert [(link.number, link.earlier) for link in record_page(LIU_DESK, made).context["page"].links] == [
        (filed.number, True)
    ]
    assert [(link.number, link.earlier) for link in record_page(LIU_DESK, filed).context["page"].links] == [
        (made.number, False)
    ]


def test_a_record_that_one_may_not_see_cannot_be_followed(scene: Scene, clock: Any) -> None:
    filed = scene.filed()
    foreign = Scene(customer=BROKER_E, desk=SUN_DESK, contact=FANG_BROKER_E).accepted()
    clock.advance(days=37)
    assert client_of(LIU_DESK).get(f"/register/?linked={foreign.number}").status_code == 404
    assert follow(filed, linked=foreign.number).status_code == 422
    assert not Declaration.objects.filter(linked_to=foreign).exists()


# The article


def draft(number: str, declaration: Declaration, **changes: Any) -> Any:
    return client_of(number).post(f"/records/{declaration.number}/draft/", {**WORDS, **changes})


def test_an_own_solution_is_offered_as_a_draft_with_what_the_record_says(scene: Scene) -> None:
    solved = scene.resolved()
    address = record_page(LIU_DESK, solved).context["page"].lesson.draft_url
    form = client_of(LIU_DESK).get(address).context["form"]
    assert (form["title"].value(), form["symptom"].value()) == (solved.subject, solved.body)
    assert form["solution_steps"].value() == "装订机漏检\n补寄并复核同批次"


def test_the_draft_belongs_to_author_and_head_and_is_linked_to_the_record(scene: Scene) -> None:
    closed = scene.closed()
    assert draft(LIU_DESK, closed).url == f"/knowledge/KB-{closed.number[3:]}/"
    article = KnowledgeArticle.objects.get(source=closed.number)
    assert (article.status, article.categories, article.solution_steps) == ("draft", ["BIZ-01"], ["复核同批次", "补寄"])
    assert (article.author, article.reviewer) == (person(LIU_DESK), person(CHEN_HEAD))
    assert article_for_reading(staff(WANG_DESK), article.code) is None
    assert record_page(LIU_DESK, closed).context["page"].lesson.article == article
    assert record_page(WANG_DESK, closed).context["page"].lesson.article is None
    assert article.title not in record_page(FENG_AUDITOR, closed).content.decode()
    [entry] = Entry.objects.filter(stream=article.stream)
    assert (entry.action, entry.clause) == ("draft_article", "5.4.4")


def test_row_52_of_the_form_names_the_article(scene: Scene) -> None:
    closed = scene.closed()
    draft(LIU_DESK, closed)
    rows = {row.number: str(row) for section in compose(closed).sections for row in section.rows}
    assert f"KB-{closed.number[3:]}" in rows[52]


def test_one_draft_a_record(scene: Scene) -> None:
    solved = scene.resolved()
    draft(LIU_DESK, solved)
    assert draft(LIU_DESK, solved).url == f"/records/{solved.number}/"
    assert KnowledgeArticle.objects.filter(source=solved.number).count() == 1


def test_of_two_who_draft_at_once_one_is_refused_and_it_is_written_down(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved = scene.resolved()
    draft(LIU_DESK, solved)
    # The other one looked before this one was done.
    monkeypatch.setattr("knowledge.actions.drafting.drafted_from", lambda source: None)
    monkeypatch.setattr("desk.record.views.drafting.drafted_from", lambda source: None)
    assert draft(LIU_DESK, solved).status_code == 409
    assert KnowledgeArticle.objects.filter(source=solved.number).count() == 1
    assert Entry.objects.filter(stream__startswith="security:", action="draft_article").count() == 1


def test_who_adopted_an_article_or_is_somebody_else_drafts_none(scene: Scene) -> None:
    solved = scene.resolved()
    assert draft(WANG_DESK, solved).status_code == 409
    assert draft(SUN_DESK, solved).status_code == 404
    assert draft(LIU_DESK, scene.in_progress()).status_code == 409
    assert not KnowledgeArticle.objects.filter(status="draft").exists()


def test_an_empty_draft_is_refused_in_its_fields(scene: Scene) -> None:
    answer = draft(LIU_DESK, scene.resolved(), title="", solution_steps=" \n ")
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"title", "solution_steps"})


def test_a_quick_solution_becomes_a_draft_too(scene: Scene) -> None:
    solved = scene.do(
        actions.quick_solve,
        scene.looked_up("minor", "low"),
        LIU_DESK,
        solution="电话指导",
        means="phone",
        told_to=contact(TANG_BANK_B),
    )
    assert draft(LIU_DESK, solved).status_code == 302
