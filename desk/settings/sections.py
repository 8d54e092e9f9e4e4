"""What 设置 holds, one entry a page. A room that has something to set adds its line to `SECTIONS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import may_administer, may_read_people
from accounts.actors import Actor
from notifications.access import may_keep_channels
from setup.access import may_see_setup
from sla.access import may_apply_changes, may_keep_contracts, may_read_calendars
from workbook.access import may_move_in


@dataclass(frozen=True)
class Section:
    """A card of the settings: `url_name` leads to its page, `holds` says what is set there, `shown` who sees it."""

    url_name: str
    label: Promise
    holds: Promise
    icon: str
    shown: Callable[[Actor], bool]


SECTIONS: tuple[Section, ...] = (
    Section(
        "setup",
        _("Setting up"),
        _("What is still missing so that everybody can do their part, and what follows from it."),
        "list-check",
        may_see_setup,
    ),
    Section(
        "workbook",
        _("Moving-in workbook"),
        _("One file with departments, people, customers and contracts: filled in, checked and carried out."),
        "table",
        may_move_in,
    ),
    Section(
        "departments",
        _("Departments"),
        _("Departments and functional units, who holds a role for each, and their end."),
        "building",
        may_administer,
    ),
    Section(
        "people",
        _("People"),
        _("Accounts, roles with their dates, deputies and proofs of skill."),
        "users",
        may_read_people,
    ),
    Section(
        "calendars",
        _("Working calendars"),
        _("Weekly hours, time zone, holidays and make-up days, by which working time is counted."),
        "calendar-event",
        may_read_calendars,
    ),
    Section(
        "contracts",
        _("Contracts"),
        _("Times by level and channel, pauses, agreed ways of working, warnings, dates and renewals."),
        "briefcase",
        may_keep_contracts,
    ),
    Section(
        "deadlines",
        _("Due times after a change"),
        _("Which open records a change of calendar or contract would move, and applying it to them."),
        "clock",
        may_apply_changes,
    ),
    Section(
        "channels",
        _("Notification channels"),
        _("Robots of chat groups, webhooks and the mail server, and what each department's robots are told."),
        "speakerphone",
        may_keep_channels,
    ),
    Section(
        "dead-letters",
        _("Dead letters"),
        _("Messages that could not be delivered, why, and a way to try them again."),
        "mailbox",
        may_keep_channels,
    ),
)


def sections(actor: Actor) -> list[Section]:
    """The sections that this person may open, in the order of the page; no query."""
    return [section for section in SECTIONS if section.shown(actor)]
