"""The columns of a declaration, in the printing order of the Incident Record Form."""

from django.conf import settings
from django.db import models
from django_fsm import FSMField

from incidents.models.choices import (
    Channel,
    EscalationState,
    Impact,
    InvalidReason,
    SolutionKind,
    State,
    Type,
    Urgency,
    Way,
)
from ledger.models import Record


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


def _clock() -> models.OneToOneField:
    return models.OneToOneField("sla.Clock", null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class Intake(models.Model):
    """Section 1 of the form: what was declared, by whom, through which channel."""

    number = models.CharField(max_length=24, unique=True)
    idempotency_key = models.CharField(max_length=64, unique=True, null=True, blank=True)
    procedure_version = models.ForeignKey("procedure.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16, choices=Channel.choices)
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    late_reason = models.TextField(blank=True)
    customer = models.ForeignKey(
        "accounts.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="declarations"
    )
    contract = models.ForeignKey("sla.Contract", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("accounts.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact_means = models.CharField(max_length=200, blank=True)
    caller_name = models.CharField(max_length=100, blank=True)
    caller_phone = models.CharField(max_length=40, blank=True)
    caller_company = models.CharField(max_length=200, blank=True)
    other_demands = models.TextField(blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    sender_reference = models.CharField(max_length=100, blank=True)
    received_on = models.DateField(null=True, blank=True)
    no_file_reason = models.CharField(max_length=500, blank=True)
    via = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=100, blank=True)
    system = models.CharField(max_length=100, blank=True)
    source_ref = models.CharField(max_length=100, blank=True)
    alarm_count = models.PositiveIntegerField(default=0)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    desk = _person()
    accepted_by = _person()
    accepted_at = models.DateTimeField(null=True, blank=True)
    relayed_by = _person()
    relayed_at = models.DateTimeField(null=True, blank=True)
    relay_acknowledged_at = models.DateTimeField(null=True, blank=True)
    relay_clock = _clock()
    first_response_at = models.DateTimeField(null=True, blank=True)
    first_response_way = models.CharField(max_length=16, choices=Way.choices, blank=True)
    first_response_by = _person()
    response_clock = _clock()
    # When a correction made something timely that had been missed.
    miss_corrected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def customer_name(self) -> str:
        """The customer, or the company that the caller named before one was chosen."""
        return self.customer.name if self.customer else self.caller_company

    @property
    def caller(self) -> str:
        """The contact, or the name that the caller gave."""
        return self.contact.name if self.contact else self.caller_name


class Screening(models.Model):
    """Section 2 of the form: valid, in scope, and of which type."""

    valid = models.BooleanField(null=True, blank=True)
    invalid_reason = models.CharField(max_length=24, choices=InvalidReason.choices, blank=True)
    invalid_text = models.TextField(blank=True)
    duplicate_of = models.ForeignKey(
        "incidents.Declaration", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates"
    )
    caller_told = models.BooleanField(default=False)
    is_customer = models.BooleanField(null=True, blank=True)
    contract_in_force = models.BooleanField(null=True, blank=True)
    service_in_contract = models.BooleanField(null=True, blank=True)
    type = models.CharField(max_length=24, choices=Type.choices, blank=True, default=Type.UNKNOWN)
    intended_type = models.CharField(max_length=24, choices=Type.choices, blank=True, default=Type.UNKNOWN)
    restricted = models.BooleanField(default=False)
    # When its information security became a declaration of its own.
    security_twin_at = models.DateTimeField(null=True, blank=True)
    screened_by = _person()
    screened_at = models.DateTimeField(null=True, blank=True)
    contract_notes_due = models.BooleanField(default=False)
    written_confirmation_due = models.BooleanField(default=False)
    receiver = _person()
    verbatim = models.TextField(blank=True)
    request_reason = models.TextField(blank=True)
    request_result = models.TextField(blank=True)
    request_completed_on = models.DateField(null=True, blank=True)
    head_agrees = models.BooleanField(null=True, blank=True)
    risk_control_agrees = models.BooleanField(null=True, blank=True)
    customer_answered_at = models.DateTimeField(null=True, blank=True)
    linked_to = models.ForeignKey(
        "incidents.Declaration", null=True, blank=True, on_delete=models.PROTECT, related_name="linked"
    )

    class Meta:
        abstract = True


class Classification(models.Model):
    """Section 3 of the form: category leaf, level, target and repeats."""

    leaf = models.CharField(max_length=16, blank=True)
    leaf_path = models.JSONField(default=list, blank=True)
    impact = models.CharField(max_length=12, choices=Impact.choices, blank=True)
    urgency = models.CharField(max_length=12, choices=Urgency.choices, blank=True)
    grading_basis = models.TextField(blank=True)
    category_gap = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    is_major = models.BooleanField(default=False)
    target = models.JSONField(null=True, blank=True)
    matrix_target = models.JSONField(null=True, blank=True)
    target_source = models.CharField(max_length=12, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # A pause that began before the due time: until it ends that time does not come.
    clock_stands = models.BooleanField(default=False)
    repeat_ordinal = models.PositiveIntegerField(null=True, blank=True)
    repeats = models.JSONField(default=list, blank=True)
    classified_by = _person()
    classified_at = models.DateTimeField(null=True, blank=True)
    resolution_clock = _clock()

    class Meta:
        abstract = True


class Handling(models.Model):
    """Sections 4 to 6 of the form, as far as they are one value each."""

    contract_notes_confirmed_at = models.DateTimeField(null=True, blank=True)
    contract_notes_confirmed_by = _person()
    looked_up_at = models.DateTimeField(null=True, blank=True)
    article_code = models.CharField(max_length=24, blank=True)
    handler = _person()
    started_at = models.DateTimeField(null=True, blank=True)
    plan = models.TextField(blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    planned_by = _person()
    handled_at = models.DateTimeField(null=True, blank=True)
    # Visits whose departure is not known yet.
    visits_open = models.PositiveSmallIntegerField(default=0)
    communicated_at = models.DateTimeField(null=True, blank=True)
    customer_warned_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    report_answered_at = models.DateTimeField(null=True, blank=True)
    escalation_triggers = models.JSONField(default=list, blank=True)
    escalation_state = models.CharField(max_length=12, choices=EscalationState.choices, blank=True, default="")
    # The head may not decide (own request) or there is none: the level above decides.
    escalation_climbed = models.BooleanField(default=False)
    escalation_settled_at = models.DateTimeField(null=True, blank=True)
    problem_number = models.CharField(max_length=32, blank=True)
    problem_withdrawn_at = models.DateTimeField(null=True, blank=True)
    breach_reason = models.TextField(blank=True)

    class Meta:
        abstract = True


class Completion(models.Model):
    """Sections 7 and 8 of the form: solution, confirmation, closing and filing."""

    cause = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    solution_kind = models.CharField(max_length=12, choices=SolutionKind.choices, blank=True)
    supporters = models.JSONField(default=list, blank=True)
    told_to = models.ForeignKey("accounts.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    told_way = models.CharField(max_length=16, choices=Way.choices, blank=True)
    quick_solved = models.BooleanField(default=False)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = _person()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_in_writing = models.BooleanField(default=False)
    unanswered_attempts = models.PositiveSmallIntegerField(default=0)
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    confirmation_authorised = models.BooleanField(null=True, blank=True)
    unauthorised_confirmation_reason = models.TextField(blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    reopen_count = models.PositiveIntegerField(default=0)
    closed_by = _person()
    closed_at = models.DateTimeField(null=True, blank=True)
    completion_asked_at = models.DateTimeField(null=True, blank=True)
    filed_by = _person()
    filed_at = models.DateTimeField(null=True, blank=True)
    paper_place = models.CharField(max_length=200, blank=True)
    retention_until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_name = models.CharField(max_length=100, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_how = models.TextField(blank=True)

    class Meta:
        abstract = True


class Timing(models.Model):
    """Which of the clocks is shown, and when that one is due; nothing where it does not run. They follow from it."""

    shown_clock = models.ForeignKey(
        "sla.Clock", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    shown_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class DeclarationFields(Intake, Screening, Classification, Handling, Completion, Timing, Record):
    """Everything that one declaration keeps on its own row: what guards are asked about, below the moves that ask."""

    state = FSMField(max_length=24, choices=State.choices, default=State.NEW, protected=True)

    class Meta:
        abstract = True
