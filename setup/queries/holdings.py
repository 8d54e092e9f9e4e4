"""What somebody holds who leaves: each thing needs a successor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.queries import colleagues, grants_to_hand_on, stands_in_for
from accounts.wording import role_of
from audit.models import Finding
from incidents.models import HandoverKind
from incidents.queries.leaving import named_on, sent_to
from knowledge.access import reviewers
from knowledge.models import KnowledgeArticle

MOST_NAMED = 5


@dataclass(frozen=True)
class Holding:
    """Something that goes to one successor: what it is, which rows of it by key, and who may take it.

    `kind` is "grant", "delegation", "records", "receipts", "findings", "articles" or "drafts"; `name` is unique to the
    person.
    """

    kind: str
    name: str
    label: str
    keys: tuple[int, ...]
    offered: QuerySet[User]


def holdings(person: User) -> list[Holding]:
    """Everything that needs a successor, the roles first; a constant number of statements.

    The records of a customer go together, so do hand-overs of a kind; the indexes stand with each query.
    """
    own = (_roles, _records, _receipts, _findings, _articles, _drafts)
    return [holding for kind in own for holding in kind(person)]


def _roles(person: User) -> Iterator[Holding]:
    others = colleagues(person)
    for grant in grants_to_hand_on(person):
        yield Holding("grant", f"grant-{grant.pk}", role_of(grant), (grant.pk,), others)
    for one in stands_in_for(person):
        label = _("%(role)s, in place of %(name)s") % {"role": role_of(one), "name": one.from_user.name}
        yield Holding("delegation", f"delegation-{one.pk}", label, (one.pk,), others)


def _records(person: User) -> Iterator[Holding]:
    by_customer: dict[tuple[int, str], list[int]] = {}
    for key, customer, name in named_on(person).values_list("pk", "customer", "customer__name"):
        by_customer.setdefault((customer or 0, name or _("Caller unknown")), []).append(key)
    for (customer_key, customer_name), keys in by_customer.items():
        count = ngettext("%(count)d open record", "%(count)d open records", len(keys)) % {"count": len(keys)}
        yield Holding(
            "records", f"records-{customer_key}", f"{count} · {customer_name}", tuple(keys), colleagues(person)
        )


def _receipts(person: User) -> Iterator[Holding]:
    by_kind: dict[str, list[int]] = {}
    for key, kind in sent_to(person).values_list("declaration", "kind"):
        by_kind.setdefault(kind, []).append(key)
    for kind, keys in by_kind.items():
        count = ngettext("%(count)d hand-over", "%(count)d hand-overs", len(keys)) % {"count": len(keys)}
        label = f"{count} · {HandoverKind(kind).label}"
        yield Holding("receipts", f"receipts-{kind}", label, tuple(keys), colleagues(person))


def _findings(person: User) -> Iterator[Holding]:
    keys = tuple(_unfinished(person).values_list("pk", flat=True))
    if keys:
        label = ngettext("%(count)d finding to correct", "%(count)d findings to correct", len(keys))
        yield Holding("findings", "findings", label % {"count": len(keys)}, keys, colleagues(person))


def _unfinished(person: User) -> QuerySet[Finding]:
    """What an auditor sends back goes to its owner again; by `finding_owner`."""
    return Finding.objects.filter(owner=person).exclude(state=Finding.State.VERIFIED).order_by("pk")


def _articles(person: User) -> Iterator[Holding]:
    waiting = KnowledgeArticle.objects.filter(reviewer=person, status=KnowledgeArticle.Status.IN_REVIEW)
    keys = tuple(waiting.order_by("pk").values_list("pk", flat=True))
    if keys:
        label = ngettext("%(count)d article to approve", "%(count)d articles to approve", len(keys))
        yield Holding("articles", "articles", label % {"count": len(keys)}, keys, reviewers(person))


def _drafts(person: User) -> Iterator[Holding]:
    """What the person wrote and nobody has published; what a reviewer sends back needs an author. By its index."""
    unfinished = KnowledgeArticle.objects.filter(author=person, status__in=KnowledgeArticle.UNFINISHED)
    found = list(unfinished.order_by("pk").values_list("pk", "code"))
    if found:
        count = ngettext("%(count)d article not yet published", "%(count)d articles not yet published", len(found))
        codes = _(", ").join(code for _key, code in found[:MOST_NAMED]) + ("…" if len(found) > MOST_NAMED else "")
        label = f"{count % {'count': len(found)}} · {codes}"
        yield Holding("drafts", "drafts", label, tuple(key for key, _code in found), colleagues(person))
