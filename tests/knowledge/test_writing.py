"""An article's way by hand: written, proposed, approved by somebody else, renewed, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import Actor, actor_for
from accounts.models import User
from knowledge import access, actions
from knowledge.actions.writing import next_label
from knowledge.models import KnowledgeArticle
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from ledger.queries import history
from tests.knowledge.conftest import AT

CONTENT: dict[str, Any] = {
    "title": "打印机卡纸的处理",
    "categories": ["EQP-03"],
    "keywords": ["卡纸"],
    "symptom": "高速打印机连续卡纸，打印中断。",
    "solution_steps": ["断电取纸", "清洁搓纸轮"],
}
Status = KnowledgeArticle.Status


@pytest.fixture
def as_author(author: User, clock: Any) -> Actor:
    clock.set(AT)
    return actor_for(author, AT)


@pytest.fixture
def draft(as_author: Actor, head: User) -> KnowledgeArticle:
    return actions.write(actor=as_author, **CONTENT)


@pytest.fixture
def proposed(draft: KnowledgeArticle, as_author: Actor, head: User) -> KnowledgeArticle:
    return actions.propose(draft.pk, actor=as_author, version=None, reviewer=head)


@pytest.fixture
def approved(proposed: KnowledgeArticle, as_head: Actor) -> KnowledgeArticle:
    return actions.approve(proposed.pk, actor=as_head, version=None, valid_until=date(2026, 12, 31))


def test_written_proposed_and_approved_it_is_suggested_with_its_whole_history(approved: KnowledgeArticle) -> None:
    assert (approved.status, approved.code, approved.version_label) == (Status.VALID, "KB-2026-001", "1.0")
    assert approved.versions.get().content == approved.content()
    assert access.published(actor_for(approved.author)).get() == approved
    assert [entry.action for entry in history(approved.stream)] == [
        "write_article",
        "propose_article",
        "approve_article",
    ]


def test_a_draft_is_seen_by_nobody_else(draft: KnowledgeArticle, colleague: User) -> None:
    assert access.article_for_reading(actor_for(colleague), draft.code) is None


def test_numbers_follow_one_another(draft: KnowledgeArticle, as_author: Actor) -> None:
    assert actions.write(actor=as_author, **CONTENT).code == "KB-2026-002"


def test_a_number_of_ones_own_is_kept_unless_another_article_has_it(draft: KnowledgeArticle, as_author: Actor) -> None:
    assert actions.write(actor=as_author, code="KB-A1", **CONTENT).code == "KB-A1"
    with pytest.raises(Invalid) as refused:
        actions.write(actor=as_author, code="KB-A1", **CONTENT)
    assert list(refused.value.errors) == ["code"]


@pytest.mark.parametrize("name", ["title", "categories", "symptom", "solution_steps"])
def test_without_this_nothing_is_written(as_author: Actor, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.write(actor=as_author, **{**CONTENT, name: type(CONTENT[name])()})
    assert list(refused.value.errors) == [name]
    assert not KnowledgeArticle.objects.exists()


def test_only_the_author_changes_a_draft_and_only_on_the_version_that_was_seen(
    draft: KnowledgeArticle, as_author: Actor, as_head: Actor
) -> None:
    changed = actions.revise(draft.pk, actor=as_author, version=draft.version, **{**CONTENT, "title": "打印机缺墨"})
    assert changed.title == "打印机缺墨"
    with pytest.raises(Stale):
        actions.revise(draft.pk, actor=as_author, version=draft.version, **CONTENT)
    with pytest.raises(NotPermitted):
        actions.revise(draft.pk, actor=as_head, version=None, **CONTENT)


def test_who_does_not_publish_is_not_asked(draft: KnowledgeArticle, as_author: Actor, colleague: User) -> None:
    for person in (colleague, draft.author):
        with pytest.raises(Invalid, match="marked fields"):
            actions.propose(draft.pk, actor=as_author, version=None, reviewer=person)


def test_what_came_back_says_why_and_may_be_proposed_again(
    proposed: KnowledgeArticle, as_author: Actor, as_head: Actor, head: User
) -> None:
    with pytest.raises(Invalid):
        actions.send_back(proposed.pk, actor=as_head, version=None, remark=" ")
    article = actions.send_back(proposed.pk, actor=as_head, version=None, remark="请写明断电步骤")
    assert (article.status, article.remark) == (Status.DRAFT, "请写明断电步骤")
    article = actions.propose(article.pk, actor=as_author, version=None, reviewer=head)
    assert (article.status, article.remark) == (Status.IN_REVIEW, "")


def test_a_head_does_not_approve_the_own_article(as_head: Actor, head: User, clock: Any, colleague: User) -> None:
    article = actions.write(actor=as_head, **CONTENT)
    KnowledgeArticle.objects.filter(pk=article.pk).update(status=Status.IN_REVIEW, reviewer=colleague)
    with pytest.raises(NotPermitted, match="own article"):
        actions.approve(article.pk, actor=as_head, version=None, valid_until=None)


def test_renewed_it_holds_longer_as_a_version_of_its_own(approved: KnowledgeArticle, as_head: Actor) -> None:
    article = actions.renew(approved.pk, actor=as_head, version=None, valid_until=date(2027, 12, 31))
    assert (article.version_label, article.valid_until) == ("1.1", date(2027, 12, 31))
    assert article.versions.count() == 2
    with pytest.raises(Invalid):
        actions.renew(approved.pk, actor=as_head, version=None, valid_until=date(2026, 11, 21))


def test_withdrawn_it_is_suggested_no_more_and_still_read(
    approved: KnowledgeArticle, as_head: Actor, as_author: Actor, colleague: User
) -> None:
    with pytest.raises(NotPermitted):
        actions.withdraw(approved.pk, actor=as_author, version=None, remark="过时")
    article = actions.withdraw(approved.pk, actor=as_head, version=None, remark="设备已更换")
    assert article.status == Status.WITHDRAWN
    assert not access.published(actor_for(colleague)).exists()
    assert access.article_for_reading(actor_for(colleague), article.code) == article
    with pytest.raises(NotPossible):
        actions.withdraw(approved.pk, actor=as_head, version=None, remark="再次")


Act = Callable[[KnowledgeArticle, Actor, User], object]
ACTS: dict[str, tuple[Act, set[str]]] = {
    "revise": (lambda a, who, head: actions.revise(a.pk, actor=who, version=None, **CONTENT), {"draft"}),
    "propose": (lambda a, who, head: actions.propose(a.pk, actor=who, version=None, reviewer=head), {"draft"}),
    "approve": (lambda a, who, head: actions.approve(a.pk, actor=who, version=None, valid_until=None), {"in_review"}),
    "send_back": (lambda a, who, head: actions.send_back(a.pk, actor=who, version=None, remark="x"), {"in_review"}),
    "renew": (
        lambda a, who, head: actions.renew(a.pk, actor=who, version=None, valid_until=None),
        {"valid", "expired"},
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", Status.values)
def test_each_step_in_each_status(
    proposed: KnowledgeArticle, as_author: Actor, as_head: Actor, head: User, act: str, status: str
) -> None:
    KnowledgeArticle.objects.filter(pk=proposed.pk).update(status=status, published_at=AT)
    who = as_author if act in ("revise", "propose") else as_head
    call, allowed = ACTS[act]
    if status in allowed:
        call(proposed, who, head)
        return
    with pytest.raises(NotPossible, match="Load its page again"):
        call(proposed, who, head)


@pytest.mark.parametrize("act", ACTS)
def test_a_colleague_may_do_none_of_it(proposed: KnowledgeArticle, head: User, colleague: User, act: str) -> None:
    with pytest.raises(NotPermitted):
        ACTS[act][0](proposed, actor_for(colleague), head)


@given(st.text(min_size=1, max_size=8))
def test_the_next_label_is_another_one(label: str) -> None:
    assert next_label(label) != label


@pytest.mark.parametrize(("label", "following"), [("1.0", "1.1"), ("2.9", "2.10"), ("A", "A.1"), ("3", "4")])
def test_labels_count_on(label: str, following: str) -> None:
    assert next_label(label) == following
