"""The verbs of handling (clause 5.4.4)."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incidents.actions.handlers import reassign, take_on
from incidents.actions.handling import (
    confirm_contract_notes,
    log_handling,
    look_up,
    record_departure,
    record_visit,
    start,
    write_plan,
)
from incidents.forms import NothingToFill, handling, intake
from incidents.models import KnowledgeLookup, State
from incidents.models.guards import PLANNED
from incidents.verbs.due import in_state
from incidents.verbs.timeline import (
    CHANGES,
    HANDLING,
    HistoryEntry,
    LineFormat,
    Names,
    Sentence,
    filled,
    fixed,
    listed,
    moment,
    short,
)
from incidents.verbs.verb import Prompt, Verb


def _reassign(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handlerchange")
    return Sentence(
        filled(gettext("Reassigned: %(reason)s"), gettext("Reassigned"), reason=short(row.text("reason"))),
        before=names.person(row.number("from_user")),
        after=names.person(row.number("to_user")),
    )


def _look_up(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.knowledgelookup")
    values = {"query": row.text("query")}
    full = gettext("Knowledge base “%(query)s”: none fits")
    if row.text("result") != KnowledgeLookup.Result.NONE_FITS:
        full = gettext("Knowledge base “%(query)s”: %(adopted)s adopted")
        values["adopted"] = names.adopted(row.number("article_version"), row.number("like_case"))
    return Sentence(filled(full, gettext("Knowledge base consulted"), **values), row.text("reason"))


def _step(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handlingstep")
    return Sentence(row.text("what") or gettext("Handled"), row.text("result"))


def _visit(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.visit")
    values = {"who": listed(row.texts("who")), "place": row.text("place"), "arrival": moment(row.text("arrival"))}
    since = filled(gettext("On site: %(who)s at %(place)s since %(arrival)s"), gettext("On site"), **values)
    full = gettext("On site: %(who)s at %(place)s, %(arrival)s to %(departure)s")
    return Sentence(filled(full, since, **values, departure=moment(row.text("departure"))))


def _departure(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.visit")
    return Sentence(
        filled(
            gettext("%(who)s left %(place)s at %(departure)s"),
            gettext("Left the site"),
            who=listed(row.texts("who")),
            place=row.text("place"),
            departure=moment(row.text("departure")),
        )
    )


VERBS = (
    Verb(
        "reassign",
        handling.ReassignForm,
        reassign,
        icon="user-share",
        key="S",
        button=pgettext_lazy("button", "Reassign"),
        done=_("Reassigned"),
        timeline=LineFormat((CHANGES,), _reassign, is_edit=True),
    ),
    Verb(
        "take_on",
        intake.ReasonForm,
        take_on,
        icon="user-check",
        key="Y",
        button=pgettext_lazy("button", "Take over"),
        done=_("You handle it now"),
        timeline=LineFormat((CHANGES,), _reassign, is_edit=True),
        hint=_("You become the handler; the desk keeps the contact with the customer and the form."),
    ),
    Verb(
        "confirm_contract_notes",
        NothingToFill,
        confirm_contract_notes,
        icon="file-check",
        key="E",
        button=pgettext_lazy("button", "Read and confirmed"),
        done=_("The contract's notes are confirmed"),
        timeline=LineFormat((HANDLING,), fixed(_("Read and confirmed the contract's notes"))),
        shows="contract_notes",
        prompt=Prompt(
            13,
            button=pgettext_lazy("step", "Read contract"),
            due=lambda d: d.contract_notes_due and d.contract_notes_confirmed_at is None,
            why=_("The contract says how this is handled; read it first"),
            of_handler=True,
        ),
    ),
    Verb(
        "look_up",
        handling.LookUpForm,
        look_up,
        icon="book-2",
        key="B",
        button=pgettext_lazy("button", "None fits"),
        done=_("The look-up is recorded"),
        timeline=LineFormat((HANDLING,), _look_up, row="knowledgelookup"),
        section=3,
        rank=9,
        page="lookup",
        prompt=Prompt(
            14,
            button=pgettext_lazy("step", "Look it up"),
            due=lambda d: d.looked_up_at is None,
            why=_("Handling starts after a look into the knowledge base"),
            of_handler=True,
        ),
    ),
    Verb(
        "start",
        NothingToFill,
        start,
        icon="player-play",
        key="T",
        button=pgettext_lazy("button", "Start handling"),
        done=_("Handling has started"),
        timeline=LineFormat((HANDLING,), fixed(_("Started handling"))),
        shows="contract_notes",
        at_once=True,
        is_milestone=True,
        prompt=Prompt(
            15,
            button=pgettext_lazy("step", "Start"),
            due=in_state(State.CLASSIFIED),
            why=_("Looked up; handling can start"),
            of_handler=True,
        ),
    ),
    Verb(
        "write_plan",
        handling.PlanForm,
        write_plan,
        icon="clipboard-text",
        key="W",
        button=pgettext_lazy("button", "Save the plan"),
        done=_("The plan is saved"),
        timeline=LineFormat((HANDLING,), fixed(_("Wrote the plan"), "plan")),
        section=3,
        rank=5,
        columns={"text": "plan"},
        prompt=Prompt(
            19,
            button=pgettext_lazy("step", "Write the plan"),
            due=lambda d: d.state == State.IN_PROGRESS and not PLANNED(d),
            why=_("Levels 1 and 2 need a plan before they are resolved"),
            of_handler=True,
        ),
    ),
    Verb(
        "log_handling",
        handling.HandlingStepForm,
        log_handling,
        icon="tools",
        button=pgettext_lazy("button", "Record the step"),
        done=_("The step is recorded"),
        timeline=LineFormat((HANDLING,), _step, row="handlingstep"),
        key="A",
        section=3,
        rank=1,
        prompt=Prompt(
            21,
            button=pgettext_lazy("step", "Handle"),
            due=lambda d: d.handled_at is None,
            why=_("In progress; record what is done and what comes of it"),
            of_handler=True,
        ),
    ),
    Verb(
        "record_visit",
        handling.VisitForm,
        record_visit,
        icon="map-pin",
        key="V",
        button=pgettext_lazy("button", "Record the visit"),
        done=_("The visit is recorded"),
        timeline=LineFormat((HANDLING,), _visit, row="visit"),
        section=3,
    ),
    Verb(
        "record_departure",
        handling.DepartureForm,
        record_departure,
        icon="logout",
        button=pgettext_lazy("button", "Record the departure"),
        done=_("The departure is recorded"),
        timeline=LineFormat((HANDLING,), _departure, row="visit"),
        hint=_("The time stays as it is recorded; it is added once."),
        section=3,
    ),
)
