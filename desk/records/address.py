"""The address of the list: what it may say, and what is asked for by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Customer
from incidents.models import State, Type
from incidents.queries.listing import SORTS, VIEWS, ListQuery
from procedure.queries import Leaf

LONGEST, LONGEST_QUERY = 100, 4000
FILTERS = ("received", "customer", "level", "state", "handler", "leaf", "type", "department")
# In days; a kept view stays right when time goes on, which a date would not.
RECEIVED = (1, 7, 30, 90)
# What a saved view keeps; a place in the list is of the moment.
KEPT = ("view", "q", *FILTERS, "sort")
BY_RECEIPT = ("week", "filing", "all")


def chosen(parameters: QueryDict) -> dict[str, str]:
    """The parameters of the address that the list knows; a search without a view looks everywhere.

    Several values of a filter come separated by commas, or each by its own, as a form sends them.
    """
    found = {name: ",".join(parameters.getlist(name))[:LONGEST] for name in FILTERS}
    found |= {name: parameters.get(name, "")[:LONGEST] for name in ("view", "q", "sort")}
    found |= {"cursor": parameters.get("cursor", ""), "saved": parameters.get("saved", "")[:LONGEST]}
    found["q"] = found["q"].strip()
    if found["view"] not in VIEWS:
        found["view"] = "all" if found["q"] else "open"
    if found["sort"] not in SORTS:
        found["sort"] = "received" if found["view"] in BY_RECEIPT else "due"
    return found


@dataclass(frozen=True)
class ListChoice:
    """What the reader can choose from: customers in sight, their handlers past and present by number as key and name,
    the leaves of today.
    """

    customers: Sequence[Customer]
    handlers: Mapping[str, tuple[int, str]]
    leaves: Mapping[str, Leaf]


def asked(chosen: dict[str, str], choice: ListChoice) -> ListQuery:
    """What the list reads for it; values that are none, or not in the reader's sight, count as not given."""
    by_code = {customer.code: customer.pk for customer in choice.customers}
    departments = {customer.department.code: customer.department_id for customer in choice.customers}
    return ListQuery(
        view=chosen["view"],
        q=chosen["q"],
        states=tuple(value for value in values(chosen["state"]) if value in State.values and value != State.NEW),
        levels=tuple(int(value) for value in values(chosen["level"]) if value in ("1", "2", "3", "4")),
        types=tuple(value for value in values(chosen["type"]) if value in Type.values),
        customers=tuple(by_code[value] for value in values(chosen["customer"]) if value in by_code),
        handlers=tuple(choice.handlers[value][0] for value in values(chosen["handler"]) if value in choice.handlers),
        leaves=tuple(value for value in values(chosen["leaf"]) if value in choice.leaves),
        received_days={str(days): days for days in RECEIVED}.get(chosen["received"]),
        department=departments.get(chosen["department"]),
        sort=chosen["sort"],
        cursor=chosen["cursor"],
    )


def values(text: str) -> list[str]:
    """The single values of a filter."""
    return [value for value in text.split(",") if value]


def query(chosen: dict[str, str]) -> str:
    """What a saved view and an export keep of it, in a fixed order."""
    return urlencode({name: chosen[name] for name in KEPT if chosen[name]})


def address(chosen: dict[str, str], **changed: str) -> str:
    """The address with some parameters changed; a change of anything else begins at the first page."""
    wanted = {**chosen, "cursor": "", **changed}
    if {name: wanted.get(name) for name in KEPT} != {name: chosen.get(name) for name in KEPT}:
        wanted["saved"] = ""
    return f"{reverse('records')}?{urlencode({name: value for name, value in wanted.items() if value})}"


def read(query: str) -> QueryDict:
    """A kept query as parameters; what cannot be read counts as nothing asked for."""
    try:
        return QueryDict(query[:LONGEST_QUERY])
    except (ValueError, TooManyFieldsSent):
        return QueryDict()
