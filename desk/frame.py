"""What every page carries round its content: navigation, counts, bell, and the controlled document in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import may_read_customers
from accounts.actors import Actor, local_day
from accounts.models import Role, User
from accounts.requests import DeskRequest, once_a_request
from base.clock import now
from base.text import side_by_side
from desk.queries.work import Counts, Work, counts_of, work_of
from desk.settings.sections import sections
from incidents.verbs import Queue
from notifications.queries import unread_count
from procedure.queries import NoProcedure, Rules, in_force, rules
from record_form.verbs import VERBS
from reports.access import may_read

DESKS = (Role.SERVICE_DESK, Role.DUTY_DESK)
RECEIVERS = (Role.SALES, Role.SECURITY_OFFICER, Role.COMPLAINT_OWNER, Role.PROBLEM_MANAGER)
READERS = (Role.DEPARTMENT_HEAD, Role.RISK_CONTROL, *RECEIVERS, Role.CUSTODIAN, Role.AUDITOR, Role.MANAGEMENT)
# Whose name stands under the person's where the account has no job title.
SHOWN_FIRST = (*DESKS, Role.DEPARTMENT_HEAD, Role.RISK_CONTROL, *RECEIVERS, Role.CUSTODIAN, Role.AUDITOR)


@dataclass(frozen=True)
class NavigationItem:
    """A link of the navigation; `count` is what the reader must do there."""

    key: str
    label: str
    url: str
    icon: str
    count: int = 0


@dataclass(frozen=True)
class Document:
    """The head of the controlled procedure in force (R-DC-1)."""

    title: str
    version: str
    controlled_status: str
    confidentiality: str
    effective: date


@dataclass(frozen=True)
class Frame:
    """As templates/components/README.md lists it."""

    procedure: Document | None
    items: list[NavigationItem] = field(default_factory=list)
    reference: list[NavigationItem] = field(default_factory=list)
    phone: list[NavigationItem] = field(default_factory=list)
    user_name: str = ""
    user_role: str = ""
    unread: int = 0
    primary: NavigationItem | None = None
    command_url: str = ""


@dataclass(frozen=True)
class _Entry:
    key: str
    label: Promise
    icon: str
    url_name: str
    shown: Callable[[Actor], bool]
    count: Callable[[Counts], int] = field(default=lambda counts: 0)


def frame(request: DeskRequest) -> dict[str, object]:
    """Context processor; nothing is read unless a template asks, then eight statements."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


@once_a_request
def work_of_request(request: DeskRequest) -> Work:
    """What the signed-in person must do, read once a request for a page that shows it; the counts then use the same."""
    return work_of(request.actor, book_of(request), counts_of_request(request))


@once_a_request
def counts_of_request(request: DeskRequest) -> Counts:
    """How much the signed-in person must do, counted once a request: for the navigation and for my desk alike."""
    return counts_of(request.actor, book_of(request))


@once_a_request
def book_of(request: DeskRequest) -> Rules | None:
    """The procedure in force today, read once a request; None before the first version."""
    try:
        return rules(in_force(local_day(now())).pk)
    except NoProcedure:
        return None


def _frame(request: DeskRequest) -> Frame:
    actor: Actor = getattr(request, "actor", Actor())
    if actor.user is None:
        return Frame(procedure=_document(request))
    counts = counts_of_request(request)
    items, reference = _links(NAVIGATION, actor, counts), _links(REFERENCE, actor, counts)
    return Frame(
        procedure=_document(request),
        items=items,
        reference=reference,
        phone=_phone(actor, [*items, *reference]),
        user_name=actor.user.get_full_name(),
        user_role=_role(actor, actor.user),
        unread=unread_count(actor.user),
        primary=_primary(actor, request.path),
        command_url=_address("command"),
    )


def _document(request: DeskRequest) -> Document | None:
    book = book_of(request)
    if book is None:
        return None
    header = book.header
    return Document(
        str(header.title), header.version_label, header.controlled_status, header.confidentiality, header.effective_on
    )


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
_RECORDS = _Entry("records", gettext_lazy("Records"), "list-search", "records", _anyone)
_HANDOVERS = _Entry(
    "handovers",
    gettext_lazy("Hand-overs"),
    "arrow-forward-up",
    "handovers",
    _holds(*DESKS, Role.DEPARTMENT_HEAD, Role.RISK_CONTROL, *RECEIVERS),
    _queued("handovers"),
)
_works_on_records = _holds(*DESKS, Role.DEPARTMENT_HEAD)
NAVIGATION = (
    _Entry(
        "desk",
        gettext_lazy("My desk"),
        "layout-rows",
        "desk",
        lambda actor: True,
        lambda counts: counts.all,
    ),
    _Entry("register", gettext_lazy("Log a call"), "phone-plus", "register", _holds(*DESKS)),
    _Entry("register", gettext_lazy("Relay a call"), "phone-plus", "register", _has_no_role),
    _Entry(
        "decisions",
        gettext_lazy("Decisions"),
        "rubber-stamp",
        "decisions",
        _holds(Role.DEPARTMENT_HEAD, Role.RISK_CONTROL, Role.MANAGEMENT),
        _queued("decisions"),
    ),
    _Entry("audit", gettext_lazy("Audit"), "clipboard-check", "audit", _holds(Role.AUDITOR), _duties("review")),
    _RECORDS,
    _Entry("filing", gettext_lazy("Filing"), "archive", "filing", _holds(Role.CUSTODIAN), _queued("filing")),
    _HANDOVERS,
    _Entry(
        "problems",
        gettext_lazy("Problems"),
        "bug",
        "problems",
        _holds(*DESKS, Role.DEPARTMENT_HEAD, Role.PROBLEM_MANAGER),
        _duties("problem"),
    ),
)
REFERENCE = (
    _Entry("customers", gettext_lazy("Customers"), "building", "customers", may_read_customers),
    _Entry(
        "knowledge",
        gettext_lazy("Knowledge base"),
        "book-2",
        "knowledge",
        lambda actor: _holds(*DESKS, Role.DEPARTMENT_HEAD, Role.AUDITOR)(actor) or _has_no_role(actor),
    ),
    _Entry("reports", gettext_lazy("Reports"), "chart-bar", "reports", may_read),
    _Entry("procedure", gettext_lazy("Procedure"), "file-certificate", "procedure", lambda actor: True),
    _Entry(
        "settings",
        gettext_lazy("Settings"),
        "settings",
        "settings",
        lambda actor: bool(sections(actor)),
        _duties("dead_letter", "year", "contract"),
    ),
)


def _links(entries: Iterable[_Entry], actor: Actor, counts: Counts) -> list[NavigationItem]:
    shown = [entry for entry in entries if entry.shown(actor)]
    if _HANDOVERS in shown and not _works_on_records(actor):
        # For receivers the hand-over is the work and the record only its background.
        shown.remove(_HANDOVERS)
        shown.insert(shown.index(_RECORDS), _HANDOVERS)
    return [
        NavigationItem(entry.key, str(entry.label), _address(entry.url_name), entry.icon, entry.count(counts))
        for entry in shown
        if _address(entry.url_name)
    ]


def _phone(actor: Actor, links: list[NavigationItem]) -> list[NavigationItem]:
    """Four of them for the thumb: heads decide where others look something up."""
    fourth = "decisions" if _holds(Role.DEPARTMENT_HEAD)(actor) else "knowledge"
    by_key = {item.key: item for item in links}
    register = NavigationItem("register", _register_label(actor), _address("register"), "phone-plus")
    chosen = [by_key.get("desk"), by_key.get("records"), register, by_key.get(fourth)]
    return [item for item in chosen if item is not None]


def _primary(actor: Actor, path: str) -> NavigationItem | None:
    url = _address("register")
    return NavigationItem("register", _register_label(actor), url, "phone-plus") if path != url else None


def _register_label(actor: Actor) -> str:
    return _("Log a call") if _holds(*DESKS)(actor) else _("Relay a call")


def _role(actor: Actor, user: User) -> str:
    held = {each.role for each in actor.grants}
    role = next((str(Role(role).label) for role in SHOWN_FIRST if role in held), "")
    return side_by_side(user.title or role, str(user.department))


def _address(name: str) -> str:
    """Empty while there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
