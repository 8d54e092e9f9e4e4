"""Where a contract stands among those of its customer, in words, the same on every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from procedure.queries import in_force, rules
from sla.models import Contract
from sla.queries import gaps


def notice_days(today: date) -> int:
    """How many days before its end a contract has to be renewed, by the procedure in force."""
    return int(max(rules(in_force(today).pk).parameter("contract_renewal_days")))


def standing_of(found: Contract, today: date, notice: int, followed: bool) -> tuple[str, str, str]:
    """Word, tone and icon of where the contract stands; `followed` if another goes on without a gap."""
    if today < found.starts_on:
        return _("Not begun"), "grey", "calendar-event"
    if today > found.ends_on:
        return (_("Ended, renewed"), "grey", "checks") if followed else (_("Ended, not renewed"), "red", "alert-circle")
    left = (found.ends_on - today).days
    if left <= notice and not followed:
        return _("Ends in %(days)d days, not renewed") % {"days": left}, "amber", "alert-triangle"
    return _("In force"), "green", "check"


def line_of(all_of: Sequence[Contract], today: date) -> list[dict[str, Any]]:
    """The customer's contracts and the gaps between them, in order; no query."""
    lines: list[dict[str, Any]] = [
        {"contract": each, "since": each.starts_on, "until": each.ends_on, "current": each.in_force(today)}
        for each in all_of
    ]
    lines += [
        {"gap": gap, "since": gap.since, "until": gap.until, "past": gap.until is None and gap.since <= today}
        for gap in gaps(all_of)
    ]
    return sorted(lines, key=lambda line: line["since"])
