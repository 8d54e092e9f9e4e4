"""What past incidents of the kind let expect of this one, in a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from incidents.models import Declaration
from incidents.queries.outlook import outlook_at
from incidents.verbs.timeline import Names
from sla.prediction import Outlook
from sla.queries import TimeLeft, TimeState

STILL_OPEN = (TimeState.NORMAL, TimeState.SOON, TimeState.AT_RISK, TimeState.PAUSED)


def trend_sentence(d: Declaration, names: Names, left: TimeLeft | None) -> str:
    """The chance of a miss with the counts behind it, or that too little is known; nothing once the time is over or the
    incident solved. One statement."""
    if left is None or left.kind != "resolution" or left.state not in STILL_OPEN or not d.leaf or not d.priority:
        return ""
    percent = max(0, min(99, int(left.fraction * 100)))
    seen = outlook_at(d.priority, d.leaf, names.book, percent)
    return _too_little(seen, names) if seen.chance is None else _counts(d, names, seen, seen.chance, percent)


def _counts(d: Declaration, names: Names, seen: Outlook, chance: float, percent: int) -> str:
    first, second, leaf = names.book.leaf(d.leaf).path
    kind = [leaf, second, first, ""][seen.kind]
    values = {
        "known": seen.known,
        "kind": f"{names.level(d.priority)} {kind}".strip(),
        "percent": percent,
        "reached": seen.reached,
        "missed": seen.missed,
        "chance": round(100 * chance),
    }
    return (
        _(
            "Of %(known)s like cases (%(kind)s), %(reached)s had used this much of their time (%(percent)s%%); "
            "%(missed)s of those missed it. The chance of a miss is about %(chance)s%%."
        )
        % values
    )


def _too_little(seen: Outlook, names: Names) -> str:
    least = names.book.parameter("trend_minimum_history")
    values = {"known": seen.known, "reached": seen.reached, "cases": least["cases"], "least": least["reached"]}
    if seen.known < least["cases"]:
        return _("No trend yet: %(known)s like cases have an outcome, %(cases)s are needed.") % values
    return _("No trend: only %(reached)s like cases ran this long, %(least)s are needed.") % values
