"""The cards of the set-up page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from setup.checks.customers import contract_findings, customer_findings
from setup.checks.findings import Finding
from setup.checks.operation import (
    calendar_findings,
    channel_findings,
    knowledge_findings,
    operation_findings,
    procedure_findings,
)
from setup.checks.roles import department_findings, people_findings
from setup.standing import Standing

Check = Callable[[Standing], Iterator[Finding]]


@dataclass(frozen=True)
class Card:
    """A part of moving in: what is set there, on which page (`url_name`), and what is missing."""

    key: str
    title: Promise
    icon: str
    url_name: str
    findings: list[Finding]

    @property
    def grave(self) -> int:
        """How much of what is missing keeps people from a step."""
        return sum(finding.grave for finding in self.findings)


# In the order in which a firm moves in: key, title, icon, page, check, and whether heads see their part of it.
PARTS: tuple[tuple[str, Promise, str, str, Check, bool], ...] = (
    ("calendar", _("Working calendar"), "calendar-event", "calendars", calendar_findings, False),
    ("departments", _("Departments"), "building", "departments", department_findings, True),
    ("people", _("People and roles"), "users", "people", people_findings, True),
    ("customers", _("Customers and contacts"), "address-book", "customers", customer_findings, True),
    ("contracts", _("Contracts"), "briefcase", "contracts", contract_findings, True),
    ("knowledge", _("Knowledge base"), "book-2", "knowledge", knowledge_findings, False),
    ("procedure", _("Firm and procedure"), "file-text", "procedure", procedure_findings, False),
    ("channels", _("Notification channels"), "speakerphone", "channels", channel_findings, False),
    ("operation", _("Operation"), "server", "", operation_findings, False),
)


def cards(standing: Standing) -> list[Card]:
    """Every part with what it lacks; a head of department sees the parts that the department has a share in."""
    return [
        Card(key, title, icon, url_name, list(check(standing)))
        for key, title, icon, url_name, check, of_departments in PARTS
        if standing.whole_firm or of_departments
    ]
