"""Who handles it, and what was done (clause 5.4.4)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.record.names import Names, listed, moment, short
from desk.record.timeline.history import HistoryEntry
from desk.record.timeline.sentences.base import CHANGES, HANDLING, LineFormat, Sentence, filled, fixed
from incidents.models import KnowledgeLookup


def _reassign(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handlerchange")
    return Sentence(
        filled(_("Reassigned: %(reason)s"), _("Reassigned"), reason=short(row.text("reason"))),
        before=names.person(row.number("from_user")),
        after=names.person(row.number("to_user")),
    )


def _take_over(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handlerchange")
    return Sentence(
        _("Took over the handling"),
        row.text("reason"),
        before=names.person(row.number("from_user")),
        after=names.person(row.number("to_user")),
    )


def _look_up(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.knowledgelookup")
    values = {"query": row.text("query")}
    full = _("Knowledge base “%(query)s”: none fits")
    if row.text("result") != KnowledgeLookup.Result.NONE_FITS:
        full = _("Knowledge base “%(query)s”: %(adopted)s adopted")
        values["adopted"] = names.adopted(row.number("article_version"), row.number("like_case"))
    return Sentence(filled(full, _("Knowledge base consulted"), **values), row.text("reason"))


def _step(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handlingstep")
    return Sentence(row.text("what") or _("Handled"), row.text("result"))


def _visit(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.visit")
    values = {"who": listed(row.texts("who")), "place": row.text("place"), "arrival": moment(row.text("arrival"))}
    since = filled(_("On site: %(who)s at %(place)s since %(arrival)s"), _("On site"), **values)
    full = _("On site: %(who)s at %(place)s, %(arrival)s to %(departure)s")
    return Sentence(filled(full, since, **values, departure=moment(row.text("departure"))))


def _departure(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.visit")
    return Sentence(
        filled(
            _("%(who)s left %(place)s at %(departure)s"),
            _("Left the site"),
            who=listed(row.texts("who")),
            place=row.text("place"),
            departure=moment(row.text("departure")),
        )
    )


def _report(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.report")
    to, reason = names.person(row.number("to")), short(row.text("reason"))
    return Sentence(filled(_("Reported to %(to)s: %(reason)s"), _("Reported to the head"), to=to, reason=reason))


def _answer(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(_("Answered the desk"), entry.row("incidents.report").text("answer"))


LINE_FORMATS: Mapping[str, LineFormat] = {
    "confirm_contract_notes": LineFormat(
        "file-check", (HANDLING,), fixed(gettext_lazy("Read and confirmed the contract's notes"))
    ),
    "look_up": LineFormat("book-2", (HANDLING,), _look_up),
    "start": LineFormat("player-play", (HANDLING,), fixed(gettext_lazy("Started handling"))),
    "write_plan": LineFormat("clipboard-text", (HANDLING,), fixed(gettext_lazy("Wrote the plan"), "plan")),
    "log_handling": LineFormat("tools", (HANDLING,), _step),
    "record_visit": LineFormat("map-pin", (HANDLING,), _visit),
    "record_departure": LineFormat("logout", (HANDLING,), _departure),
    "reassign": LineFormat("user-share", (CHANGES,), _reassign),
    "report_up": LineFormat("message-report", (HANDLING,), _report),
    "answer_report": LineFormat("message-circle", (HANDLING,), _answer),
    "take_over": LineFormat("user-check", (HANDLING, CHANGES), _take_over),
}
