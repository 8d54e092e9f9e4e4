"""What is said of a verb, once: pages, interface, help and tests read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise

from accounts.actors import Actor
from incidents.forms import NothingToFill, VerbForm
from incidents.models import Declaration, Move, moves
from incidents.verbs.timeline import LineFormat

Party = Literal["", "handler", "customer", "head", "next_level", "risk_control", "receiver", "desk", "custodian"]
Queue = Literal["", "decisions", "handovers", "filing"]
# What the page of a step shows beside its form; `desk.steps` makes it.
Page = Literal["", "grading", "lookup", "contact", "agreement", "first_contact", "screening"]
# What of the record has to be seen before a plain form; `templates/desk/steps/_before.html` shows it.
Shown = Literal["", "contract_notes", "written_confirmation", "request", "due_time"]
Initial = Callable[[Declaration, Actor], Mapping[str, Any]]


@dataclass(frozen=True)
class Prompt:
    """A verb as the thing to do now: when it is due, the word on its button, and why now.

    `position` is its place in the procedure: of several that are due, the first is the next step. One with `awaits`
    records the answer of somebody else, so until that answer comes there is nothing to do. One `of_handler` is for the
    handler alone: the desk is not reminded of it while somebody else handles, although it may do it. One that
    `gives_time` is pressing although no clock runs yet: it leads to the level, from which the due time follows.
    """

    position: int
    button: Promise
    due: Callable[[Declaration], bool]
    why: Promise | Callable[[Declaration], str]
    awaits: Party = ""
    of_handler: bool = False
    gives_time: bool = False

    def why_now(self, declaration: Declaration) -> str:
        """The sentence beside the button."""
        return str(self.why) if isinstance(self.why, Promise) else self.why(declaration)


@dataclass(frozen=True)
class VerbButton:
    """One button under an item of a queue.

    `verb` is what it does, `values` what it stands for, `text` the field that takes what was typed, `done` what is said
    afterwards. Without words of its own it takes those of the verb.
    """

    key: str
    verb: str
    label: Promise | str = ""
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    shortcut: str = ""
    primary: bool = False
    done: Promise | str = ""


@dataclass(frozen=True)
class Verb:
    """A verb with its form and action; the action is called with (id, version=…, actor=…, **form.values()).

    `button` carries it out, `done` is said afterwards, `hint` before. Further:

    * `timeline`: how its entry is told afterwards; one that takes several steps leaves that to each of them.
    * `version_of`: whose version the caller must show, the declaration's or that of the escalation request.
    * `opens`: one that takes several steps in one transaction is judged by the move that it opens with, and `named`.
    * `leads_on`: the action returns another declaration, to which the page goes on.
    * `at_once`: done by the press of the button in the action bar; all others open their form first.
    * `columns`: the fields that write a column of the record, on which two people can differ.
    * `section`: the section of the form at which it is offered too; `rank`: its place among what stands in sight.
    * `is_screening`: one of the outcomes of screening, which share a page and a button.
    * `is_milestone`: what everybody works towards, so that it is said why it is not possible yet.
    * `page`: what its page shows beside the form; `shows`: what of the record has to be seen before it.
    * `initial`: what its form begins with, besides the columns in force.
    * `proves`: the clauses that its entry proves, besides that of its move.
    * `queue`: where it is worked through, with `choices` as its buttons and `ready` words for the reason; a decision is
      `listed_as` a name and an icon, `explains` what each button does (and may name %(problems)s and %(risk)s, who
      hear of it), and its text is an `answer` where it is not a reason.
    """

    name: str
    form: type[VerbForm]
    action: Callable[..., Any]
    icon: str
    button: Promise
    done: Promise
    timeline: LineFormat | None = None
    hint: Promise | str = ""
    version_of: Literal["declaration", "request"] = "declaration"
    opens: str = ""
    named: Promise | str = ""
    leads_on: bool = False
    at_once: bool = False
    key: str = ""
    section: int | None = None
    rank: int = 99
    is_screening: bool = False
    is_milestone: bool = False
    page: Page = ""
    shows: Shown = ""
    initial: Initial | None = None
    proves: tuple[str, ...] = ()
    queue: Queue = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    prompt: Prompt | None = None
    choices: tuple[VerbButton, ...] = ()
    ready: tuple[Promise, ...] = ()
    listed_as: tuple[Promise | str, str] = ("", "")
    explains: Promise | str = ""
    answer: Promise | str = ""

    def __post_init__(self) -> None:
        if (self.opens or self.name) not in moves():
            raise ValueError(f"{self.name} is no move of the machine")
        if self.timeline is None and not self.opens:
            raise ValueError(f"{self.name} lacks its sentence of the time line")
        if self.at_once and self.form is not NothingToFill:
            raise ValueError(f"{self.name} has a form to fill in")
        if self.queue == "decisions" and not (self.listed_as[1] and self.choices and self.explains):
            raise ValueError(f"{self.name} lacks what the list of decisions shows")

    @property
    def move(self) -> Move:
        return moves()[self.opens or self.name]

    @property
    def label(self) -> str | Promise:
        return self.named or self.move.label


def by_name(*kin: Iterable[Verb]) -> dict[str, Verb]:
    """Verbs by their names, in the order given; raises ValueError for one that is declared twice."""
    verbs = [verb for some in kin for verb in some]
    found = {verb.name: verb for verb in verbs}
    if len(found) != len(verbs):
        raise ValueError("a verb is declared twice")
    return found


def own(*columns: str) -> dict[str, str]:
    """Fields that are called as the columns that they write."""
    return {column: column for column in columns}


GRADING = own("leaf", "impact", "urgency", "grading_basis", "category_gap")
