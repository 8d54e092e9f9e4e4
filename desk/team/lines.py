"""The team page as it is shown: a line for each colleague and each record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actors import Actor
from accounts.queries import Holding
from base import wording
from base.text import side_by_side
from desk.home.rows import WorkRow, awaited_words, record_row
from desk.next_step import waits_for
from desk.record.waits import ROLES
from escalation.queries.team import KINDS, Awaited, Load, Threat, Timed, Watched
from incidents.models import UNDECIDED_ESCALATION, Declaration, EscalationState, State
from incidents.verbs import Party
from sla.queries import TimeLeft


def labels() -> dict[str, str]:
    """The figures of a colleague and the parts of the records behind them, by kind."""
    words = (pgettext("view", "Open"), _("Levels 1 and 2"), pgettext("view", "Overdue"), _("Waits for others"))
    return dict(zip(KINDS, words, strict=True))


@dataclass(frozen=True)
class Figure:
    """A number that leads to its records."""

    name: str
    label: str
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
    figures = [Figure(kind, label, getattr(load, kind), f"{url}?kind={kind}") for kind, label in labels().items()]
    return TeamLine(load, url, figures, own=load.user == actor.user)


def late_rows(found: Watched) -> list[WorkRow]:
    """What has run out."""
    return [_row(each.record, each.left) for each in found.late]


def risky_rows(found: Watched) -> list[WorkRow]:
    """What will be late unless somebody acts, each with the reason for thinking so."""
    return [_row(each.record, each.left, why=_threatened(each)) for each in found.risky]


def _threatened(each: Timed) -> str:
    match each.threat:
        case Threat.WARNING:
            return _("%(percent)d%% of its time is used") % {"percent": int(each.left.fraction * 100)}
        case Threat.HOUR:
            return _("Less than an hour is left")
        case Threat.TREND:
            return _("Like cases that ran so long mostly missed their time")
    return _("Due before work ends")


def awaited_rows(found: Watched, holdings: Iterable[Holding]) -> list[WorkRow]:
    """What waits for somebody else: for whom by name, and since when; until when is what its clock says."""
    people = list(holdings)
    return [_row(each.record, each.left, why=_awaited(each, people)) for each in found.waiting]


def _awaited(each: Awaited, holdings: Sequence[Holding]) -> str:
    who = _(", ").join(_who_is_awaited(each.record, party, holdings) for party in _parties(each.record))
    return _("%(who)s · since %(since)s") % {"who": who, "since": wording.clock_time(each.since)}


def _parties(declaration: Declaration) -> list[Party]:
    """Whose move it is; of a service request both the head's and risk control's until each has spoken."""
    if declaration.escalation_state in UNDECIDED_ESCALATION:
        return ["next_level" if declaration.escalation_climbed else "head"]
    if declaration.escalation_state == EscalationState.DECIDED:
        return ["risk_control"]
    if declaration.state == State.REQUEST_REVIEW:
        opinions: tuple[tuple[Party, bool | None], ...] = (
            ("head", declaration.head_agrees),
            ("risk_control", declaration.risk_control_agrees),
        )
        return [party for party, agrees in opinions if agrees is None] or ["head"]
    return [waits_for(declaration) or "handler"]


def _who_is_awaited(declaration: Declaration, party: Party, holdings: Sequence[Holding]) -> str:
    """What is waited for, with the names of those who hold the role for the department: a deputy before the absent."""
    reached = (None, declaration.department_id)
    held = [one for one in holdings if one.role == ROLES.get(party) and _department(one) in reached]
    names = dict.fromkeys((one.deputy or one.user).get_full_name() for one in held)
    words = awaited_words(declaration, party)
    return _("%(what)s (%(names)s)") % {"what": words, "names": _(", ").join(names)} if names else words


def _department(holding: Holding) -> int | None:
    return holding.department.pk if holding.department else None


def _row(declaration: Declaration, left: TimeLeft | None, *, why: str = "") -> WorkRow:
    handler = declaration.handler or declaration.desk
    name = handler.get_full_name() if handler else _("Nobody yet")
    who = side_by_side(declaration.number, declaration.customer_name or declaration.caller, name)
    return record_row(declaration, left, who=who, why=why or declaration.get_state_display())
