"""The declaration and its state machine: T1 to T27 of the procedure's state table, and the verbs beside it."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin

from incidents.models import guards as g
from incidents.models.choices import END_STATES, OPEN_STATES, Capacity, HandoverKind, State
from incidents.models.fields import DeclarationFields
from incidents.models.moves import Move, move
from ledger.guards import Frozen

S, C = State, Capacity
WORKING = (S.CLASSIFIED, S.IN_PROGRESS, S.WAITING_CUSTOMER)
HANDLED_BY_DESK = (C.DESK, C.HANDLER)
NOTHING_UNDECIDED = (g.ESCALATION_REQUESTED, g.ESCALATION_DECIDED, g.ESCALATION_COUNTERSIGNED)
CHANGEABLE_WHEN_CLOSED = (
    "state",
    "version",
    "reopen_count",
    "resolved_at",
    "closed_at",
    "confirmed_at",
    "confirmation_authorised",
    "confirmed_in_writing",
    "completion_asked_at",
    "filed_by",
    "filed_at",
    "paper_place",
    "retention_until",
    "satisfaction",
)


class Declaration(FSMModelMixin, DeclarationFields):
    """One declaration of a customer, from the first call to the filed record form (clauses 5.4.1 to 5.4.7).

    A move changes only this row; what else belongs to a verb (clocks, ledger, notifications, children) is its action's.
    """

    stream_kind: ClassVar[str] = "declaration"
    guard: ClassVar[Frozen] = Frozen(column="state", values={"filed": (), "closed": CHANGEABLE_WHEN_CLOSED})
    undeletable: ClassVar[bool] = True

    state = FSMField(max_length=24, choices=State.choices, default=State.NEW, protected=True)

    class Meta:
        indexes = [
            # The lists: department's records by due time, by receipt and by number (incidents.queries.listing).
            models.Index(fields=["department", "state", "due_at"], name="declaration_department_due"),
            models.Index(fields=["due_at", "id"], name="declaration_due"),
            models.Index(fields=["-received_at", "-id"], name="declaration_received"),
            models.Index(fields=["priority", "id"], name="declaration_level"),
            models.Index(fields=["customer", "-received_at"], name="declaration_customer"),
            models.Index(fields=["desk", "state"], name="declaration_desk"),
            # Repeats of A-08 (incidents.queries.earlier_repeats).
            models.Index(
                fields=["customer", "leaf", "received_at"],
                name="declaration_repeats",
                condition=Q(type="incident") & ~Q(leaf=""),
            ),
            # The desk: what still has to be done by one person (portal.queries.desk).
            models.Index(
                fields=["handler", "due_at"],
                name="declaration_handler_open",
                condition=Q(state__in=sorted(OPEN_STATES)),
            ),
            models.Index(fields=["receiver", "state"], name="declaration_receiver"),
            models.Index(
                fields=["escalation_state", "department"],
                name="declaration_escalation",
                condition=~Q(escalation_state=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="new"), name="declaration_started"),
            models.CheckConstraint(condition=Q(priority__isnull=True) | Q(priority__range=(1, 4)), name="level_1_to_4"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="satisfaction_1_to_5"
            ),
            models.CheckConstraint(condition=~Q(state="filed") | Q(filed_at__isnull=False), name="filed_has_time"),
            models.CheckConstraint(
                condition=~Q(state__in=["resolved", "closed", "filed"]) | Q(resolved_at__isnull=False),
                name="resolved_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do on it before it may be filed or has ended."""
        return self.state in OPEN_STATES

    @property
    def has_ended(self) -> bool:
        return self.state in END_STATES

    def set(self, **values: Any) -> None:
        """Write several columns; the moves below are little else."""
        for name, value in values.items():
            setattr(self, name, value)

    # Intake, clause 5.4.1

    @move("T1", clause="5.4.1", label=_("Relay to the desk"), source=S.NEW, target=S.RELAYED, by=[C.STAFF])
    def relay(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T2 T3",
        clause="5.4.1",
        label=_("Accept"),
        source=[S.NEW, S.RELAYED],
        target=S.ACCEPTED,
        by=[C.DESK, C.INTAKE],
    )
    def accept(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.3-3", clause="5.3", label=_("Join a repeated alarm"), source=OPEN_STATES, by=[C.INTAKE, C.DESK], rare=True
    )
    def join_alarm(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-3-2",
        clause="5.4.3",
        label=_("Record the first response"),
        source=OPEN_STATES - {S.RESOLVED},
        by=[C.DESK, C.HANDLER, C.RELAYER],
        guards=[g.NOT_RESPONDED],
    )
    def respond(self, **values: Any) -> None:
        self.set(**values)

    # Screening, clause 5.4.2

    @move(
        "T4",
        clause="5.4.2",
        label=_("End as invalid"),
        source=S.ACCEPTED,
        target=S.INVALID,
        by=[C.DESK],
        guards=[g.RESPONDED],
    )
    def screen_as_invalid(self, **values: Any) -> None:
        self.set(**values)

    @move("T5", clause="5.4.2", label=_("Screen as incident"), source=S.ACCEPTED, target=S.SCREENED, by=[C.DESK])
    def screen_as_incident(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T6",
        clause="5.4.2",
        label=_("Screen as service request"),
        source=S.ACCEPTED,
        target=S.REQUEST_REVIEW,
        by=[C.DESK],
        guards=[g.RESPONDED],
    )
    def screen_as_request(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T10",
        clause="5.4.2",
        label=_("Hand over"),
        source=S.ACCEPTED,
        target=S.HANDED_OVER,
        by=[C.DESK],
        guards=[g.RESPONDED],
    )
    def hand_over(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T27",
        clause="5.4.2",
        label=_("Correct the type"),
        source=[
            S.ACCEPTED,
            S.SCREENED,
            S.CLASSIFIED,
            S.IN_PROGRESS,
            S.WAITING_CUSTOMER,
            S.REQUEST_REVIEW,
            S.REQUEST_IN_PROGRESS,
            S.RESOLVED,
        ],
        target=S.ACCEPTED,
        by=[C.DESK],
        guards=NOTHING_UNDECIDED,
        basis="reading",
        rare=True,
    )
    def change_type(self, **values: Any) -> None:
        self.set(**values)

    # Service requests and hand-overs, clause 5.4.2

    @move(
        "R-5.4.2-5",
        clause="5.4.2",
        label=_("Give an opinion"),
        source=S.REQUEST_REVIEW,
        by=[C.HEAD, C.RISK_CONTROL],
    )
    def give_opinion(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T7",
        clause="5.4.2",
        label=_("Accept the request"),
        source=S.REQUEST_REVIEW,
        target=S.REQUEST_IN_PROGRESS,
        by=[C.HEAD],
        guards=[g.BOTH_OPINIONS, g.HEAD_AGREES],
        basis="reading",
    )
    def accept_request(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T8",
        clause="5.4.2",
        label=_("Decline the request"),
        source=S.REQUEST_REVIEW,
        target=S.REQUEST_DECLINED,
        by=[C.HEAD],
        guards=[g.RISK_CONTROL_OPINION, g.RESPONDED],
        basis="reading",
    )
    def decline_request(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T9",
        clause="5.4.2",
        label=_("Complete the request"),
        source=S.REQUEST_IN_PROGRESS,
        target=S.REQUEST_DONE,
        by=[C.HEAD],
        guards=[g.CUSTOMER_ANSWERED],
        basis="reading",
    )
    def complete_request(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T11",
        clause="5.4.2",
        label=_("Sign for receipt"),
        source=S.HANDED_OVER,
        target=RETURN_VALUE(S.HANDOVER_RECEIVED, S.HANDOVER_DONE),
        by=[C.RECEIVER],
        basis="reading",
    )
    def receive_handover(self, *, kind: str, **values: Any) -> str:
        """For sales the receipt already completes the hand-over (A-20)."""
        self.set(**values)
        return S.HANDOVER_DONE if kind == HandoverKind.SALES else S.HANDOVER_RECEIVED

    @move(
        "T12",
        clause="5.4.2",
        label=_("Return to the desk"),
        source=S.HANDED_OVER,
        target=S.ACCEPTED,
        by=[C.RECEIVER],
        basis="reading",
        rare=True,
    )
    def return_handover(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T13",
        clause="5.4.2",
        label=_("Complete the hand-over"),
        source=S.HANDOVER_RECEIVED,
        target=S.HANDOVER_DONE,
        by=[C.RECEIVER],
        basis="reading",
    )
    def complete_handover(self, **values: Any) -> None:
        self.set(**values)

    # Classification, clause 5.4.3

    @move("T14", clause="5.4.3", label=_("Classify"), source=S.SCREENED, target=S.CLASSIFIED, by=[C.DESK])
    def classify(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T18",
        clause="5.4.3",
        label=_("Reclassify"),
        source=WORKING,
        by=[C.DESK, C.HEAD],
        basis="reading",
        rare=True,
    )
    def reclassify(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T18",
        clause="5.4.4",
        label=_("Reassign"),
        source=[*WORKING, S.SCREENED],
        by=[C.DESK, C.HEAD],
        basis="reading",
        rare=True,
    )
    def reassign(self, **values: Any) -> None:
        self.set(**values)

    # Handling, clause 5.4.4

    @move(
        "R-5.4.4-1",
        clause="5.4.4",
        label=_("Confirm the contract's notes"),
        source=WORKING,
        by=HANDLED_BY_DESK,
        guards=[g.NOTES_OPEN],
    )
    def confirm_contract_notes(self, **values: Any) -> None:
        self.set(**values)

    @move("R-5.4.4-2", clause="5.4.4", label=_("Consult the knowledge base"), source=WORKING, by=HANDLED_BY_DESK)
    def look_up(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T15",
        clause="5.4.4",
        label=_("Start handling"),
        source=S.CLASSIFIED,
        target=S.IN_PROGRESS,
        by=[C.HANDLER],
        guards=[g.NOTES_CONFIRMED, g.LOOKED_UP],
    )
    def start(self, **values: Any) -> None:
        self.set(**values)

    @move("R-5.4.4-6", clause="5.4.4", label=_("Write the plan"), source=WORKING, by=HANDLED_BY_DESK)
    def write_plan(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.4-4",
        clause="5.4.4",
        label=_("Record a handling step"),
        source=[S.IN_PROGRESS, S.WAITING_CUSTOMER],
        by=HANDLED_BY_DESK,
    )
    def log_handling(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.4-6",
        clause="5.4.4",
        label=_("Record a visit"),
        source=[S.IN_PROGRESS, S.WAITING_CUSTOMER, S.RESOLVED],
        by=HANDLED_BY_DESK,
        rare=True,
    )
    def record_visit(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T16",
        clause="5.4.4",
        label=_("Report to the head"),
        source=[S.CLASSIFIED, S.IN_PROGRESS],
        by=[C.DESK],
        rare=True,
    )
    def report_up(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T16",
        clause="5.4.4",
        label=_("Answer the report"),
        source=[S.CLASSIFIED, S.IN_PROGRESS],
        by=[C.HEAD],
        guards=[g.REPORT_OPEN],
    )
    def answer_report(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T16",
        clause="5.4.4",
        label=_("Take over"),
        source=[S.CLASSIFIED, S.IN_PROGRESS],
        by=[C.HEAD],
        guards=[g.REPORTED_OR_LEVEL_1],
    )
    def take_over(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T17",
        clause="5.4.6",
        label=_("Wait for the customer"),
        source=S.IN_PROGRESS,
        target=S.WAITING_CUSTOMER,
        by=[C.HANDLER],
        basis="reading",
        rare=True,
    )
    def wait(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T17",
        clause="5.4.6",
        label=_("Go on handling"),
        source=S.WAITING_CUSTOMER,
        target=S.IN_PROGRESS,
        by=[C.HANDLER],
        basis="reading",
    )
    def resume(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.6-1",
        clause="5.4.6",
        label=_("Update the customer"),
        source=OPEN_STATES - {S.RELAYED},
        by=HANDLED_BY_DESK,
    )
    def communicate(self, **values: Any) -> None:
        self.set(**values)

    @move("R-5.4.6-4", clause="5.4.6", label=_("Warn"), source=WORKING, by=HANDLED_BY_DESK)
    def warn(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.6-5",
        clause="5.4.6",
        label=_("State the cause of the miss"),
        source=[*WORKING, S.RESOLVED],
        by=HANDLED_BY_DESK,
        guards=[g.LATE],
        basis="reading",
    )
    def state_breach_reason(self, **values: Any) -> None:
        self.set(**values)

    # Escalation to a problem, clause 5.4.5; the objects themselves belong to the escalation package

    @move(
        "E1",
        clause="5.4.5",
        label=_("Request the escalation"),
        source=[*WORKING, S.RESOLVED],
        by=[C.DESK],
        guards=[g.MAY_REQUEST_ESCALATION],
    )
    def request_escalation(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "E2",
        clause="5.4.5",
        label=_("Decide on the escalation"),
        source=[*WORKING, S.RESOLVED],
        by=[C.HEAD],
        guards=[g.DECISION_DUE],
    )
    def decide_escalation(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "E3",
        clause="5.4.5",
        label=_("Countersign"),
        source=[*WORKING, S.RESOLVED],
        by=[C.RISK_CONTROL],
        guards=[g.COUNTERSIGNATURE_DUE],
        basis="reading",
    )
    def countersign(self, **values: Any) -> None:
        self.set(**values)

    # Completion, clause 5.4.7

    @move(
        "T19",
        clause="5.4.4",
        label=_("Resolve"),
        source=[S.IN_PROGRESS, S.WAITING_CUSTOMER],
        target=S.RESOLVED,
        by=HANDLED_BY_DESK,
        guards=[g.RESPONDED, g.PLANNED, g.HANDLED],
    )
    def resolve(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T20",
        clause="5.4.4",
        label=_("Solve at once"),
        source=S.CLASSIFIED,
        target=S.RESOLVED,
        by=[C.DESK],
        guards=[g.MINOR, g.NOTES_CONFIRMED, g.LOOKED_UP, g.RESPONDED],
    )
    def quick_solve(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.7-2",
        clause="5.4.7",
        label=_("Record the customer's confirmation"),
        source=S.RESOLVED,
        by=[C.DESK, C.CONTACT],
        basis="reading",
    )
    def confirm(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T22",
        clause="5.4.7",
        label=_("Not solved: go on"),
        source=S.RESOLVED,
        target=S.IN_PROGRESS,
        by=[C.DESK, C.CONTACT],
        basis="reading",
        rare=True,
    )
    def reject(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T21",
        clause="5.4.7",
        label=pgettext_lazy("verb", "Close"),
        source=S.RESOLVED,
        target=S.CLOSED,
        by=[C.DESK],
        guards=[
            g.CONFIRMED,
            g.CONFIRMED_IN_WRITING,
            g.COMMUNICATED,
            *NOTHING_UNDECIDED,
            g.BREACH_EXPLAINED,
        ],
    )
    def close(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T23",
        clause="5.4.7",
        label=_("Reopen"),
        source=S.CLOSED,
        target=S.IN_PROGRESS,
        by=[C.DESK],
        guards=[g.MAY_REOPEN],
        basis="added",
        rare=True,
    )
    def reopen(self, **values: Any) -> None:
        self.set(**values)

    @move("T24", clause="5.4.7", label=pgettext_lazy("verb", "File"), source=S.CLOSED, target=S.FILED, by=[C.CUSTODIAN])
    def file(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T25",
        clause="5.4.7",
        label=_("Send back for completion"),
        source=S.CLOSED,
        target=S.CLOSED,
        by=[C.CUSTODIAN],
        basis="reading",
    )
    def return_for_completion(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.7-4",
        clause="5.4.7",
        label=_("Add an annex"),
        source=[S.CLOSED, S.FILED],
        by=[C.DESK, C.CUSTODIAN],
        basis="reading",
        rare=True,
    )
    def add_annex(self) -> None:
        """An annex stands beside the record and changes nothing on it."""

    @move(
        "T26",
        clause="5.4.7",
        label=_("Withdrawn by the customer"),
        source=OPEN_STATES - {S.RELAYED},
        target=S.WITHDRAWN,
        by=[C.DESK],
        guards=NOTHING_UNDECIDED,
        basis="reading",
        rare=True,
    )
    def withdraw(self, **values: Any) -> None:
        self.set(**values)


@cache
def moves() -> dict[str, Move]:
    """Every move of the machine by its verb, in the order of the class; pages, API, figure and tests read this."""
    methods = [value for value in vars(Declaration).values() if hasattr(value, "_django_fsm")]
    found = [next(iter(method._django_fsm.transitions.values())).custom["move"] for method in methods]
    return {each.verb: each for each in found}
