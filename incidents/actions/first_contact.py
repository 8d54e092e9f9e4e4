"""The quick solve in one go (R-5.4.4-5): a minor incident is graded, looked up, solved and told in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Contact
from incidents.actions.attachments import Upload
from incidents.actions.classification import Grading, classify
from incidents.actions.handling import confirm_contract_notes, look_up
from incidents.actions.responses import respond
from incidents.actions.solving import quick_solve
from incidents.actions.steps import together
from incidents.models import Declaration
from knowledge.models import ArticleVersion


@dataclass(frozen=True)
class Consultation:
    """What was searched for in the knowledge base, and what was adopted or why nothing was."""

    query: str
    article: ArticleVersion | None = None
    like_case: Declaration | None = None
    reason: str = ""


def solve_in_first_contact(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    grading: Grading,
    consultation: Consultation,
    notes_read: bool,
    solution: str,
    means: str,
    told_to: Contact | None,
    cause: str = "",
    unanswered_report_reason: str = "",
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """Take a screened incident through T14, the contract's notes, the look-up and T20; all of it or nothing.

    Each step is judged by its own guards and leaves its own entry with its own clause. Where nobody has answered the
    caller yet, telling the solution is the first response (A-07).
    """
    with together(declaration_id, "quick_solve", actor=actor, uploads=attachments):
        graded = classify(declaration_id, version=version, actor=actor, grading=grading)
        if graded.contract_notes_due and notes_read and graded.contract_notes_confirmed_at is None:
            confirm_contract_notes(declaration_id, version=None, actor=actor)
        look_up(declaration_id, version=None, actor=actor, few=True, **vars(consultation))
        answers = graded.first_response_at is None
        if answers:
            respond(declaration_id, version=None, actor=actor, way=means, text=solution, contact=told_to)
        return quick_solve(
            declaration_id,
            version=None,
            actor=actor,
            solution=solution,
            means=means,
            told_to=told_to,
            cause=cause,
            already_told=answers,
            unanswered_report_reason=unanswered_report_reason,
            attachments=attachments,
        )
