"""The pages that the navigation leads to: for whom, in which order, and what waits there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import may_read_customers
from accounts.actors import Actor
from accounts.models import Role
from desk.queries.work import Counts
from desk.settings.sections import sections
from incidents.verbs import Queue
from record_form.verbs import VERBS
from reports.access import may_read

DESKS = (Role.SERVICE_DESK, Role.DUTY_DESK)
RECEIVERS = (Role.SALES, Role.SECURITY_OFFICER, Role.COMPLAINT_OWNER, Role.PROBLEM_MANAGER)
READERS = (Role.DEPARTMENT_HEAD, Role.RISK_CONTROL, *RECEIVERS, Role.CUSTODIAN, Role.AUDITOR, Role.MANAGEMENT)

# By which letter after G a page is reached.
LETTERS = {
    "desk": "D",
    "team": "T",
    "decisions": "A",
    "audit": "S",
    "records": "L",
    "filing": "F",
    "handovers": "H",
    "problems": "P",
    "customers": "C",
    "knowledge": "K",
    "reports": "R",
    "procedure": "M",
    "settings": "E",
}


@dataclass(frozen=True)
class NavigationItem:
    """A link of the navigation; `count` is what the reader must do there."""

    key: str
    label: str
    url: str
    icon: str
    count: int = 0

    @property
    def letter(self) -> str:
        """After G it leads there; empty where none does."""
        return LETTERS.get(self.key, "")


@dataclass(frozen=True)
class Entry:
    """A page of the navigation before it is known for whom: `shown` to these people, with a `count` of what waits."""

    key: str
    label: Promise
    icon: str
    url_name: str
    shown: Callable[[Actor], bool]
    count: Callable[[Counts], int] = field(default=lambda counts: 0)


def _holds(*roles: str) -> Callable[[Actor], bool]:
    return lambda actor: any(held.role in roles for held in actor.grants)


def _has_no_role(actor: Actor) -> bool:
    return not _holds(*DESKS, *READERS)(actor)


def _queued(queue: Queue) -> Callable[[Counts], int]:
    verbs = [verb.name for verb in VERBS.values() if verb.queue == queue]
    return lambda counts: counts.of(verbs)


def _duties(*kinds: str) -> Callable[[Counts], int]:
    return lambda counts: sum(counts.duties.get(kind, 0) for kind in kinds)


_anyone = _holds(*DESKS, *READERS)
_RECORDS = Entry("records", gettext_lazy("Records"), "list-search", "records", _anyone)
_HANDOVERS = Entry(
    "handovers",
    gettext_lazy("Hand-overs"),
    "arrow-forward-up",
    "handovers",
    _holds(*DESKS, Role.DEPARTMENT_HEAD, Role.RISK_CONTROL, *RECEIVERS),
    _queued("handovers"),
)
_works_on_records = _holds(*DESKS, Role.DEPARTMENT_HEAD)
NAVIGATION = (
    Entry(
        "desk",
        gettext_lazy("My desk"),
        "layout-rows",
        "desk",
        lambda actor: True,
        lambda counts: counts.all,
    ),
    Entry("register", gettext_lazy("Log a call"), "phone-plus", "register", _holds(*DESKS)),
    Entry("register", gettext_lazy("Relay a call"), "phone-plus", "register", _has_no_role),
    Entry(
        "decisions",
        gettext_lazy("Decisions"),
        "rubber-stamp",
        "decisions",
        _holds(Role.DEPARTMENT_HEAD, Role.RISK_CONTROL, Role.MANAGEMENT),
        _queued("decisions"),
    ),
    Entry("audit", gettext_lazy("Audit"), "clipboard-check", "audit", _holds(Role.AUDITOR), _duties("review")),
    _RECORDS,
    Entry("filing", gettext_lazy("Filing"), "archive", "filing", _holds(Role.CUSTODIAN), _queued("filing")),
    _HANDOVERS,
    Entry(
        "problems",
        gettext_lazy("Problems"),
        "bug",
        "problems",
        _holds(*DESKS, Role.DEPARTMENT_HEAD, Role.PROBLEM_MANAGER),
        _duties("problem"),
    ),
)
REFERENCE = (
    Entry("customers", gettext_lazy("Customers"), "building", "customers", may_read_customers),
    Entry(
        "knowledge",
        gettext_lazy("Knowledge base"),
        "book-2",
        "knowledge",
        lambda actor: _holds(*DESKS, Role.DEPARTMENT_HEAD, Role.AUDITOR)(actor) or _has_no_role(actor),
    ),
    Entry("reports", gettext_lazy("Reports"), "chart-bar", "reports", may_read),
    Entry("procedure", gettext_lazy("Procedure"), "file-certificate", "procedure", lambda actor: True),
    Entry(
        "settings",
        gettext_lazy("Settings"),
        "settings",
        "settings",
        lambda actor: bool(sections(actor)),
        _duties("dead_letter", "year", "contract"),
    ),
)


def links(entries: Iterable[Entry], actor: Actor, counts: Counts) -> list[NavigationItem]:
    """Those of the pages that are for the actor, in the order in which the work asks for them."""
    shown = [entry for entry in entries if entry.shown(actor)]
    if _HANDOVERS in shown and not _works_on_records(actor):
        # For receivers the hand-over is the work and the record only its background.
        shown.remove(_HANDOVERS)
        shown.insert(shown.index(_RECORDS), _HANDOVERS)
    return [
        NavigationItem(entry.key, str(entry.label), url, entry.icon, entry.count(counts))
        for entry in shown
        if (url := address(entry.url_name))
    ]


def phone(actor: Actor, links: list[NavigationItem]) -> list[NavigationItem]:
    """Four of them for the thumb: heads decide where others look something up."""
    fourth = "decisions" if _holds(Role.DEPARTMENT_HEAD)(actor) else "knowledge"
    by_key = {item.key: item for item in links}
    register = NavigationItem("register", _register_label(actor), address("register"), "phone-plus")
    chosen = [by_key.get("desk"), by_key.get("records"), register, by_key.get(fourth)]
    return [item for item in chosen if item is not None]


def primary(actor: Actor, path: str) -> NavigationItem | None:
    """The one button beside the navigation; none on the page that it leads to."""
    url = address("register")
    return NavigationItem("register", _register_label(actor), url, "phone-plus") if path != url else None


def _register_label(actor: Actor) -> str:
    return _("Log a call") if _holds(*DESKS)(actor) else _("Relay a call")


def address(name: str) -> str:
    """Empty while there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
