"""Articles: what is entered here is a draft of whoever imports it, and proposed to its reviewer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from knowledge import access, actions
from knowledge.actions.writing import CONTENT
from knowledge.models import KnowledgeArticle
from workbook.columns import Code, Column, Lines, Reference, Text
from workbook.known import Known
from workbook.sheets.base import Mistake, Row, Sheet, Values, lines

Status = KnowledgeArticle.Status


class Articles(Sheet):
    key = "articles"
    title = _("Articles")
    key_columns = ("code",)
    lookup = "code"
    made_as = KnowledgeArticle
    columns = (
        Code("code", _("Article number"), required=True),
        Column("title", _("Title"), required=True, width=28),
        Lines("categories", _("Categories, one a line"), required=True, width=20, most=200),
        Lines("keywords", _("Keywords, one a line"), width=20, most=20, longest_line=60),
        Text("symptom", _("Symptom"), required=True),
        Lines("solution_steps", _("Solution, one step a line"), required=True, longest_line=1000, width=48),
        Reference("reviewer", _("Who approves it"), to="people", hint=_("A head of department or the document owner.")),
    )
    sample: ClassVar[Values] = {
        "code": "KB-2026-001",
        "title": "对账单未送达的补发",
        "keywords": "对账单\n补发",
        "symptom": "客户未收到当月对账单。",
        "solution_steps": "核对邮寄地址\n重新生成对账单\n补发并电话确认",
        "reviewer": "A002",
    }

    def rows(self, actor: Actor) -> QuerySet[KnowledgeArticle]:
        return access.articles(actor).select_related("reviewer").order_by("code")

    def all_rows(self, actor: Actor) -> QuerySet[KnowledgeArticle]:
        """Also drafts of others, whose numbers are taken; `check` lets nobody change or see into them."""
        return KnowledgeArticle.objects.select_related("reviewer").order_by("code")

    def values_of(self, row: KnowledgeArticle) -> Values:
        listed = {name: "\n".join(getattr(row, name)) for name in ("categories", "keywords", "solution_steps")}
        plain = {"code": row.code, "title": row.title, "symptom": row.symptom.replace("\r\n", "\n")}
        return {**plain, **listed, "reviewer": row.reviewer.employee_number if row.reviewer else ""}

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        if not row.changed:
            return
        if row.standing is not None:
            article = KnowledgeArticle.objects.get(pk=row.standing.pk)
            own = actor.user is not None and article.author_id == actor.user.pk
            if not own or article.status != Status.DRAFT:
                yield (
                    "code",
                    gettext("This number has an article that only its own page changes. Choose another number."),
                )
                return
        for code in lines(row.values["categories"]):
            if not known.has("leaves", code):
                yield "categories", gettext("“%(code)s” is no category of the procedure.") % {"code": code}
        if actor.user is not None and row.values["reviewer"] == actor.user.employee_number:
            yield "reviewer", gettext("You are the author of what you enter. Choose somebody else who approves it.")

    def create(self, values: Values, actor: Actor) -> KnowledgeArticle:
        article = actions.write(actor=actor, code=values["code"], **_content(values))
        return self._propose(article, values, actor)

    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> KnowledgeArticle:
        article = actions.revise(pk, actor=actor, version=version, **_content(row.values))
        return self._propose(article, row.values, actor)

    def take_back(self, pk: int, row: Values, actor: Actor) -> KnowledgeArticle:
        return actions.withdraw(pk, actor=actor, version=None, remark=gettext("The import was taken back."))

    def _propose(self, article: KnowledgeArticle, values: Values, actor: Actor) -> KnowledgeArticle:
        if not values["reviewer"]:
            return article
        reviewer = User.objects.get(employee_number=values["reviewer"])
        return actions.propose(article.pk, actor=actor, version=None, reviewer=reviewer)


def _content(values: Values) -> dict[str, Any]:
    listed = {"categories", "keywords", "solution_steps"}
    return {name: lines(values[name]) if name in listed else values[name] for name in CONTENT}
