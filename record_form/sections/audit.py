"""Section 9, which no filing freezes: the review and the check code of the ledger (clause 6)."""

from __future__ import annotations

from datetime import date

from django.utils.dateparse import parse_datetime
from django.utils.translation import pgettext_lazy

from record_form.formatting import Wording, at, digest, line, named, on, text, word
from record_form.structure import Conclusion, FormLine, FoundFault, LedgerHead, ReviewSheet
from record_form.values import Value, single, table, value

VERDICTS: dict[str, Wording] = {
    "met": pgettext_lazy("form", "met"),
    "not_met": pgettext_lazy("form", "not met"),
    "not_applicable": pgettext_lazy("form", "not applicable"),
}


def audit(review: ReviewSheet | None, head: LedgerHead | None) -> dict[int, Value]:
    """Rows 54 to 56; without a review the first two do not apply."""
    sheet = review or ReviewSheet("", "", [], [])
    return {
        54: value(
            line(text(sheet.reviewer), at(parse_datetime(sheet.at)) if sheet.at else None),
            [piece for conclusion in sheet.conclusions for piece in _conclusion(conclusion)],
            applies=review is not None,
            signature=pgettext_lazy("form", "Signature:") if review else None,
        ),
        55: table(
            [
                pgettext_lazy("form", "Clause"),
                pgettext_lazy("form", "Finding"),
                pgettext_lazy("form", "Cause and corrective action"),
                pgettext_lazy("form", "Person in charge"),
                pgettext_lazy("form", "Due"),
                pgettext_lazy("form", "Verified"),
            ],
            [_finding(finding) for finding in sheet.findings],
            applies=review is not None,
        ),
        56: _head(head) if head else single(None, applies=False),
    }


def _conclusion(conclusion: Conclusion) -> FormLine:
    verdict = named(conclusion.clause, word(VERDICTS[conclusion.verdict], conclusion.verdict))
    return line(verdict, text(conclusion.note))


def _finding(finding: FoundFault) -> list[FormLine]:
    return [
        line(text(finding.clause)),
        line(text(finding.text)),
        line(
            named(pgettext_lazy("form", "cause"), text(finding.cause)),
            named(pgettext_lazy("form", "action"), text(finding.action)),
            named(pgettext_lazy("form", "done"), text(finding.correction)),
            at(parse_datetime(finding.corrected_at)) if finding.corrected_at else None,
        ),
        line(text(finding.owner)),
        line(on(date.fromisoformat(finding.due_on)) if finding.due_on else None),
        line(text(finding.verified_by), at(parse_datetime(finding.verified_at)) if finding.verified_at else None),
    ]


def _head(head: LedgerHead) -> Value:
    return value(
        line(
            {**digest(head.hash), "code": "whole"},
            named(pgettext_lazy("form", "entry"), text(str(head.sequence))),
            at(parse_datetime(head.at)),
        ),
        _checkpoint(head),
    )


def _checkpoint(head: LedgerHead) -> FormLine:
    """Which checkpoint proves it, for a reader who asks for it by its number."""
    if not head.checkpoint:
        return []
    number = text(str(head.checkpoint))
    return line(named(pgettext_lazy("form", "checkpoint"), number), {**digest(head.root), "code": "whole"})
