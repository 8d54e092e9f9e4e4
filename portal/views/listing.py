"""The list of records: address, filters and pages; the reading is done by incidents.queries.listing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from accounts.acting import Actor
from accounts.models import Customer
from config.clock import now
from incidents.models import Declaration, State, Type
from incidents.queries.customers import customers_in_sight
from incidents.queries.listing import SORTS, VIEWS, Asked, counts, listed
from portal.components.marks import LEVELS
from portal.desk_rows import clock_name
from portal.queries.clocks import shown_clocks
from sla.queries import TimeLeft, TimeState

LONGEST = 100
OPTIONS = 200
COMMANDS = 8
VIEW_LABELS: dict[str, Promise] = {
    "open": pgettext_lazy("view", "Open"),
    "mine": pgettext_lazy("view", "Mine"),
    "late": pgettext_lazy("view", "Overdue"),
    "confirm": pgettext_lazy("view", "To be confirmed"),
    "week": pgettext_lazy("view", "Received in 7 days"),
    "filing": pgettext_lazy("view", "To be filed"),
    "all": pgettext_lazy("view", "All"),
}
BY_RECEIPT = ("week", "filing", "all")
SORT_LABELS: dict[str, Promise] = {
    "due": gettext_lazy("Time left"),
    "received": gettext_lazy("Received"),
    "number": gettext_lazy("Number"),
    "level": gettext_lazy("Level"),
}


@dataclass(frozen=True)
class Line:
    """A record as the list shows it."""

    id: int
    url: str
    number: str
    subject: str
    customer: str
    handler: str
    state: str
    priority: int | None
    ungraded: bool
    restricted: bool
    time_left: TimeLeft | None
    clock_name: str


class Verdict(TimeLeft):
    """A clock that has ended, as a list says it: on time or late, without the span."""

    @property
    def words(self) -> str:
        solved = self.kind == "resolution"
        if self.state == TimeState.MET:
            return _("Solved on time") if solved else _("On time")
        return _("Solved late") if solved else _("Late")


@dataclass(frozen=True)
class Filter:
    """One filter: its name in the address, its label, and the words of its values in order."""

    name: str
    label: str
    words: dict[str, str]


@require_GET
@login_required
def records(request: HttpRequest) -> HttpResponse:
    """One page of 25 with the views, filters and order of the address."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    customers = list(customers_in_sight(actor)[:OPTIONS])
    chosen = _chosen(request.GET)
    asked = _asked(chosen, customers)
    page, numbers = listed(actor, asked), counts(actor, asked)
    clocks = shown_clocks(page.rows, now())
    context = {
        "lines": [_line(row, clocks.get(row.pk)) for row in page.rows],
        "tabs": _tabs(asked, numbers),
        "bar": _bar(chosen, asked, _filters(customers)),
        "words": _words(numbers["asked"]),
        "narrowed": bool(asked.q) or any(chosen[name] for name in ("state", "level", "type", "customer", "department")),
        "clear_url": _address({"view": asked.view}),
        "previous_url": _address(chosen, cursor=page.previous) if page.previous else "",
        "next_url": _address(chosen, cursor=page.next) if page.next else "",
    }
    return render(request, "portal/list.html", context)


@require_GET
@login_required
def command(request: HttpRequest) -> HttpResponse:
    """The records that fit what is typed into the command palette, the newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    text = request.GET.get("q", "")[:LONGEST].strip()
    rows = listed(actor, Asked(view="all", q=text, sort="received")).rows[:COMMANDS] if text else []
    return render(request, "portal/_command.html", {"lines": [_line(row, None) for row in rows], "q": text})


def _chosen(given: QueryDict) -> dict[str, str]:
    """The parameters of the address that the list knows; a search without a view looks everywhere."""
    names = ("view", "q", "state", "level", "type", "customer", "department", "sort", "cursor")
    chosen = {name: given.get(name, "")[:LONGEST] if name != "cursor" else given.get(name, "") for name in names}
    chosen["q"] = chosen["q"].strip()
    if chosen["view"] not in VIEWS:
        chosen["view"] = "all" if chosen["q"] else "open"
    if chosen["sort"] not in SORTS:
        chosen["sort"] = "received" if chosen["view"] in BY_RECEIPT else "due"
    return chosen


def _asked(chosen: dict[str, str], customers: Iterable[Customer]) -> Asked:
    by_code = {customer.code: customer.pk for customer in customers}
    departments = {customer.department.code: customer.department_id for customer in customers}
    return Asked(
        view=chosen["view"],
        q=chosen["q"],
        states=tuple(value for value in _values(chosen["state"]) if value in State.values and value != State.NEW),
        levels=tuple(int(value) for value in _values(chosen["level"]) if value in ("1", "2", "3", "4")),
        types=tuple(value for value in _values(chosen["type"]) if value in Type.values),
        customers=tuple(by_code[value] for value in _values(chosen["customer"]) if value in by_code),
        department=departments.get(chosen["department"]),
        sort=chosen["sort"],
        cursor=chosen["cursor"],
    )


def _values(text: str) -> list[str]:
    return [value for value in text.split(",") if value]


def _line(row: Declaration, left: TimeLeft | None) -> Line:
    handler = row.handler or row.desk
    return Line(
        id=row.pk,
        url=reverse("record", args=[row.number]),
        number=row.number,
        subject=row.subject,
        customer=row.customer.name if row.customer else row.caller_company or row.caller_name,
        handler=handler.name if handler else "",
        state=row.state,
        priority=row.priority,
        ungraded=row.type not in (Type.UNKNOWN, Type.INCIDENT),
        restricted=row.restricted,
        time_left=Verdict(**vars(left)) if left and left.state in (TimeState.MET, TimeState.LATE) else left,
        clock_name=clock_name(left),
    )


def _filters(customers: Iterable[Customer]) -> list[Filter]:
    departments = {customer.department.code: str(customer.department) for customer in customers}
    found = [
        Filter("state", _("State"), {str(s.value): str(s.label) for s in State if s != State.NEW}),
        Filter("level", _("Level"), {str(level): str(word) for level, word in LEVELS.items()}),
        Filter("type", _("Type"), {str(t.value): str(t.label) for t in Type if t != Type.UNKNOWN}),
        Filter("customer", _("Customer"), {customer.code: customer.name for customer in customers}),
        Filter("department", _("Department"), departments),
    ]
    return [each for each in found if len(each.words) > 1]


def _bar(chosen: dict[str, str], asked: Asked, filters: list[Filter]) -> dict[str, Any]:
    kept = {name: value for name, value in chosen.items() if value and name not in ("q", "cursor")}
    return {
        "url": reverse("records"),
        "q": asked.q,
        "hidden": kept,
        "chips": [_chip(chosen, each) for each in filters if chosen[each.name]],
        "filters": [_menu(chosen, each) for each in filters],
        "clear_url": _address({"view": asked.view}),
        "sort": {
            "label": str(SORT_LABELS[asked.sort]),
            "ascending": not SORTS[asked.sort].descending,
            "options": [
                {"label": str(word), "url": _address(chosen, sort=name), "selected": name == asked.sort}
                for name, word in SORT_LABELS.items()
            ],
        },
    }


def _chip(chosen: dict[str, str], each: Filter) -> dict[str, str]:
    words = [each.words[value] for value in _values(chosen[each.name]) if value in each.words]
    return {
        "label": each.label,
        "value": _(", ").join(words) or "–",
        "remove_url": _address(chosen, **{each.name: ""}),
    }


def _menu(chosen: dict[str, str], each: Filter) -> dict[str, Any]:
    """Every value switches itself on or off; a department is one at a time."""
    now_set = _values(chosen[each.name])
    options = []
    for value, word in each.words.items():
        switched = [one for one in now_set if one != value] if value in now_set else [*now_set, value]
        wanted = switched[-1:] if each.name == "department" else switched
        url = _address(chosen, **{each.name: ",".join(wanted)})
        options.append({"label": word, "url": url, "selected": value in now_set})
    return {"label": each.label, "options": options}


def _tabs(asked: Asked, numbers: dict[str, int]) -> list[dict[str, Any]]:
    address = reverse("records")
    return [
        {
            "label": str(word),
            "url": f"{address}?view={name}",
            "count": bounded(numbers[name]) if name in numbers else None,
            "current": name == asked.view,
        }
        for name, word in VIEW_LABELS.items()
    ]


def bounded(count: int) -> str:
    """A count as people read it; beyond the bound of the counting only that there are more."""
    return "1,000+" if count > 1000 else str(count)


def _words(count: int) -> str:
    return _("%(count)s records") % {"count": bounded(count)}


def _address(chosen: dict[str, str], **changed: str) -> str:
    """The address of the list with some parameters changed; a change of anything else begins at the first page."""
    wanted = {**chosen, "cursor": "", **changed}
    return f"{reverse('records')}?{urlencode({name: value for name, value in wanted.items() if value})}"
