"""The forms of the knowledge base."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from knowledge import actions
from knowledge.models import KnowledgeArticle
from tests.browser.forms import Form
from tests.firm import CHEN_HEAD, LIU_DESK, person, staff

WORDS: dict[str, Any] = {
    "title": "装订机漏装的处理",
    "categories": ["BIZ-01"],
    "keywords": ["漏装"],
    "symptom": "对账单装订后少一页",
    "solution_steps": ["停机", "复核批次"],
}


def draft() -> KnowledgeArticle:
    return actions.write(actor=staff(LIU_DESK), **WORDS)


def proposed() -> KnowledgeArticle:
    return actions.propose(draft().pk, actor=staff(LIU_DESK), version=None, reviewer=person(CHEN_HEAD))


def published() -> KnowledgeArticle:
    return actions.approve(proposed().pk, actor=staff(CHEN_HEAD), version=None, valid_until=None)


def typed() -> dict[str, Any]:
    return {
        "title": "装订机漏装一页的处理",
        "categories": ["BIZ-01"],
        "symptom": "少一页",
        "solution_steps": "停机\n复核",
        "keywords": "漏装",
    }


def forms() -> Iterator[Form]:
    yield Form("knowledge/form.html", "article", LIU_DESK, lambda: reverse("article-new"), typed)
    yield Form("knowledge/form.html", "article", LIU_DESK, lambda: reverse("article-edit", args=[draft().code]), typed)
    yield _step(LIU_DESK, "propose", draft, {"reviewer": str})
    yield _step(CHEN_HEAD, "approve", proposed, {"valid_until": "2031-12-31"})
    yield _step(CHEN_HEAD, "return", proposed, {"remark": "请写明复核步骤"})
    yield _step(CHEN_HEAD, "renew", published, {"valid_until": "2031-12-31"})
    yield _step(CHEN_HEAD, "withdraw", published, {"remark": "设备已更换"})


def _step(who: str, name: str, article: Any, values: dict[str, Any]) -> Form:
    return Form(
        "knowledge/step.html",
        "step",
        who,
        lambda: reverse(f"article-{name}", args=[article().code]),
        lambda: {key: str(person(CHEN_HEAD).pk) if value is str else value for key, value in values.items()},
    )
