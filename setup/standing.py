"""What stands on the desk, as far as the checks of moving in ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.models import Department, User
from setup.models import Confirmation
from sla.models import Contract


@dataclass(frozen=True)
class CustomerStanding:
    """A customer that lacks something, and what it has."""

    key: int
    name: str
    department: int
    has_desk: bool
    has_contract: bool
    has_contact: bool
    has_confirming_contact: bool


@dataclass(frozen=True)
class BotStanding:
    """A robot by which nothing has arrived yet, and why its last try-out did not, where it was tried."""

    key: int
    name: str
    failure: str


@dataclass(frozen=True)
class Standing:
    """One look at the desk. `departments` are those that keep customers; `held` are roles with their department (None
    where the role is the firm's) that somebody holds on `day`. `customers` lack something; lists of customers, people,
    contracts and robots are cut off after `queries.MOST`. `articles_ending` and `articles_expired` are numbers of
    published articles, the first to end before the others."""

    day: date
    whole_firm: bool
    departments: list[Department]
    held: frozenset[tuple[str, int | None]]
    administrators: int
    people: int
    without_password: list[User]
    unqualified: list[User]
    customer_count: int
    customers: list[CustomerStanding]
    ending: list[Contract]
    calendar: str
    missing_years: list[int]
    articles: int
    header_is_masked: bool
    articles_ending: list[str]
    articles_expired: list[str]
    official_texts: int
    outgoing: bool
    mail_arrived: bool
    bots: int
    bots_untried: list[BotStanding]
    confirmed: Mapping[str, Confirmation]

    def holds(self, role: str, department: Department | None = None) -> bool:
        """Whether somebody holds the role, for that department or for the whole firm."""
        return bool({(role, department.pk if department else None), (role, None)} & self.held)
