"""Section 4: what was looked up, planned and done (clause 5.4.4)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from incidents.models import HandlerChange, HandlingStep, KnowledgeLookup, Report, Visit
from record_form.formatting import at, box, boxes, line, named, text, word
from record_form.reading import Reading
from record_form.structure import FormLine
from record_form.values import Value, single, table, value

ADOPTED = (
    (KnowledgeLookup.Result.ADOPT, pgettext_lazy("form", "adopted")),
    (KnowledgeLookup.Result.NONE_FITS, pgettext_lazy("form", "none adopted")),
)


def handling(reading: Reading) -> dict[int, Value]:
    """Rows 30 to 37."""
    d, applies = reading.declaration, reading.is_incident
    return {
        30: _contract_notes(reading),
        31: value(
            *(each for lookup in reading.lookups for each in _lookup(reading, lookup)), needed=applies, applies=applies
        ),
        32: value(
            line(reading.person(d.handler_id)),
            *(_handler_change(reading, change) for change in reading.handler_changes),
            needed=applies,
            applies=applies,
        ),
        33: single(text(d.plan), needed=applies and d.priority in (1, 2), applies=applies),
        34: _log(reading),
        35: value(*(_visit(reading, visit) for visit in reading.visits), applies=applies),
        36: value(line(*map(text, d.supporters)), applies=applies),
        37: value(
            *(each for report in reading.reports for each in _report(reading, report)),
            applies=applies and d.priority == 1,
        ),
    }


def _contract_notes(reading: Reading) -> Value:
    d = reading.declaration
    notes = d.contract.process_notes if d.contract and d.contract_notes_due else []
    confirmed = d.contract_notes_confirmed_at
    read = line(
        box(pgettext_lazy("form", "read and confirmed"), "confirmed", ticked=confirmed is not None),
        reading.person(d.contract_notes_confirmed_by_id),
        at(confirmed),
    )
    shown = [line(text(note)) for note in notes] + ([read] if notes else [])
    applies = bool(notes) and reading.is_incident
    return value(*shown, needed=applies, complete=confirmed is not None, applies=applies)


def _lookup(reading: Reading, lookup: KnowledgeLookup) -> list[FormLine]:
    hits = ", ".join(map(str, lookup.hits))
    query = line(
        named(pgettext_lazy("form", "keywords"), text(lookup.query)),
        named(pgettext_lazy("form", "found"), text(hits) or word(pgettext_lazy("form", "nothing"), 0)),
        reading.person(lookup.by_id),
        at(lookup.at),
    )
    version, case = lookup.article_version, lookup.like_case
    article = (
        f"{version.article.code}《{version.content.get('title') or version.article.title}》V{version.version_label}"
        if version
        else ""
    )
    result = line(
        named(pgettext_lazy("form", "article"), text(article)),
        named(pgettext_lazy("form", "like case"), text(case.number)) if case else None,
        named(pgettext_lazy("form", "why not"), text(lookup.reason)),
    )
    return [query, [*boxes(ADOPTED, lookup.result), *result]]


def _handler_change(reading: Reading, change: HandlerChange) -> FormLine:
    return line(
        at(change.at),
        named(pgettext_lazy("form", "from"), reading.person(change.from_user_id)),
        named(pgettext_lazy("form", "to"), reading.person(change.to_user_id)),
        text(change.reason),
    )


def _log(reading: Reading) -> Value:
    if reading.declaration.quick_solved and not reading.steps:
        return value(
            line(word(pgettext_lazy("form", "Solved at once in the first contact, see row 47"), "quick_solved"))
        )
    cells = [
        [line(at(step.at)), line(reading.person(step.by_id)), line(text(step.what)), _result(reading, step)]
        for step in reading.steps
    ]
    applies = reading.is_incident
    return table(
        [
            pgettext_lazy("form", "Time"),
            pgettext_lazy("form", "Person"),
            pgettext_lazy("form", "Measure"),
            pgettext_lazy("form", "Result"),
        ],
        cells,
        needed=applies,
        applies=applies,
    )


def _result(reading: Reading, step: HandlingStep) -> FormLine:
    return line(text(step.result), *reading.files_of(step))


def _visit(reading: Reading, visit: Visit) -> FormLine:
    return line(
        *(text(who) for who in visit.who),
        text(visit.place),
        named(pgettext_lazy("form", "arrived"), at(visit.arrival)),
        named(pgettext_lazy("form", "left"), at(visit.departure)),
        *reading.files_of(visit),
    )


def _report(reading: Reading, report: Report) -> list[FormLine]:
    taken = word(pgettext_lazy("form", "took over"), "taken_over") if report.taken_over else None
    alone = word(pgettext_lazy("form", "the desk cannot solve it alone"), True) if report.desk_cannot_solve else None
    return [
        line(
            at(report.at),
            reading.person(report.by_id),
            named(pgettext_lazy("form", "reported to"), reading.person(report.to_id)),
            text(report.reason),
            alone,
        ),
        line(at(report.answered_at), reading.person(report.answered_by_id), text(report.answer), taken),
        line(named(pgettext_lazy("form", "solved without an answer, because"), text(report.unanswered_reason))),
    ]
