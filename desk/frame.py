"""What every page carries round its content: navigation, counts, bell, and the controlled document in force."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import SimpleLazyObject

from accounts.actors import Actor, local_day
from accounts.models import Role, User
from accounts.requests import DeskRequest, once_a_request
from base.clock import now
from base.text import side_by_side
from base.zones import other_zone
from desk import navigation
from desk.live.marks import mark_of, newest_of_request
from desk.navigation import NavigationItem
from desk.queries.work import Counts, Work, counts_of, work_of
from procedure.queries import NoProcedure, Rules, in_force, rules

# Whose name stands under the person's where the account has no job title.
SHOWN_FIRST = (
    *navigation.DESKS,
    Role.DEPARTMENT_HEAD,
    Role.RISK_CONTROL,
    *navigation.RECEIVERS,
    Role.CUSTODIAN,
    Role.AUDITOR,
)


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
    work: int = 0
    primary: NavigationItem | None = None
    command_url: str = ""
    zone: str = ""
    mark: str = ""

    @property
    def places(self) -> list[NavigationItem]:
        """Every page of the navigation, for the palette and the list of keys."""
        return [*self.items, *self.reference]


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
    # First, so that what happens while the page is made is new to it.
    newest, counts = newest_of_request(request), counts_of_request(request)
    items, reference = (
        navigation.links(navigation.NAVIGATION, actor, counts),
        navigation.links(navigation.REFERENCE, actor, counts),
    )
    return Frame(
        procedure=_document(request),
        items=items,
        reference=reference,
        phone=navigation.phone(actor, [*items, *reference]),
        user_name=actor.user.get_full_name(),
        user_role=_role(actor, actor.user),
        unread=newest.unread,
        work=counts.all,
        primary=navigation.primary(actor, request.path),
        command_url=navigation.address("command"),
        zone=other_zone(),
        mark=mark_of(request),
    )


def _document(request: DeskRequest) -> Document | None:
    book = book_of(request)
    if book is None:
        return None
    header = book.header
    return Document(
        str(header.title), header.version_label, header.controlled_status, header.confidentiality, header.effective_on
    )


def _role(actor: Actor, user: User) -> str:
    held = {each.role for each in actor.grants}
    role = next((str(Role(role).label) for role in SHOWN_FIRST if role in held), "")
    return side_by_side(user.title or role, str(user.department))
