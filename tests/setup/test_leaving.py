"""Somebody leaves, and everything that is open goes to named successors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from accounts.actions import grant_role
from accounts.actors import SYSTEM
from accounts.models import Role, User
from accounts.queries import desk_of
from audit.actions import raise_finding, start_review
from audit.models import Finding
from incidents.models import Declaration, HandlerChange
from knowledge import actions as knowledge
from ledger.exceptions import Invalid, NotPermitted, NotPossible
from ledger.models import Entry
from ledger.verification import verify
from setup.actions import leave
from setup.queries import holdings
from tests.firm import (
    ADMINISTRATOR,
    CHEN_HEAD,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    WANG_DESK,
    XU_SALES,
    client_of,
    person,
    staff,
)
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ARTICLE = {
    "title": "回单打印缺行",
    "categories": ["EQP-03"],
    "keywords": [],
    "symptom": "打印件末尾缺行",
    "solution_steps": ["重启打印服务"],
}


def lets_go(leaver: str, *, reason: str = "离职", by: str = ADMINISTRATOR, **chosen: str) -> User:
    """Everything goes to one colleague, but for what is `chosen` otherwise by kind."""
    user = person(leaver)
    successors = {held.name: person(chosen.get(held.kind, WANG_DESK)) for held in holdings(user)}
    return leave(user, actor=staff(by), version=None, reason=reason, successors=successors)


def test_open_records_go_to_the_successor_and_appear_on_that_desk() -> None:
    scene = Scene()
    handled, closed = scene.handled(), scene.closed()
    lets_go(LIU_DESK)
    handled.refresh_from_db()
    assert (handled.handler, handled.desk) == (person(WANG_DESK), person(WANG_DESK))
    assert desk_of(handled.customer) == person(WANG_DESK)
    assert Declaration.objects.get(pk=closed.pk).handler == person(LIU_DESK)
    change = HandlerChange.objects.get(declaration=handled)
    assert (change.from_user, change.to_user, change.reason) == (person(LIU_DESK), person(WANG_DESK), "离职")
    entry = Entry.objects.filter(stream=handled.stream).latest("sequence")
    assert (entry.action, entry.clause, entry.actor) == ("hand_on", "4.1", person(ADMINISTRATOR).stream)
    assert list(verify([handled.stream])) == []
    assert handled.number in client_of(WANG_DESK).get(reverse("desk")).content.decode()


def test_the_time_line_says_who_left_and_who_goes_on() -> None:
    handled = Scene().handled()
    lets_go(LIU_DESK)
    page = client_of(WANG_DESK, headers={"accept-language": "en"}).get(reverse("record", args=[handled.number]))
    text = page.content.decode()
    assert f"{person(LIU_DESK).name} left: 离职" in text


@pytest.mark.parametrize("made", [Scene.handed_over, Scene.handover_received])
def test_a_hand_over_goes_to_another_receiver(made: Callable[[Scene], Declaration]) -> None:
    record = made(Scene())
    with pytest.raises(Invalid) as refused:
        lets_go(XU_SALES, grant=GAO_MANAGEMENT, receipts=SUN_DESK)
    assert list(refused.value.errors) == ["receipts-complaint"]
    assert person(XU_SALES).is_active
    lets_go(XU_SALES, grant=GAO_MANAGEMENT, receipts=GAO_MANAGEMENT)
    record.refresh_from_db()
    assert record.receiver == person(GAO_MANAGEMENT)
    assert record.handover_rows.get().receiver == person(GAO_MANAGEMENT)
    assert list(verify([record.stream])) == []


def test_a_finding_gets_another_owner() -> None:
    review = start_review(Scene().filed().pk, actor=staff(FENG_AUDITOR))
    given = {"clause": "5.4.3", "text": "首次响应晚", "owner": person(LIU_DESK), "due": date(2026, 12, 7)}
    raise_finding(review.pk, version=None, actor=staff(FENG_AUDITOR), **given)
    lets_go(LIU_DESK, findings=SUN_DESK)
    assert Finding.objects.get().owner == person(SUN_DESK)
    assert list(verify([review.stream])) == []


def test_an_article_that_waits_for_approval_waits_for_another() -> None:
    article = knowledge.write(actor=staff(LIU_DESK), **ARTICLE)
    knowledge.propose(article.pk, actor=staff(LIU_DESK), version=None, reviewer=person(CHEN_HEAD))
    with pytest.raises(Invalid) as refused:
        lets_go(CHEN_HEAD, articles=SUN_DESK)
    assert list(refused.value.errors) == ["articles"]
    lets_go(CHEN_HEAD, articles=LIN_HEAD)
    article.refresh_from_db()
    assert (article.reviewer, article.status) == (person(LIN_HEAD), "in_review")


def test_drafts_go_to_another_author_who_goes_on_with_them() -> None:
    draft = knowledge.write(actor=staff(LIU_DESK), **ARTICLE)
    proposed = knowledge.write(actor=staff(LIU_DESK), **{**ARTICLE, "title": "回单重打"})
    knowledge.propose(proposed.pk, actor=staff(LIU_DESK), version=None, reviewer=person(CHEN_HEAD))
    lets_go(LIU_DESK, drafts=SUN_DESK)
    for article in (draft, proposed):
        article.refresh_from_db()
        assert article.author == person(SUN_DESK)
        entry = Entry.objects.filter(stream=article.stream).latest("sequence")
        assert (entry.action, entry.actor) == ("hand_on_draft", person(ADMINISTRATOR).stream)
        assert list(verify([article.stream])) == []
    assert (draft.status, proposed.status, proposed.reviewer) == ("draft", "in_review", person(CHEN_HEAD))
    knowledge.send_back(proposed.pk, actor=staff(CHEN_HEAD), version=None, remark="补充步骤")
    assert knowledge.revise(proposed.pk, actor=staff(SUN_DESK), version=None, **ARTICLE)


def test_whoever_is_asked_to_approve_a_draft_does_not_become_its_author() -> None:
    proposed = knowledge.write(actor=staff(LIU_DESK), **ARTICLE)
    knowledge.propose(proposed.pk, actor=staff(LIU_DESK), version=None, reviewer=person(CHEN_HEAD))
    with pytest.raises(Invalid) as refused:
        lets_go(LIU_DESK, drafts=CHEN_HEAD)
    assert list(refused.value.errors) == ["drafts"]
    assert person(LIU_DESK).is_active
    knowledge.send_back(proposed.pk, actor=staff(CHEN_HEAD), version=None, remark="补充步骤")
    lets_go(LIU_DESK, drafts=CHEN_HEAD)
    proposed.refresh_from_db()
    assert (proposed.author, proposed.reviewer) == (person(CHEN_HEAD), None)


def test_what_is_published_or_withdrawn_keeps_its_author() -> None:
    for title in ("一", "二"):
        article = knowledge.write(actor=staff(LIU_DESK), **{**ARTICLE, "title": title})
        knowledge.propose(article.pk, actor=staff(LIU_DESK), version=None, reviewer=person(CHEN_HEAD))
        knowledge.approve(article.pk, actor=staff(CHEN_HEAD), version=None, valid_until=None)
    knowledge.withdraw(article.pk, actor=staff(CHEN_HEAD), version=None, remark="过时")
    assert "drafts" not in {held.kind for held in holdings(person(LIU_DESK))}
    with pytest.raises(NotPossible, match="no draft of this person"):
        knowledge.hand_on_draft(article.pk, actor=staff(ADMINISTRATOR), leaver=person(LIU_DESK), to=person(SUN_DESK))


def test_only_an_administrator_gives_drafts_away_and_only_to_a_colleague() -> None:
    draft = knowledge.write(actor=staff(LIU_DESK), **ARTICLE)
    for by in (CHEN_HEAD, LIU_DESK):
        with pytest.raises(NotPermitted):
            knowledge.hand_on_draft(draft.pk, actor=staff(by), leaver=person(LIU_DESK), to=person(SUN_DESK))
    User.objects.filter(pk=person(SUN_DESK).pk).update(is_active=False)
    with pytest.raises(Invalid):
        knowledge.hand_on_draft(draft.pk, actor=staff(ADMINISTRATOR), leaver=person(LIU_DESK), to=person(SUN_DESK))
    draft.refresh_from_db()
    assert draft.author == person(LIU_DESK)


def test_the_page_names_the_drafts() -> None:
    codes = [knowledge.write(actor=staff(LIU_DESK), **ARTICLE).code for _each in range(6)]
    page = client_of(ADMINISTRATOR, headers={"accept-language": "en"})
    text = page.get(reverse("person-leave", args=[person(LIU_DESK).pk])).content.decode()
    assert f"6 articles not yet published · {', '.join(codes[:5])}…" in text


def test_what_came_since_the_page_was_shown_has_no_successor() -> None:
    user = person(LIU_DESK)
    known = {held.name: person(WANG_DESK) for held in holdings(user)}
    record = Scene().handled()
    with pytest.raises(NotPossible) as refused:
        leave(user, actor=staff(ADMINISTRATOR), version=None, reason="离职", successors=known)
    assert "1 open record" in str(refused.value.reasons[0].sentence)
    assert person(LIU_DESK).is_active
    assert Declaration.objects.get(pk=record.pk).handler == user


def test_a_successor_who_left_meanwhile_is_refused_at_the_field() -> None:
    record, gone = Scene().handled(), person(WANG_DESK)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(Invalid) as refused:
        lets_go(LIU_DESK)
    assert f"records-{record.customer_id}" in refused.value.errors
    assert person(LIU_DESK).is_active


def test_nobody_is_offered_the_roles_for_himself() -> None:
    Scene().handled()
    page = client_of(ADMINISTRATOR).get(reverse("person-leave", args=[person(LIU_DESK).pk]))
    offered = {name: list(field.queryset) for name, field in page.context["form"].fields.items() if name != "reason"}
    own = {name for name, people in offered.items() if person(ADMINISTRATOR) in people}
    assert own == {name for name in offered if name.startswith("records-")}


def test_another_auditor_takes_on_a_review_that_somebody_who_left_had_begun() -> None:
    review = start_review(Scene().filed().pk, actor=staff(FENG_AUDITOR))
    grant_role(actor=SYSTEM, user=person(SUN_DESK), role=Role.AUDITOR, reason="轮换")
    with pytest.raises(NotPossible, match="is reviewing"):
        start_review(review.declaration_id, actor=staff(SUN_DESK))
    lets_go(FENG_AUDITOR, grant=SUN_DESK)
    assert start_review(review.declaration_id, actor=staff(SUN_DESK)).pk == review.pk
    review.refresh_from_db()
    assert review.auditor == person(SUN_DESK)
    assert list(verify([review.stream])) == []


def test_only_an_administrator_lets_somebody_leave() -> None:
    Scene().handled()
    with pytest.raises(NotPermitted):
        lets_go(LIU_DESK, by=CHEN_HEAD)
    assert person(LIU_DESK).is_active


def test_the_page_asks_for_each_successor_and_lets_the_person_leave() -> None:
    record = Scene().handled()
    admin, address = client_of(ADMINISTRATOR), reverse("person-leave", args=[person(LIU_DESK).pk])
    names = [name for name in admin.get(address).context["form"].fields if name != "reason"]
    assert f"records-{record.customer_id}" in names
    version = person(LIU_DESK).version
    assert admin.post(address, {"reason": "离职", "version": version}).status_code == 422
    chosen = {name: person(WANG_DESK).pk for name in names}
    answer = admin.post(address, {**chosen, "reason": "离职", "version": version})
    assert answer.url == reverse("person", args=[person(LIU_DESK).pk])
    assert not person(LIU_DESK).is_active


def test_what_is_held_costs_the_same_however_much_it_is(count_queries: Callable[..., int]) -> None:
    Scene().handled()
    knowledge.write(actor=staff(LIU_DESK), **ARTICLE)
    once = count_queries(lambda: holdings(person(LIU_DESK)))
    for _ in range(3):
        Scene().handled()
        knowledge.write(actor=staff(LIU_DESK), **ARTICLE)
    assert count_queries(lambda: holdings(person(LIU_DESK))) == once
