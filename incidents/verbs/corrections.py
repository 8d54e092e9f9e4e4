"""The verbs by which what was typed wrong or twice is put right."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incidents.actions.corrections import CORRECTABLE, correct
from incidents.actions.striking import strike_out
from incidents.forms.corrections import CorrectForm, StrikeOutForm
from incidents.models import Channel
from incidents.queries.striking import KINDS, SAYS
from incidents.verbs.timeline import (
    CHANGES,
    Change,
    HistoryEntry,
    LineFormat,
    Names,
    Sentence,
    Values,
    filled,
    label,
    lines,
    moment,
    short,
)
from incidents.verbs.verb import Verb, own
from sla.wording import clock_name


def _corrected(entry: HistoryEntry, names: Names) -> Sentence:
    rows = entry.rows.get("incidents.correction", [])
    counted = [_counted_anew(each) for each in entry.facts.parts("clocks")]
    reason = next((row.text("reason") for row in rows), "")
    return Sentence(
        gettext("Corrected what was typed"),
        lines(reason, *counted),
        changes=tuple(Change(_label(row), _words(row, "before"), _words(row, "after")) for row in rows),
    )


def _label(row: Values) -> str:
    asked = CorrectForm.base_fields.get(row.text("field"))
    return str(asked.label) if asked else row.text("field")


def _words(row: Values, side: str) -> str:
    stored = row.text(side)
    if row.text("field") == "channel":
        return label(Channel, stored)
    return moment(stored) if row.text("field") == "received_at" else stored


def _counted_anew(clock: Values) -> str:
    """What became of a clock, and aloud where its verdict is another one."""
    values = {
        "clock": clock_name(clock.text("kind")),
        "before": moment(clock.text("due_before")),
        "after": moment(clock.text("due_after")),
    }
    before, after = clock.flag("missed_before"), clock.flag("missed_after")
    if before and not after:
        return gettext("%(clock)s: due %(before)s, now %(after)s; was missed, now counts as in time") % values
    if after and not before:
        return gettext("%(clock)s: due %(before)s, now %(after)s; was in time, now counts as missed") % values
    return gettext("%(clock)s: due %(before)s, now %(after)s") % values


def _struck_out(entry: HistoryEntry, names: Names) -> Sentence:
    found = ((kind, entry.row(f"incidents.{kind}")) for kind in KINDS)
    kind, row = next(((kind, row) for kind, row in found if row), ("", Values()))
    named = str(KINDS[kind]) if kind else ""
    said = str(SAYS[kind](row) or "") if kind else ""
    return Sentence(
        filled(gettext("Struck out: %(kind)s"), gettext("Struck out an entry"), kind=named),
        row.text("void_reason"),
        before=short(said),
    )


VERBS = (
    Verb(
        "correct",
        CorrectForm,
        correct,
        icon="pencil",
        button=pgettext_lazy("button", "Correct it"),
        key="J",
        done=_("Corrected; the time line keeps both texts"),
        timeline=LineFormat((CHANGES,), _corrected, is_edit=True),
        hint=_("Both texts stay in the time line. With another time of receipt the clocks are counted anew."),
        columns=own(*CORRECTABLE),
    ),
    Verb(
        "strike_out",
        StrikeOutForm,
        strike_out,
        icon="ban",
        button=pgettext_lazy("button", "Strike it out"),
        key="K",
        done=_("Struck out; it stays readable and counts no more"),
        timeline=LineFormat((CHANGES,), _struck_out, is_edit=True),
        hint=_("It stays in the time line, struck through, and counts nowhere. That cannot be taken back."),
    ),
)
