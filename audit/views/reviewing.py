"""One record under review: its clauses with their evidence, the conclusions, the findings and the signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import Actor
from accounts.passwords import is_own_password
from accounts.requests import DeskRequest
from audit import actions
from audit.access import require_review, reviews
from audit.evidence import Evidence, evidence, ledger_lines
from audit.forms import AuditForm, ConcludeForm, FindingForm, SignForm
from audit.models import Conclusion, Review
from audit.queries import REASONS, REVIEWED_CLAUSES, obligatory_reasons, place, proof
from audit.views.common import require_auditor
from audit.views.listing import LOOKS
from base.clock import now
from incidents.access import declaration_for_reading
from incidents.models import Declaration
from ledger.exceptions import Refused
from ledger.forms import add_errors
from sla.queries import time_left

FormType = TypeVar("FormType", bound=AuditForm)
VERDICTS = {
    Conclusion.Verdict.MET: ("green", "check"),
    Conclusion.Verdict.NOT_MET: ("red", "x"),
    Conclusion.Verdict.NOT_APPLICABLE: ("", "minus"),
}


@dataclass(frozen=True)
class ClauseRow:
    """A clause in the table: its evidence and what was concluded."""

    evidence: Evidence
    conclusion: Conclusion | None
    url: str
    current: bool

    @property
    def look(self) -> tuple[str, str]:
        return VERDICTS[Conclusion.Verdict(self.conclusion.conclusion)] if self.conclusion else ("blue", "help-circle")


@require_GET
@login_required
def record(request: DeskRequest, number: str) -> HttpResponse:
    """The review of a record, or what would be reviewed; a refusal for who acted in it."""
    return _page(request, number, clause=request.GET.get("clause", ""))


@require_POST
@login_required
def start(request: DeskRequest, number: str) -> HttpResponse:
    """Take the record up."""
    declaration = declaration_for_reading(request.actor, number)
    actions.start_review(declaration.pk, actor=request.actor)
    return redirect("audit-record", number)


@require_POST
@login_required
def conclude(request: DeskRequest, number: str) -> HttpResponse:
    """Note one conclusion and go to the next clause without one."""
    form = ConcludeForm(request.POST)
    refused = _act(request, number, form, actions.conclude)
    clause = request.POST.get("clause", "")
    if refused is not None:
        return _page(request, number, clause=clause, concluding=form, status=refused)
    return redirect(f"{reverse('audit-record', args=[number])}?clause={_next_open(_review(request, number), clause)}")


@require_POST
@login_required
def find(request: DeskRequest, number: str) -> HttpResponse:
    """Raise a finding."""
    form = FindingForm(request.POST)
    refused = _act(request, number, form, actions.raise_finding)
    clause = request.POST.get("clause", "")
    if refused is not None:
        return _page(request, number, clause=clause, finding=form, status=refused)
    messages.success(request, _("The finding is noted; its owner hears of it once you have signed."))
    return redirect(f"{reverse('audit-record', args=[number])}?clause={clause}")


@sensitive_post_parameters("password")
@require_POST
@login_required
def sign(request: DeskRequest, number: str) -> HttpResponse:
    """Sign the review with the password."""
    form = SignForm(request.POST)
    _review(request, number)
    if form.is_valid() and not is_own_password(request, form.cleaned_data["password"]):
        form.add_error("password", _("The password is not right."))
        return _page(request, number, clause="", signing=form, status=422)
    refused = _act(request, number, form, actions.sign_off)
    if refused is not None:
        return _page(request, number, clause="", signing=form, status=refused)
    messages.success(request, _("The review of %(number)s is signed.") % {"number": number})
    return redirect("audit-record", number)


def _review(request: DeskRequest, number: str) -> Review:
    require_auditor(request.actor)
    declaration = declaration_for_reading(request.actor, number)
    return get_object_or_404(reviews(request.actor).filter(declaration=declaration).order_by("-pk")[:1])


def _act(request: DeskRequest, number: str, form: AuditForm, action: Callable[..., Any]) -> int | None:
    """Carry out the action with what the form holds; the status to answer with if it was refused."""
    review = _review(request, number)
    if not form.is_valid():
        return 422
    try:
        action(review.pk, actor=request.actor, **form.values())
    except Refused as refused:
        if refused.status == 403:
            raise
        add_errors(form, refused)
        return refused.status
    return None


def _next_open(review: Review, clause: str) -> str:
    """The next clause without a conclusion, behind this one first."""
    done = set(review.conclusions.values_list("clause", flat=True))
    at = REVIEWED_CLAUSES.index(clause) if clause in REVIEWED_CLAUSES else 0
    ahead = [*REVIEWED_CLAUSES[at + 1 :], *REVIEWED_CLAUSES[:at]]
    return next((one for one in ahead if one not in done), clause)


def _page(
    request: DeskRequest,
    number: str,
    *,
    clause: str,
    concluding: ConcludeForm | None = None,
    finding: FindingForm | None = None,
    signing: SignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    require_auditor(actor)
    review = declaration.reviews.select_related("auditor").order_by("pk").last()
    if review is None or review.signed_at is None:
        require_review(actor, declaration)
    lines, checked = ledger_lines(declaration), proof(declaration)
    rows = _rows(declaration, review, lines, clause)
    current = next(row for row in rows if row.current)
    editable = _is_editable(review, actor)
    context = {
        "record": declaration,
        "clock": time_left(declaration.resolution_clock, now()) if declaration.resolution_clock else None,
        "review": review,
        "mark": (Review.State(review.state).label, *LOOKS[Review.State(review.state)]) if review else None,
        "reasons": [
            str(REASONS.get(key, key)) for key in (review.reasons if review else obligatory_reasons(declaration))
        ],
        "place": place(declaration),
        "rows": rows,
        "tally": _tally(rows),
        "current": current,
        "findings": review.findings.select_related("owner").order_by("pk") if review else [],
        "proof": checked,
        "lines": lines,
        "editable": editable,
        "concluding": concluding or _form(ConcludeForm, review, _given(current)),
        "finding": (finding or _form(FindingForm, review, {"clause": current.evidence.clause})).about(declaration),
        "finding_open": finding is not None or (current.conclusion and current.conclusion.conclusion == "not_met"),
        "signing": signing or _form(SignForm, review, {}),
        "missing": [row.evidence.clause for row in rows if row.conclusion is None],
    }
    _renew(review, concluding, finding, signing)
    return render(request, "audit/review.html", context, status=status)


def _rows(declaration: Declaration, review: Review | None, lines: list[Any], clause: str) -> list[ClauseRow]:
    concluded = {row.clause: row for row in review.conclusions.all()} if review else {}
    if clause not in REVIEWED_CLAUSES:
        clause = next((one for one in REVIEWED_CLAUSES if one not in concluded), REVIEWED_CLAUSES[0])
    return [
        ClauseRow(each, concluded.get(each.clause), f"?clause={each.clause}", each.clause == clause)
        for each in evidence(declaration, lines)
    ]


def _is_editable(review: Review | None, actor: Actor) -> bool:
    mine = review is not None and actor.user is not None and review.auditor_id == actor.user.pk
    return mine and review is not None and review.state == Review.State.IN_REVIEW


def _given(row: ClauseRow) -> dict[str, Any]:
    found = row.conclusion
    return {
        "clause": row.evidence.clause,
        "conclusion": found.conclusion if found else None,
        "note": found.note if found else "",
    }


def _form(kind: type[FormType], review: Review | None, initial: dict[str, Any]) -> FormType:
    return kind(initial={**initial, "version": review.version if review else 0}, auto_id=f"{kind.__name__}_%s")


def _renew(review: Review | None, *forms: Form | None) -> None:
    """A form that comes back carries the version that the page now shows, and no password."""
    for form in forms:
        if form is not None and review is not None:
            # By its items: unpacked, what was posted gives the list of what was sent under each name.
            form.data = {**dict(form.data.items()), "version": review.version, "password": ""}


def _tally(rows: list[ClauseRow]) -> list[tuple[str, str, str, int]]:
    """Words, tone, icon and number of each verdict, and of what is still open."""
    numbers = dict.fromkeys(Conclusion.Verdict, 0)
    for row in rows:
        if row.conclusion:
            numbers[Conclusion.Verdict(row.conclusion.conclusion)] += 1
    open_ones = sum(row.conclusion is None for row in rows)
    counted = [(str(verdict.label), *VERDICTS[verdict], number) for verdict, number in numbers.items()]
    return [*counted, (_("To judge"), "blue", "help-circle", open_ones)]
