"""The firm, made once a module; what a test does to it is rolled back."""

from __future__ import annotations

from datetime import date

from audit import actions
from audit.models import Review
from audit.queries import REVIEWED_CLAUSES
from tests.firm import FENG_AUDITOR, LIU_DESK, PASSWORD, person, staff

AUDITOR = FENG_AUDITOR


def concluded(review: Review, **not_met: str) -> Review:
    """Every clause of the review met, but for those given as `c5_4_3="note"`."""
    faults = {clause.removeprefix("c").replace("_", "."): note for clause, note in not_met.items()}
    auditor = staff(AUDITOR)
    for clause in REVIEWED_CLAUSES:
        verdict = "not_met" if clause in faults else "met"
        actions.conclude(
            review.pk,
            version=None,
            actor=auditor,
            clause=clause,
            conclusion=verdict,
            note=faults.get(clause, ""),
        )
    return Review.objects.get(pk=review.pk)


def with_finding(review: Review, owner: str = LIU_DESK) -> Review:
    """One clause not met, with its finding, signed."""
    concluded(review, c5_4_3="首次响应晚")
    auditor = staff(AUDITOR)
    actions.raise_finding(
        review.pk,
        version=None,
        actor=auditor,
        clause="5.4.3",
        text="首次响应晚且未写原因",
        owner=person(owner),
        due=date(2026, 12, 7),
    )
    actions.sign_off(review.pk, version=None, actor=auditor, password=PASSWORD)
    return Review.objects.get(pk=review.pk)
