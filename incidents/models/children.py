"""What a declaration gathers on its way: one row a fact, each dated, each frozen once the declaration is filed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.choices import HandoverKind, Impact, Type, Urgency, Way
from incidents.models.declaration import Declaration
from incidents.models.parts import Part, Voidable
from incidents.models.parts import contact as _contact
from incidents.models.parts import person as _person
from ledger.guards import Guard

# The steps whose files are what was declared, or its original.
FROM_INTAKE = frozenset({"accept", "relay", "join_alarm", "correct"})


class Attachment(Voidable):
    """A file of the declaration, kept unaltered by its content (R-5.3-2)."""

    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=24)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    # The row that it belongs to ("handlingstep:12"), and what it was called where it is kept under another name.
    row = models.CharField(max_length=40, blank=True, default="", db_default="")
    given_name = models.CharField(max_length=120, blank=True, default="", db_default="")

    @property
    def came_with_the_call(self) -> bool:
        """Whether it belongs to what was declared; the rest came with a step or the customer's confirmation."""
        return self.purpose in FROM_INTAKE


class Communication(Voidable):
    """One contact with the customer (R-5.4.6-1); `at` is when it happened, not when it was written down."""

    recorded_at = models.DateTimeField()
    way = models.CharField(max_length=16, choices=Way.choices)
    contact = _contact()
    to = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    is_first_response = models.BooleanField(default=False)
    reached = models.BooleanField(default=True)
    # The customer called, wrote or came; else they were told.
    from_customer = models.BooleanField(default=False, db_default=False)
    # The time by which a solution was promised in it.
    promised_at = models.DateTimeField(null=True, blank=True)


class Alarm(Part):
    """A repeated alarm that joined the open record, with its own words (R-5.3-3); `at` is when it was counted.

    `call_digest` and `idempotency_key` tell a retry from the next alarm.
    """

    received_at = models.DateTimeField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    call_digest = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=64, unique=True, null=True, blank=True)


class HandlingStep(Voidable):
    """One measure and its result (R-5.4.4-4); solving waits for the first of them."""

    what = models.TextField()
    result = models.TextField()


class Visit(Voidable):
    """Help on the customer's site (R-5.4.4-6)."""

    who = models.JSONField(default=list)
    place = models.CharField(max_length=200)
    arrival = models.DateTimeField()
    departure = models.DateTimeField(null=True, blank=True)

    class Meta(Voidable.Meta):
        constraints = [
            *Voidable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(departure__isnull=True) | Q(departure__gte=models.F("arrival")), name="visit_forwards"
            ),
        ]


class KnowledgeLookup(Voidable):
    """A look into the knowledge base, its hits and what was made of them (R-5.4.4-2, R-5.4.4-3)."""

    class Result(models.TextChoices):
        ADOPT = "adopt", _("Adopted")
        NONE_FITS = "none_fits", _("None fits")

    query = models.CharField(max_length=200)
    hits = models.JSONField(default=list)
    result = models.CharField(max_length=12, choices=Result.choices)
    article_version = models.ForeignKey(
        "knowledge.ArticleVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    like_case = models.ForeignKey(Declaration, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta(Voidable.Meta):
        constraints = [
            *Voidable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(result="none_fits", article_version__isnull=True, like_case__isnull=True)
                | Q(result="adopt", article_version__isnull=False)
                | Q(result="adopt", like_case__isnull=False),
                name="lookup_adopts_one",
            ),
        ]


class Waiting(Part):
    """Waiting for the customer; `at` is its start, and it stops the clock only where the contract says so (A-06)."""

    awaits = models.TextField()
    contact = _contact()
    basis = models.TextField()
    stops_clock = models.BooleanField()
    ended_at = models.DateTimeField(null=True, blank=True)
    received = models.TextField(blank=True)
    way = models.CharField(max_length=16, choices=Way.choices, blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["declaration"], condition=Q(ended_at__isnull=True), name="one_open_waiting")
        ]


class Handover(Part):
    """Three dated receipts by named people: sent (`at`), received, completed (A-20)."""

    kind = models.CharField(max_length=12, choices=HandoverKind.choices)
    receiver = _person()
    content = models.TextField()
    clock = models.OneToOneField("sla.Clock", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    received_by = _person(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    result = models.TextField(blank=True)

    class Meta(Part.Meta):
        indexes = [
            models.Index(fields=["receiver", "received_at"], name="handover_receiver"),
            # Who was handed what that is not completed (incidents.access.visible).
            models.Index(fields=["receiver"], condition=Q(completed_at__isnull=True), name="handover_unfinished"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(received_at__isnull=False), name="received_before_completed"
            )
        ]


class Opinion(Part):
    """The opinion of the head of department or of risk control on a service request (R-5.4.2-5)."""

    role = models.CharField(max_length=16)
    agrees = models.BooleanField()
    text = models.TextField()


class Reclassification(Part):
    """What the classification was before and why it changed (R-5.4.3-5)."""

    reason = models.TextField()
    leaf = models.CharField(max_length=16)
    impact = models.CharField(max_length=12, choices=Impact.choices)
    urgency = models.CharField(max_length=12, choices=Urgency.choices)
    priority = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()


class TypeChange(Part):
    """A correction of the type before closing (R-5.4.2-8)."""

    from_type = models.CharField(max_length=24, choices=Type.choices)
    to_type = models.CharField(max_length=24, choices=Type.choices)
    reason = models.TextField()


class HandlerChange(Part):
    """Who handled it before, who after, and why (R-5.4.4-1, A-16)."""

    from_user = _person(null=True, blank=True)
    to_user = _person()
    reason = models.TextField(blank=True)


class Report(Part):
    """A report to the head of department, who answers or takes over (R-5.4.4-7).

    `unanswered_reason` says why it was solved although the head had to answer and never did.
    """

    to = _person()
    level_1 = models.BooleanField()
    desk_cannot_solve = models.BooleanField()
    reason = models.TextField()
    answered_by = _person(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    taken_over = models.BooleanField(default=False)
    unanswered_reason = models.TextField(blank=True)


class Confirmation(Part):
    """The customer's word that it is solved (R-5.4.7-2)."""

    contact = _contact()
    way = models.CharField(max_length=16, choices=Way.choices)
    opinion = models.TextField(blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    authorised = models.BooleanField()
    attachment = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class Reopening(Part):
    """A rejection by the customer or a reopening by the desk, with the solution time that no longer counts, and
    whether that one was in time (A-05)."""

    class Kind(models.TextChoices):
        REJECTED = "rejected", _("Rejected by the customer")
        REOPENED = "reopened", _("Reopened by the desk")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    contact = _contact()
    way = models.CharField(max_length=16, choices=Way.choices, blank=True)
    reason = models.TextField()
    earlier_resolved_at = models.DateTimeField()
    earlier_met = models.BooleanField(null=True)


class Annex(Part):
    """A dated addition after closing; it stands beside the record (R-5.4.7-4)."""

    guard: ClassVar[Guard] = "append_only"

    class Kind(models.TextChoices):
        MISSING = "missing", _("What is missing")
        ADDITION = "addition", _("Addition")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField()
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True)
