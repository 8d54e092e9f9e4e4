"""The way of an article that somebody writes by hand: draft, review, publication, renewal, withdrawal (5.4.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date

from django.utils.translation import gettext as _

from accounts.access import require_grant_roles
from accounts.actors import Actor, local_day
from accounts.models import User
from base.clock import now
from knowledge import access
from knowledge.actions.common import CLAUSE, FIRST, check, freeze
from knowledge.models import KnowledgeArticle
from ledger.actions import RecordChange, again_if_raced, attempt, create, step
from ledger.exceptions import Invalid, NotPermitted, NotPossible

Status = KnowledgeArticle.Status
CONTENT = ("title", "categories", "keywords", "symptom", "solution_steps")


@again_if_raced
def write(*, actor: Actor, code: str = "", **content: str | Sequence[str]) -> KnowledgeArticle:
    """Begin an article of one's own as a draft; `content` are the fields of `CONTENT`. Without a number it gets the
    next of the year ("KB-2026-007"); one that another article has is refused."""
    with attempt(actor.signature(), action="write_article", stream="article:new", clause=CLAUSE):
        if actor.user is None:
            raise NotPermitted(_("Staff write articles. Sign in first."), clause=CLAUSE)
        values = _checked(content, actor.user)
        if KnowledgeArticle.objects.filter(code=code).exists():
            raise Invalid({"code": [_("Another article has this number.")]}, clause=CLAUSE)
        article = KnowledgeArticle(
            code=code or _next_code(),
            author=actor.user,
            department=actor.user.department,
            version_label=FIRST,
            **values,
        )
        with create(article, signature=actor.signature(), action="write_article", clause=CLAUSE):
            return article


def revise(pk: int, *, actor: Actor, version: int | None, **content: str | Sequence[str]) -> KnowledgeArticle:
    """Change one's own draft."""
    with _step(pk, actor, version, "revise_article") as opened:
        access.require_author(actor, opened.record)
        _require_status(opened.record, Status.DRAFT)
        opened.record.set(**_checked(content, opened.record.author))
    return opened.record


def propose(pk: int, *, actor: Actor, version: int | None, reviewer: User) -> KnowledgeArticle:
    """Ask somebody who publishes, and who is not the author, to approve the draft."""
    with _step(pk, actor, version, "propose_article") as opened:
        access.require_author(actor, opened.record)
        _require_status(opened.record, Status.DRAFT)
        _require_reviewer(opened.record, reviewer)
        opened.record.set(reviewer=reviewer, status=Status.IN_REVIEW, remark="")
    return opened.record


def propose_to_another(pk: int, *, actor: Actor, leaver: User, to: User) -> KnowledgeArticle:
    """Whoever was asked to approve it leaves the firm: somebody else who may approve it is asked."""
    with _step(pk, actor, None, "propose_to_another") as opened:
        opened.signature = actor.signature(require_grant_roles(actor, leaver))
        _require_status(opened.record, Status.IN_REVIEW)
        _require_reviewer(opened.record, to)
        opened.record.set(reviewer=to)
    return opened.record


def approve(pk: int, *, actor: Actor, version: int | None, valid_until: date | None) -> KnowledgeArticle:
    """Publish what was proposed; the version is frozen and findable at once. `valid_until` is the last day in China."""
    with _step(pk, actor, version, "approve_article") as opened:
        article = opened.record
        opened.signature = actor.signature(access.require_publisher(actor, article))
        _require_status(article, Status.IN_REVIEW)
        article.set(
            status=Status.VALID, reviewer=actor.user, published_at=now(), valid_until=_ahead(valid_until), remark=""
        )
        freeze(opened)
    return article


def send_back(pk: int, *, actor: Actor, version: int | None, remark: str) -> KnowledgeArticle:
    """Give a proposed article back to its author, with what has to be changed."""
    with _step(pk, actor, version, "send_back_article") as opened:
        opened.signature = actor.signature(access.require_publisher(actor, opened.record))
        _require_status(opened.record, Status.IN_REVIEW)
        opened.record.set(status=Status.DRAFT, remark=_required(remark))
    return opened.record


def renew(pk: int, *, actor: Actor, version: int | None, valid_until: date | None) -> KnowledgeArticle:
    """Let a published article hold longer, or again, as a version of its own with the same words."""
    with _step(pk, actor, version, "renew_article") as opened:
        article = opened.record
        opened.signature = actor.signature(access.require_publisher(actor, article))
        _require_status(article, *KnowledgeArticle.PUBLISHED)
        article.set(
            status=Status.VALID,
            reviewer=actor.user,
            published_at=now(),
            valid_until=_ahead(valid_until),
            version_label=next_label(article.version_label),
        )
        freeze(opened)
    return article


def withdraw(pk: int, *, actor: Actor, version: int | None, remark: str) -> KnowledgeArticle:
    """Take an article out of use for good; records that adopted it keep the version that they have."""
    with _step(pk, actor, version, "withdraw_article") as opened:
        opened.signature = actor.signature(access.require_withdraw(actor, opened.record))
        if opened.record.status == Status.WITHDRAWN:
            raise NotPossible(_("This article is withdrawn already."), clause=CLAUSE)
        opened.record.set(status=Status.WITHDRAWN, remark=_required(remark))
    return opened.record


def _require_reviewer(article: KnowledgeArticle, reviewer: User) -> None:
    if not access.reviewers(article.author).filter(pk=reviewer.pk).exists():
        raise Invalid({"reviewer": [_("Choose a head of department or the document owner, and not the author.")]})


def next_label(label: str) -> str:
    """The label of the version after: "1.0" is followed by "1.1", and what does not end with a number by ".1"."""
    found = re.fullmatch(r"(.*?)(\d+)", label)
    return f"{found[1]}{int(found[2]) + 1}" if found else f"{label}.1"


def _step(
    pk: int, actor: Actor, version: int | None, action: str
) -> AbstractContextManager[RecordChange[KnowledgeArticle]]:
    return step(KnowledgeArticle, pk, version=version, signature=actor.signature(), action=action, clause=CLAUSE)


def _checked(content: Mapping[str, str | Sequence[str]], author: User) -> dict[str, object]:
    values: dict[str, object] = {name: _tidy(content[name]) for name in CONTENT}
    check({**values, "version_label": FIRST, "author": author, "reviewer": None})
    return values


def _tidy(value: str | Sequence[str]) -> str | list[str]:
    return value.strip() if isinstance(value, str) else [each.strip() for each in value if each.strip()]


def _require_status(article: KnowledgeArticle, *statuses: str) -> None:
    if article.status not in statuses:
        raise NotPossible(
            _("The article is “%(status)s” now. Load its page again to see what can be done.")
            % {"status": article.get_status_display()},
            clause=CLAUSE,
        )


def _required(remark: str) -> str:
    if not remark.strip():
        raise Invalid({"remark": [_("Say why, so that the author knows.")]}, clause=CLAUSE)
    return remark.strip()


def _ahead(day: date | None) -> date | None:
    if day is not None and day < local_day(now()):
        raise Invalid({"valid_until": [_("This day has passed already.")]}, clause=CLAUSE)
    return day


def _next_code() -> str:
    beginning = f"KB-{local_day(now()).year}-"
    codes = KnowledgeArticle.objects.filter(code__regex=rf"^{beginning}[0-9]{{3,6}}$").values_list("code", flat=True)
    highest = max((int(code.removeprefix(beginning)) for code in codes), default=0)
    return f"{beginning}{highest + 1:03}"
