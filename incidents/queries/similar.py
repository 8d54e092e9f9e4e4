"""Records that say nearly the same, and what is known that may solve one again (R-5.4.4-2)."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from incidents.access import declarations
from incidents.models import Declaration, State, Type
from knowledge.queries import Suggestion, suggest
from search.queries import like


def similar(actor: Actor, text: str, *, limit: int = 5) -> list[Declaration]:
    """The records that resemble `text` most among those that `actor` may see, best first; three queries."""
    found = like("declaration", text, limit=limit, keys=declarations(actor).values("pk"), is_frequent=True)
    rows = Declaration.objects.select_related("customer").in_bulk([key for key, _score in found])
    return [rows[key] for key, _score in found if key in rows]


def like_cases(actor: Actor, text: str, *, limit: int = 4) -> list[Declaration]:
    """Closed incidents that resemble `text` most, only those that `actor` may see; four statements."""
    seen = declarations(actor).filter(state__in=[State.CLOSED, State.FILED], type=Type.INCIDENT)
    keys = [key for key, _score in like("case", text, limit=limit, keys=seen.values("pk"), is_frequent=True)]
    rows = Declaration.objects.select_related("customer").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


@dataclass(frozen=True)
class Known:
    """What the search for `query` offers: articles, also expired ones, and closed incidents."""

    query: str
    articles: list[Suggestion]
    cases: list[Declaration]

    def shown(self) -> list[str]:
        """Each as it goes into the record: articles with title and version, cases by their number alone.

        A case may be another customer's, and whoever reads this record need not be allowed to read that one.
        """
        articles = [f"{one.article.code}《{one.article.title}》V{one.version.version_label}" for one in self.articles]
        return articles + [case.number for case in self.cases]


def known(actor: Actor, declaration: Declaration, text: str, *, leaf: str = "", few: bool = False) -> Known:
    """Articles and closed incidents that resemble `text`, those of the category `leaf` preferred; nine statements.

    Without `leaf` the declaration's own category counts. `few` is for a customer who is on the line: the best ones.
    """
    articles, cases = (3, 2) if few else (6, 4)
    return Known(
        query=text,
        articles=suggest(text, leaf=leaf or declaration.leaf or None, limit=articles, actor=actor),
        cases=[case for case in like_cases(actor, text, limit=cases) if case.pk != declaration.pk],
    )
