"""What has to be reviewed and why, and what section 9 of the form prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal, TypeAlias, cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import pgettext_lazy

from accounts.actors import local_day
from accounts.models import Department
from audit.models import Review
from base.clock import now
from escalation.models import EscalationRequest
from incidents.models import END_STATES, Declaration, Impact, State
from ledger.canonical import plain
from ledger.models import Checkpoint, Entry
from ledger.queries import head, sealed_by
from ledger.seals import head_faults
from ledger.verification import Fault, compare, replayed, verify
from procedure.queries import in_force, rules, versions_until
from record_form.models import FiledForm
from record_form.structure import Conclusion, FoundFault, ReviewSheet
from sla.models import Clock
from sla.replays import clock_faults

Verdict: TypeAlias = Literal["met", "not_met", "not_applicable"]
REVIEWED_CLAUSES = ("5.3", "5.4.1", "5.4.2", "5.4.3", "5.4.4", "5.4.5", "5.4.6", "5.4.7", "5.5", "7")
REVIEWABLE = sorted(END_STATES | {State.CLOSED})


def obligatory_reasons(declaration: Declaration) -> list[str]:
    """Why a person must review this record by its procedure (A-25); empty when only the sample can draw it.

    At most two queries.
    """
    resolution, response = declaration.resolution_clock, declaration.response_clock
    found = {
        "level_1": declaration.priority == 1,
        "breached": resolution is not None and resolution.met is False,
        "breached_response": response is not None and response.met is False,
        "miss_corrected": declaration.miss_corrected_at is not None,
        "severe": declaration.impact == Impact.SEVERE,
        "reopened": declaration.reopen_count > 0,
        "escalation_refused": _was_refused(declaration),
    }
    required = _asked_by(declaration.procedure_version_id)
    return [reason for reason, holds in found.items() if holds and reason in required]


def _asked_by(version_id: int) -> set[str]:
    """The reasons for which that version of the procedure has every record reviewed (its `review_obligatory`)."""
    words = rules(version_id).parameter("review_obligatory")
    return {reason for word in words for reason in REASONS_OF.get(word, (word,))}


def _was_refused(declaration: Declaration) -> bool:
    if declaration.escalation_state == "":
        return False
    return any(request.approved is False for request in declaration.escalationrequest_rows.all())


# Where the procedure's word stands for more than the reason of that name.
REASONS_OF = {
    "breached": ("breached", "breached_response", "miss_corrected"),
    "refused_escalation": ("escalation_refused",),
}
REFUSED = EscalationRequest.objects.filter(declaration=OuterRef("pk"), approved=False)
# To which records a reason applies.
MUST: dict[str, Q] = {
    "level_1": Q(priority=1),
    "breached": Q(resolution_clock__met=False),
    "breached_response": Q(response_clock__met=False),
    "miss_corrected": Q(miss_corrected_at__isnull=False),
    "severe": Q(impact=Impact.SEVERE),
    "reopened": Q(reopen_count__gt=0),
    "escalation_refused": Q(Exists(REFUSED)),
}
REASONS = {
    "level_1": pgettext_lazy("reason of review", "Level 1"),
    "breached": pgettext_lazy("reason of review", "Solved late"),
    "breached_response": pgettext_lazy("reason of review", "Response late"),
    "miss_corrected": pgettext_lazy("reason of review", "A miss was corrected away"),
    "severe": pgettext_lazy("reason of review", "Severe impact"),
    "reopened": pgettext_lazy("reason of review", "Reopened"),
    "escalation_refused": pgettext_lazy("reason of review", "Escalation refused"),
    "sample": pgettext_lazy("reason of review", "Random sample"),
}


def waiting_for_review() -> QuerySet[Declaration]:
    """Closed and ended records that must be reviewed and are not since they closed; in order of registration.

    Each by the version of the procedure under which it was accepted; one statement before the one to come, which looks
    at the few rows of `AwaitsReview`.
    """
    versions = versions_until(in_force(local_day(now())).pk)
    must = Q(pk__in=())
    for reason, applies in MUST.items():
        asking = [version for version in versions if reason in _asked_by(version)]
        must |= applies & Q(procedure_version__in=asking)
    return unreviewed().filter(must, awaits_review__isnull=False)


def unreviewed() -> QuerySet[Declaration]:
    """Closed and ended records without a review that was signed since they closed."""
    signed = Review.objects.filter(declaration=OuterRef("pk"), signed_at__isnull=False)
    since = Q(signed_at__gte=OuterRef("closed_at")) | Q(declaration__closed_at__isnull=True)
    return Declaration.objects.filter(~Exists(signed.filter(since)), state__in=REVIEWABLE).order_by("pk")


VIEWS: dict[str, tuple[str, ...]] = {
    "going": (Review.State.SELECTED, Review.State.IN_REVIEW),
    "findings": (Review.State.FINDING, Review.State.CORRECTED),
    "done": (Review.State.CONFORM, Review.State.VERIFIED),
}


def records(view: str) -> QuerySet[Declaration]:
    """The records of one view of the list: of `VIEWS`, "all" that are not reviewed, or those that must be."""
    if view in VIEWS:
        found = Review.objects.filter(state__in=VIEWS[view]).values("declaration")
        return Declaration.objects.filter(pk__in=found).order_by("pk")
    return unreviewed() if view == "all" else waiting_for_review()


def departments() -> list[Department]:
    """Every department, for the filter of the list."""
    return list(Department.objects.order_by("code"))


def with_reasons(found: QuerySet[Declaration]) -> QuerySet[Declaration]:
    """The records with all that a line of the list shows, `obligatory_reasons` included; one query more."""
    together = ("customer", "department", "resolution_clock", "response_clock")
    return found.select_related(*together).prefetch_related("escalationrequest_rows")


@dataclass(frozen=True)
class Place:
    """Where a record stands in what waits: its position from 1, how many wait, the numbers before and after."""

    position: int
    total: int
    previous: str
    next: str


def place(declaration: Declaration) -> Place:
    """The place of a record among those that wait; four counts and reads over what waits."""
    waiting = waiting_for_review()
    before, after = waiting.filter(pk__lt=declaration.pk), waiting.filter(pk__gt=declaration.pk)
    waits = waiting.filter(pk=declaration.pk).exists()
    earlier, later = before.count(), after.count()
    return Place(
        position=earlier + 1 if waits else 0,
        total=earlier + later + waits,
        previous=before.values_list("number", flat=True).last() or "",
        next=after.values_list("number", flat=True).first() or "",
    )


@dataclass(frozen=True)
class Proof:
    """Whether a record still is what was recorded: the length and last hash of its chain, its form, the first fault.

    `checkpoint` is the one that covers its last entry, None until there is one.
    """

    entries: int
    ledger_head: str
    form_hash: str
    checked_at: datetime
    checkpoint: Checkpoint | None
    fault: Fault | None

    @property
    def is_intact(self) -> bool:
        return self.fault is None


def proof(declaration: Declaration) -> Proof:
    """Verify the chain, the rows and the frozen form of one record now; reads every entry of its chain three times."""
    last = head(declaration.stream)
    filed = FiledForm.objects.filter(declaration=declaration).first()
    return Proof(
        entries=last.sequence if last else 0,
        ledger_head=last.hash if last else "",
        form_hash=filed.sha256 if filed else "",
        checked_at=now(),
        checkpoint=sealed_by(last.stream, last.sequence) if last else None,
        fault=_first_fault(declaration, filed, last),
    )


def _first_fault(declaration: Declaration, filed: FiledForm | None, last: Entry | None) -> Fault | None:
    if last is None:
        return Fault(declaration.stream, None, "the record has no chain")
    streams = [declaration.stream]
    alone = chain(verify(streams), head_faults(streams))
    broken = next(alone, None) or compare(declaration) or next(_clock_faults(declaration), None)
    if broken is None and filed is not None:
        what = next(filed.faults(), None)
        return Fault(f"{filed._meta.label_lower}:{filed.pk}", None, what) if what else None
    return broken


def _clock_faults(declaration: Declaration) -> Iterator[Fault]:
    clocks = [int(key) for label, key in replayed(declaration.stream).rows if label == Clock._meta.label_lower]
    return (Fault(name, None, what) for name, what in clock_faults(clocks))


def section_nine(declaration: Declaration) -> ReviewSheet | None:
    """The last signed review of the record, as section 9 of the form prints it; three queries."""
    review = (
        Review.objects.filter(declaration=declaration, signed_at__isnull=False)
        .select_related("auditor")
        .prefetch_related("conclusions", "findings__owner", "findings__verified_by")
        .order_by("signed_at")
        .last()
    )
    return _sheet(review) if review else None


def _sheet(review: Review) -> ReviewSheet:
    return ReviewSheet(
        reviewer=review.auditor.name,
        at=str(plain(review.signed_at)),
        conclusions=[
            Conclusion(row.clause, cast(Verdict, row.conclusion), row.note)
            for row in sorted(review.conclusions.all(), key=lambda row: REVIEWED_CLAUSES.index(row.clause))
        ],
        findings=[
            FoundFault(
                clause=row.clause,
                text=row.text,
                cause=row.cause,
                action=row.action,
                correction=row.correction,
                corrected_at=str(plain(row.corrected_at)) if row.corrected_at else "",
                owner=row.owner.name,
                due_on=row.due.isoformat(),
                verified_by=row.verified_by.name if row.verified_by else "",
                verified_at=str(plain(row.verified_at)) if row.verified_at else "",
            )
            for row in sorted(review.findings.all(), key=lambda row: row.pk)
        ],
    )
