"""The declaration: its table, and the guards that the database keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMModelMixin

from incidents.models.choices import END_STATES, OPEN_STATES
from incidents.models.counting import AwaitsCount
from incidents.models.fields import DeclarationFields
from incidents.models.machine import Machine
from incidents.models.timing import HANDED, first_clock, stored_clock
from ledger.canonical import Json
from ledger.guards import Frozen
from sla.models import Clock, ClockEvent

EVENT = ClockEvent._meta.label_lower

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
    "shown_clock",
    "shown_due_at",
)


class Declaration(FSMModelMixin, Machine, DeclarationFields):
    """One declaration of a customer, from the first call to the filed record form (clauses 5.4.1 to 5.4.7).

    A move changes only this row; what else belongs to a verb (clocks, ledger, notifications, children) is its action's.
    """

    stream_kind: ClassVar[str] = "declaration"
    guard: ClassVar[Frozen] = Frozen(column="state", values={"filed": (), "closed": CHANGEABLE_WHEN_CLOSED})
    undeletable: ClassVar[bool] = True
    unrecorded: ClassVar[tuple[str, ...]] = ("shown_clock", "shown_due_at")

    # Set on what registering found instead of making it: a call sent twice, an alarm of something known.
    is_repeat: bool = False

    class Meta:
        indexes = [
            # The lists: by the time left that is shown, by receipt, number and level (incidents.queries.listing).
            models.Index(fields=["department", "state", "due_at"], name="declaration_department_due"),
            models.Index(
                fields=["shown_due_at", "id"], name="declaration_shown_due", condition=Q(shown_due_at__isnull=False)
            ),
            models.Index(fields=["id"], name="declaration_open", condition=Q(state__in=sorted(OPEN_STATES))),
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
            # The desk: what still has to be done by one person (desk.queries.work).
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
            # Who sees what besides departments and customers (incidents.access.visible).
            models.Index(
                fields=["id"],
                name="declaration_problem",
                condition=~Q(problem_number="") | Q(problem_withdrawn_at__isnull=False),
            ),
            models.Index(fields=["id"], name="declaration_climbed", condition=Q(escalation_climbed=True)),
            models.Index(fields=["id"], name="declaration_restricted", condition=Q(restricted=True)),
            models.Index(fields=["id"], name="declaration_major", condition=Q(is_major=True)),
            models.Index(fields=["id"], name="declaration_request", condition=Q(type="service_request")),
            # What must be reviewed, beside level 1 and missed clocks (audit.queries.waiting_for_review).
            models.Index(fields=["id"], name="declaration_severe", condition=Q(impact="severe")),
            models.Index(fields=["id"], name="declaration_reopened", condition=Q(reopen_count__gt=0)),
            models.Index(
                fields=["id"], name="declaration_miss_corrected", condition=Q(miss_corrected_at__isnull=False)
            ),
            models.Index(fields=["-filed_at"], name="declaration_filed", condition=Q(filed_at__isnull=False)),
            # The figures: what was solved in a month, what of it late, and what is unsolved past its due time.
            models.Index(fields=["resolved_at"], name="declaration_solved", condition=Q(resolved_at__isnull=False)),
            models.Index(
                fields=["resolved_at"], name="declaration_solved_late", condition=Q(resolved_at__gte=F("due_at"))
            ),
            models.Index(
                fields=["due_at"],
                name="declaration_unsolved",
                condition=Q(resolved_at__isnull=True, due_at__isnull=False),
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

    def derive(self, before: Mapping[str, Json] | None, kinds: Collection[str]) -> None:
        """Which clock is shown, and until when it runs; one statement where the state or a clock has changed.

        One more where the record has ended, or had: the figures count it anew.
        """
        if before is not None and not {before["state"], self.state} <= OPEN_STATES:
            AwaitsCount.objects.create(declaration=self)
        if before is not None and before["state"] == self.state and EVENT not in kinds:
            return
        self.shown_clock = shown = first_clock(self) if before is None else self._clock_to_show()
        self.shown_due_at = shown.due_at if shown and shown.runs_out and self.is_open else None

    def _clock_to_show(self) -> Clock | None:
        """While it is handed over the clock of the hand-over, else one of its own; one statement."""
        if self.state not in HANDED:
            return stored_clock(self)
        under_way = self.handover_rows.filter(completed_at=None, returned_at=None).select_related("clock")
        handover = under_way.order_by("-pk").first()
        return handover.clock if handover else None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do on it before it may be filed or has ended."""
        return self.state in OPEN_STATES

    @property
    def has_ended(self) -> bool:
        return self.state in END_STATES
