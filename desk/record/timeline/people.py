"""Whom and what the history names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from accounts.models import Contact, User
from incidents.models import Declaration
from incidents.verbs.timeline import HistoryEntry, Names
from knowledge.models import ArticleVersion

Columns = Collection[tuple[str, str]]
STAFF: Columns = (
    ("incidents.handover", "receiver"),
    ("incidents.handlerchange", "from_user"),
    ("incidents.handlerchange", "to_user"),
    ("incidents.report", "to"),
    ("escalation.warningrecipient", "user"),
    ("escalation.climb", "user"),
    ("incidents.handlingstep", "voided_by"),
    ("incidents.communication", "voided_by"),
    ("incidents.visit", "voided_by"),
    ("incidents.knowledgelookup", "voided_by"),
)
CONTACTS: Columns = (
    ("incidents.communication", "contact"),
    ("incidents.confirmation", "contact"),
    ("escalation.warningrecipient", "contact"),
)
ARTICLES: Columns = (("incidents.knowledgelookup", "article_version"),)
CASES: Columns = (("incidents.knowledgelookup", "like_case"),)


def with_names_in(history: Collection[HistoryEntry], names: Names) -> Names:
    """The names with those of the history that are not among them yet; a statement for each kind of these."""
    versions = ArticleVersion.objects.filter(pk__in=_keys(history, ARTICLES) - names.articles.keys())
    cases = Declaration.objects.filter(pk__in=_keys(history, CASES) - names.cases.keys())
    return replace(
        names,
        staff={**names.staff, **User.objects.in_bulk(_keys(history, STAFF) - names.staff.keys())},
        contacts={**names.contacts, **Contact.objects.in_bulk(_keys(history, CONTACTS) - names.contacts.keys())},
        articles={**names.articles, **dict(versions.values_list("pk", "article__code"))},
        cases={**names.cases, **dict(cases.values_list("pk", "number"))},
    )


def _keys(history: Iterable[HistoryEntry], columns: Columns) -> set[int]:
    found = {row.number(name) for entry in history for model, name in columns for row in entry.rows.get(model, [])}
    return {key for key in found if key is not None}
