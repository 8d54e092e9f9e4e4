"""The team page as it is shown: a line for each colleague and each record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from base import wording
from base.text import side_by_side
from desk.home.rows import WorkRow, awaited_words, clock_words
from desk.next_step import waits_for
from desk.team.queries import KINDS, Load
from incidents.models import UNDECIDED_ESCALATION, Declaration, Type
from sla.queries import TimeLeft, TimeState

RISKY = (TimeState.AT_RISK, TimeState.SOON)


@dataclass(frozen=True)
class Figure:
    """A number that leads to its records."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class TeamLine:
    """One colleague; `own` is the reader."""

    load: Load
    url: str
    figures: list[Figure]
    own: bool

    @property
    def away(self) -> str:
        if not self.load.deputies:
            return ""
        names = _(", ").join(one.get_full_name() for one in self.load.deputies)
        return _("away today, deputy: %(names)s") % {"names": names}


def team_lines(found: Iterable[Load], actor: Actor) -> list[TeamLine]:
    """A line for each, with an address behind every figure."""
    return [_line(load, actor) for load in found]


def _line(load: Load, actor: Actor) -> TeamLine:
    url = reverse("team-person", args=[load.user.pk])
    figures = [Figure(kind, getattr(load, kind), f"{url}?kind={kind}") for kind in KINDS]
    return TeamLine(load, url, figures, own=load.user == actor.user)


def late_rows(rows: Iterable[Declaration], clocks: Mapping[int, TimeLeft]) -> list[WorkRow]:
    """What has run out."""
    return [_row(each, clocks[each.pk]) for each in rows if _state(each, clocks) == TimeState.BREACHED]


def risky_rows(rows: Iterable[Declaration], clocks: Mapping[int, TimeLeft]) -> list[WorkRow]:
    """What has used 75 per cent of its time or has less than an hour, and what cases like it usually miss."""
    return [_row(each, clocks[each.pk]) for each in rows if _state(each, clocks) in RISKY]


def awaited_rows(rows: Iterable[Any], clocks: Mapping[int, TimeLeft]) -> list[WorkRow]:
    """What waits for somebody else, since when; until when is what its clock says."""
    made = []
    for each in rows:
        values = {"who": _who_is_awaited(each), "since": wording.clock_time(each.since)}
        made.append(_row(each, clocks.get(each.pk), why=_("%(who)s · since %(since)s") % values))
    return made


def _who_is_awaited(declaration: Declaration) -> str:
    if declaration.escalation_state in UNDECIDED_ESCALATION:
        climbed = declaration.escalation_climbed
        return _("The level above the head decides") if climbed else _("Head of department decides")
    return awaited_words(declaration, waits_for(declaration) or "risk_control")


def _state(declaration: Declaration, clocks: Mapping[int, TimeLeft]) -> TimeState | None:
    left = clocks.get(declaration.pk)
    return left.state if left else None


def _row(declaration: Declaration, left: TimeLeft | None, *, why: str = "") -> WorkRow:
    url, handler = reverse("record", args=[declaration.number]), declaration.handler or declaration.desk
    name = handler.get_full_name() if handler else _("Nobody yet")
    return WorkRow(
        number=declaration.number,
        subject=declaration.subject,
        priority=declaration.priority,
        restricted=declaration.restricted,
        url=url,
        step_url=url,
        button="",
        who=side_by_side(declaration.number, declaration.customer_name or declaration.caller, name),
        why=why or declaration.get_state_display(),
        time_left=left,
        clock_name=clock_words(left),
        ungraded=declaration.type not in (Type.UNKNOWN, Type.INCIDENT),
    )


def decided_about(rows: Iterable[Declaration]) -> list[Declaration]:
    """Those whose clock is that of the decision which is waited for."""
    return [each for each in rows if each.escalation_state in UNDECIDED_ESCALATION]
