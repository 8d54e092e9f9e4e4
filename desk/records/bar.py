"""Views, filters and order above the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from desk.models import SavedView
from desk.records.address import FILTERS, RECEIVED, ListChoice, address, values
from incidents.models import State, Type
from incidents.queries.listing import SORTS
from ui.components.basics import LEVELS

VIEW_LABELS: dict[str, Promise] = {
    "open": pgettext_lazy("view", "Open"),
    "mine": pgettext_lazy("view", "Mine"),
    "late": pgettext_lazy("view", "Overdue"),
    "confirm": pgettext_lazy("view", "To be confirmed"),
    "week": pgettext_lazy("view", "Received in 7 days"),
    "watched": pgettext_lazy("view", "Watched by me"),
    "filing": pgettext_lazy("view", "To be filed"),
    "all": pgettext_lazy("view", "All"),
}
SORT_LABELS: dict[str, Promise] = {
    "due": gettext_lazy("Time left"),
    "received": gettext_lazy("Received"),
    "number": gettext_lazy("Number"),
    "level": gettext_lazy("Level"),
}


@dataclass(frozen=True)
class Filter:
    """One filter: its name in the address, its label, and the words of its values in order."""

    name: str
    label: str
    words: dict[str, str]
    one: bool = False


def filters(choice: ListChoice) -> list[Filter]:
    """Those that leave a choice."""
    departments = {customer.department.code: str(customer.department) for customer in choice.customers}
    leaves = {code: str(leaf.name) for code, leaf in choice.leaves.items()}
    found = [
        Filter("received", pgettext("filter", "Received"), {str(days): _days(days) for days in RECEIVED}, one=True),
        Filter("customer", _("Customer"), {customer.code: customer.name for customer in choice.customers}),
        Filter("level", _("Level"), {str(level): str(word) for level, word in LEVELS.items()}),
        Filter("state", _("State"), {str(s.value): str(s.label) for s in State if s != State.NEW}),
        Filter("handler", _("Handler"), {number: name for number, (_key, name) in choice.handlers.items()}),
        Filter("leaf", _("Category"), leaves),
        Filter("type", _("Type"), {str(t.value): str(t.label) for t in Type if t != Type.UNKNOWN}),
        Filter("department", _("Department"), departments, one=True),
    ]
    return [each for each in found if len(each.words) > 1]


def bar(chosen: dict[str, str], offered: list[Filter]) -> dict[str, Any]:
    """As components/filter_bar.html shows it; `groups` are the same filters as one form, for a narrow screen."""
    hidden = {name: value for name, value in chosen.items() if value and name not in ("q", "cursor", "saved")}
    return {
        "url": reverse("records"),
        "q": chosen["q"],
        "hidden": hidden,
        "kept": {name: chosen[name] for name in ("view", "q", "sort") if chosen[name]},
        "chips": [_chip(chosen, each) for each in offered if chosen[each.name]],
        # Of which there is one at a time, the chip says all.
        "filters": [_menu(chosen, each) for each in offered if not (each.one and chosen[each.name])],
        "groups": [_group(chosen, each) for each in offered],
        "clear_url": address({"view": chosen["view"]}),
        "sort": {
            "label": str(SORT_LABELS[chosen["sort"]]),
            "ascending": not SORTS[chosen["sort"]].descending,
            "options": [
                {"label": str(word), "url": address(chosen, sort=name), "selected": name == chosen["sort"]}
                for name, word in SORT_LABELS.items()
            ],
        },
    }


def is_narrowed(chosen: dict[str, str]) -> bool:
    """Whether anything but the view was asked for."""
    return bool(chosen["q"]) or any(chosen[name] for name in FILTERS)


def tabs(chosen: dict[str, str], numbers: dict[str, int], saved: list[SavedView]) -> list[dict[str, Any]]:
    """The views of everybody, then one's own, each with how much it holds."""
    home, current = reverse("records"), chosen["saved"]
    found = [
        {
            "label": str(word),
            "url": f"{home}?view={name}",
            "count": bounded(numbers[name]) if name in numbers else None,
            "current": not current and name == chosen["view"],
        }
        for name, word in VIEW_LABELS.items()
    ]
    own = [
        {
            "label": view.name,
            "url": f"{home}?{view.query}&saved={view.pk}",
            "count": bounded(numbers[view.key]),
            "current": current == str(view.pk),
        }
        for view in saved
    ]
    return found + own


def _chip(chosen: dict[str, str], each: Filter) -> dict[str, str]:
    words = [each.words[value] for value in values(chosen[each.name]) if value in each.words]
    return {
        "label": each.label,
        "value": _(", ").join(words) or "–",
        "remove_url": address(chosen, **{each.name: ""}),
    }


def _menu(chosen: dict[str, str], each: Filter) -> dict[str, Any]:
    """Every value switches itself on or off; of some there is one at a time."""
    now_set = values(chosen[each.name])
    options = []
    for value, word in each.words.items():
        switched = [one for one in now_set if one != value] if value in now_set else [*now_set, value]
        wanted = switched[-1:] if each.one else switched
        url = address(chosen, **{each.name: ",".join(wanted)})
        options.append({"label": word, "url": url, "selected": value in now_set})
    return {"label": each.label, "options": options}


def _group(chosen: dict[str, str], each: Filter) -> dict[str, Any]:
    ticked = values(chosen[each.name])
    options = [{"value": value, "label": word, "ticked": value in ticked} for value, word in each.words.items()]
    return {"name": each.name, "label": each.label, "one": each.one, "options": options}


def _days(days: int) -> str:
    return _("Today") if days == 1 else _("Last %(days)d days") % {"days": days}


def bounded(count: int) -> str:
    """A count as people read it; beyond the bound of the counting only that there are more."""
    return "1,000+" if count > 1000 else str(count)


def counted(count: int) -> str:
    """So many records, in words."""
    return _("%(count)s records") % {"count": bounded(count)}
