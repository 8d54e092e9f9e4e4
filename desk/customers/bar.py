"""Search and filters above the list of customers, and the address that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Department, User
from base.parsing import is_storable
from desk.customers.queries import Asked

LONGEST = 100
NONE = "none"


def asked_of(given: QueryDict) -> Asked:
    """What an address asks for; texts that nothing can be called count as not given."""
    q, department, desk = (given.get(name, "")[:LONGEST].strip() for name in ("q", "department", "desk"))
    text, department, desk = (each if is_storable(each) else "" for each in (q, department, desk))
    return Asked(text, department, desk, without_contract=given.get("contract") == NONE)


def address(asked: Asked, cursor: str = "", **changed: str) -> str:
    """The address of the list with some of its filters changed."""
    wanted = {**_given(asked), "cursor": cursor, **changed}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return reverse("customers") + (f"?{query}" if query else "")


def bar(asked: Asked, departments: Sequence[Department], desks: Sequence[User]) -> dict[str, Any]:
    """As components/filter_bar.html shows it; a filter that leaves no choice is left out."""
    offered = {
        "department": (_("Department"), {each.code: str(each) for each in departments}),
        "desk": (_("Service desk"), {each.employee_number: each.get_full_name() for each in desks}),
        "contract": (_("Contract"), {NONE: _("none in force")}),
    }
    given = _given(asked)
    shown = {name: each for name, each in offered.items() if given[name] or name == "contract" or len(each[1]) > 1}
    return {
        "url": reverse("customers"),
        "q": asked.text,
        "hidden": {name: value for name, value in given.items() if value and name != "q"},
        "kept": {"q": asked.text} if asked.text else {},
        "chips": [_chip(asked, name, *shown[name]) for name in shown if given[name]],
        "filters": [_menu(asked, name, *shown[name]) for name in shown if not given[name]],
        "groups": [_group(given[name], name, *shown[name]) for name in shown],
        "clear_url": reverse("customers"),
    }


def _given(asked: Asked) -> dict[str, str]:
    contract = NONE if asked.without_contract else ""
    return {"q": asked.text, "department": asked.department, "desk": asked.desk, "contract": contract}


def _chip(asked: Asked, name: str, label: str, words: dict[str, str]) -> dict[str, str]:
    return {
        "label": label,
        "value": words.get(_given(asked)[name], "–"),
        "remove_url": address(asked, **{name: ""}),
    }


def _menu(asked: Asked, name: str, label: str, words: dict[str, str]) -> dict[str, Any]:
    options = [
        {"label": word, "url": address(asked, **{name: value}), "selected": False} for value, word in words.items()
    ]
    return {"label": label, "options": options}


def _group(given: str, name: str, label: str, words: dict[str, str]) -> dict[str, Any]:
    options = [{"value": value, "label": word, "ticked": value == given} for value, word in words.items()]
    return {"name": name, "label": label, "one": True, "options": options}
