"""Escalation requests with their decisions, and the problems they become (E1 to E4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from incidents.models import REPEAT_THRESHOLD, SEVERE_IMPACT, Part
from ledger.models import Record, Versioned


class EscalationRequest(FSMModelMixin, Versioned, Part):
    """The request that an incident becomes a problem (R-5.4.5-1 to -4); `by` and `at` are requester and time.

    `decision_clock` and `countersign_clock` are the last ones of it: after an objection it is decided anew, and the
    clocks before stay with the decision and the countersignature that stopped them.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for the decision")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        OBJECTED = "objected", _("Objected by risk control")
        COUNTERSIGNED = "countersigned", _("Countersigned")
        LAPSED = "lapsed", _("Lapsed with its incident")

    # Still open for somebody: the head or risk control.
    STANDING: ClassVar[tuple[str, ...]] = (State.REQUESTED, State.APPROVED, State.REFUSED, State.OBJECTED)

    class Trigger(models.TextChoices):
        SEVERE_IMPACT = SEVERE_IMPACT, _("Severe impact")
        REPEAT_THRESHOLD = REPEAT_THRESHOLD, _("Repeated up to the limit")
        OTHER = "other", pgettext_lazy("trigger", "Other")

    trigger = models.CharField(max_length=20, choices=Trigger.choices)
    reason = models.TextField()
    state = FSMField(max_length=16, choices=State.choices, default=State.REQUESTED, protected=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    approved = models.BooleanField(null=True, blank=True)
    objections = models.PositiveSmallIntegerField(default=0)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    decision_clock = models.OneToOneField("sla.Clock", null=True, on_delete=models.PROTECT, related_name="+")
    countersign_clock = models.OneToOneField("sla.Clock", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Part.Meta):
        constraints = [
            # Two requests at once: one wins.
            models.UniqueConstraint(
                fields=["declaration"],
                condition=Q(state__in=["requested", "approved", "refused", "objected"]),
                name="one_open_escalation",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("by")), name="requester_never_decides"
            ),
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(state__in=["requested", "objected"]), name="escalation_undecided"),
            models.Index(fields=["declaration"], condition=Q(approved=False), name="escalation_refusal"),
        ]

    @property
    def is_decided(self) -> bool:
        """Whether the head has decided and risk control has not answered yet."""
        return self.state in (self.State.APPROVED, self.State.REFUSED)

    @transition(
        field="state", source=[State.REQUESTED, State.OBJECTED], target=RETURN_VALUE(State.APPROVED, State.REFUSED)
    )
    def decide(self, *, approved: bool, **values: Any) -> str:
        """E2: the head approves or refuses."""
        self.set(approved=approved, **values)
        return self.State.APPROVED if approved else self.State.REFUSED

    @transition(
        field="state", source=[State.APPROVED, State.REFUSED], target=RETURN_VALUE(State.COUNTERSIGNED, State.OBJECTED)
    )
    def countersign(self, *, agrees: bool) -> str:
        """E3: risk control countersigns, or objects and sends it back to the head."""
        if not agrees:
            self.objections += 1
        return self.State.COUNTERSIGNED if agrees else self.State.OBJECTED

    @transition(field="state", source=list(STANDING), target=State.LAPSED)
    def lapse(self, *, lapsed_at: datetime) -> None:
        """The incident was withdrawn or turned out to be none: nobody has to answer any more."""
        self.lapsed_at = lapsed_at


class Decision(Part):
    """One decision of the head of department on a request, with its reason, and the clock that it stopped."""

    request = models.ForeignKey(EscalationRequest, on_delete=models.PROTECT, related_name="decisions")
    approved = models.BooleanField()
    reason = models.TextField()
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    clock = models.OneToOneField("sla.Clock", null=True, on_delete=models.PROTECT, related_name="+")


class Countersignature(Part):
    """One opinion of risk control on a decision (A-10), and the clock that it stopped."""

    request = models.ForeignKey(EscalationRequest, on_delete=models.PROTECT, related_name="countersignatures")
    agrees = models.BooleanField()
    opinion = models.TextField()
    clock = models.OneToOneField("sla.Clock", null=True, on_delete=models.PROTECT, related_name="+")


class Problem(Record):
    """A problem raised from an incident: numbered, handed to problem management, acknowledged (E4).

    The incident goes on beside it (A-11). `reference` is the number that problem management gives it. One whose
    approval falls after an objection is withdrawn: it stays, with the reason.
    """

    stream_kind: ClassVar[str] = "problem"
    undeletable: ClassVar[bool] = True

    number = models.CharField(max_length=24, unique=True)
    request = models.OneToOneField(EscalationRequest, on_delete=models.PROTECT, related_name="problem")
    declaration = models.ForeignKey("incidents.Declaration", on_delete=models.PROTECT, related_name="problems")
    customer = models.ForeignKey("accounts.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    leaf = models.CharField(max_length=16)
    subject = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""), name="withdrawn_with_reason"
            )
        ]
        indexes = [
            # The list of problems, and those that nobody has received (escalation.queries.problems).
            models.Index(fields=["-raised_at", "-id"], name="problem_raised"),
            models.Index(
                fields=["-raised_at", "-id"],
                condition=Q(acknowledged_at__isnull=True, withdrawn_at__isnull=True),
                name="problem_awaited",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.number

    @property
    def is_awaited(self) -> bool:
        """Whether problem management has still to sign for it."""
        return self.acknowledged_at is None and self.withdrawn_at is None
