"""Forms of classification, handling and completion (clauses 5.4.3 to 5.4.7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.queries.picking import first_of
from base.forms import choice
from incidents.access.people import handlers
from incidents.actions import Agreement, Consultation, Grading
from incidents.actions.reports import UNANSWERED
from incidents.forms import fields
from incidents.forms.base import VerbForm
from incidents.forms.files import WithFiles, as_upload
from incidents.models import Impact, SolutionKind, Urgency, guards
from incidents.queries.reports import binding_reports
from knowledge.models import ArticleVersion
from knowledge.queries import version_for_adoption
from procedure.queries import rules


class ClassifyForm(VerbForm):
    """Leaf and cell; the page sends the `cell` of the matrix ("severe:high"), programs send impact and urgency."""

    leaf = forms.ChoiceField(label=_("Category"))
    cell = forms.CharField(required=False, widget=forms.HiddenInput)
    impact = forms.ChoiceField(label=_("Impact"), choices=Impact.choices, required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)
    grading_basis = fields.text(_("Basis of the grading"), required=False, rows=2)
    category_gap = fields.line(_("No category fits: what is missing"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        leaves = rules(self.declaration.procedure_version_id).leaves.values()
        choices = [(leaf.code, " › ".join(str(step) for step in leaf.path[1:])) for leaf in leaves if leaf.is_active]
        choice(self, "leaf").choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        impact, _colon, urgency = cleaned.pop("cell", "").partition(":")
        cleaned["impact"] = cleaned.get("impact") or impact
        cleaned["urgency"] = cleaned.get("urgency") or urgency
        if cleaned["impact"] not in Impact.values or cleaned["urgency"] not in Urgency.values:
            self.add_error("impact", ValidationError(_("Choose impact and urgency.")))
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        grading = Grading(
            leaf=cleaned.pop("leaf"),
            impact=cleaned.pop("impact"),
            urgency=cleaned.pop("urgency"),
            basis=cleaned.pop("grading_basis"),
            category_gap=cleaned.pop("category_gap"),
        )
        return {**cleaned, "grading": grading}


class ReclassifyForm(ClassifyForm):
    reason = fields.text(_("Reason"))


class ReassignForm(VerbForm):
    """Begins with whoever stands in for an absent handler, or else with the desk."""

    to = fields.PersonField(_("New handler"))
    reason = fields.text(_("Reason"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        handler, desk = self.declaration.handler_id, self.declaration.desk_id
        offered = handlers(self.declaration)
        likely = [key for key in (handler, desk) if key is not None]
        fields.people_of(self, "to").offer(offered, near=self.actor.user, likely=likely, unlisted=[handler])
        others = offered.exclude(pk=handler) if handler else offered
        if not self.is_bound and (first := first_of(others, likely)):
            self.fields["to"].initial = first.employee_number


class LookUpForm(VerbForm):
    """What is searched for, and what of it is adopted, or the reason why none."""

    query = fields.line(_("Searched for"))
    article = fields.line(_("Adopted article"), required=False, longest=24)
    like_case = fields.DeclarationField(label=_("Adopted like case"), required=False)
    reason = fields.text(_("Why none fits"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        code = cleaned.get("article")
        cleaned["article"] = self._version(code) if code else None
        cleaned["like_case"] = cleaned.get("like_case") or None
        return cleaned

    def _version(self, code: str) -> ArticleVersion | None:
        found = version_for_adoption(self.actor, code)
        if found is None:
            self.add_error("article", ValidationError(_("There is no such article.")))
        return found


class PlanForm(VerbForm):
    text = fields.text(_("Plan"), rows=4)


class HandlingStepForm(WithFiles):
    what = fields.text(pgettext_lazy("handling", "What was done"), rows=2)
    result = fields.text(_("What came of it"), rows=2)


class VisitForm(WithFiles):
    who = fields.PeopleOrNamesField(label=_("Who was there"))
    place = fields.line(_("Where"))
    arrival = fields.moment(_("Arrival"))
    departure = fields.moment(_("Departure"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.offer_everybody(self, "who", self.declaration, self.actor.user)


class DepartureForm(VerbForm):
    visit = fields.OpenVisitField(_("Which visit"))
    departure = fields.moment(_("Departure"))


class ReportUpForm(WithFiles):
    reason = fields.text(_("Why the head has to know"))
    desk_cannot_solve = forms.BooleanField(label=_("The desk cannot solve it alone"), required=False)


class AnswerForm(VerbForm):
    answer = fields.text(_("Answer"))


class WaitForm(WithFiles):
    awaits = fields.text(_("What the customer has to provide"), rows=2)
    contact = fields.ContactField(_("From whom"), required=False)
    asked_by = fields.way(_("How it was asked for; the first response, if none was given"), required=False)
    basis = fields.line(_("Basis: the mail or call in which it was asked for"))


class ResumeForm(WithFiles):
    received = fields.text(_("What came in"), rows=2)
    way = fields.way(answers=True)


class CommunicateForm(WithFiles):
    """A contact with the customer, and what was done for them meanwhile if that is to be recorded too."""

    folded = ("happened_at", "to", "what", "result")
    folded_label = _("Earlier, somebody else, or with a step of handling")

    text = fields.text(_("What was said"))
    way = fields.way()
    contact = fields.ContactField(_("With whom"), required=False)
    from_customer = forms.BooleanField(label=_("The customer got in touch"), required=False)
    unreached = forms.BooleanField(label=_("Nobody could be reached"), required=False)
    promised_at = fields.moment(_("New time promised for the solution"), required=False)
    happened_at = fields.moment(_("When, if earlier"), required=False)
    to = fields.line(_("Or, not in the register"), required=False)
    what = fields.text(pgettext_lazy("handling", "What was done"), required=False, rows=2)
    result = fields.text(_("What came of it"), required=False, rows=2)

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        return {"reached": not cleaned.pop("unreached"), **cleaned}


def satisfaction() -> forms.TypedChoiceField:
    """What the customer thinks of it, 1 to 5, or nothing."""
    return forms.TypedChoiceField(
        label=_("Satisfaction"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Not scored")), *((str(score), str(score)) for score in range(1, 6))],
    )


AGREEMENT = ("agreed", "satisfaction", "unauthorised_confirmation_reason")


class SolvingForm(VerbForm):
    """A solution, and the customer's agreement where it is given at once: then it is confirmed and closed, too.

    With a report that the head has to answer and has not, it asks last why it is solved all the same.
    """

    agreed = forms.BooleanField(label=_("The customer agrees on the line: confirm and close at once"), required=False)
    satisfaction = satisfaction()
    unauthorised_confirmation_reason = fields.text(
        _("Why the word of a person without the right to confirm is enough"), required=False, rows=2
    )

    unanswered_report_reason = fields.text(
        _("The head has not answered the report: why it is solved all the same"),
        required=False,
        rows=2,
        error_messages={"required": UNANSWERED},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reason = self.fields.pop("unanswered_report_reason")
        if binding_reports(self.declaration):
            reason.required = True
            self.fields["unanswered_report_reason"] = reason
        for name in AGREEMENT:
            # What is asked of the agreement comes after the solution.
            self.fields[name] = self.fields.pop(name)

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        agreed, *rest = (cleaned.pop(name, None) for name in AGREEMENT)
        return {**cleaned, "agreement": Agreement(*rest) if agreed else None}


class ResolveForm(WithFiles, SolvingForm):
    cause = fields.text(_("Cause"), rows=2)
    solution = fields.text(_("Solution and its result"))
    solution_kind = forms.ChoiceField(
        label=_("Kind of solution"), choices=SolutionKind.choices, widget=forms.RadioSelect
    )
    supporters = fields.PeopleOrNamesField(label=_("Who helped; leave empty if nobody"), required=False)
    told_to = fields.ConfirmingContactField(_("Whom of the customer you told"))
    told_way = fields.way()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.offer_everybody(self, "supporters", self.declaration, self.actor.user)


class QuickSolveForm(WithFiles, SolvingForm):
    solution = fields.text(_("Solution and its result"))
    cause = fields.text(_("Cause"), required=False, rows=2)
    told_to = fields.ConfirmingContactField(_("Whom of the customer you told"))
    means = fields.way()


class FirstContactForm(QuickSolveForm, LookUpForm, ClassifyForm):
    """Grading, look-up and solution of a minor incident together.

    The page sends what was `adopted` ("article:KB-001", "like_case:SD-…" or "none"), programs name it in its field.
    """

    adopted = forms.CharField(required=False, widget=forms.HiddenInput)
    notes_read = forms.BooleanField(label=_("The contract's notes are read and confirmed"), required=False)

    def clean(self) -> dict[str, Any]:
        kind, _colon, code = str(self.cleaned_data.pop("adopted", "")).partition(":")
        if kind in ("article", "like_case"):
            self.cleaned_data[kind] = code
        cleaned = super().clean()
        if cleaned.get("impact") not in (None, "", Impact.MINOR):
            self.add_error("impact", ValidationError(str(guards.MINOR.sentence)))
        if self.declaration.contract_notes_due and not cleaned.get("notes_read"):
            self.add_error("notes_read", ValidationError(str(guards.NOTES_CONFIRMED.sentence)))
        adopts = cleaned.get("article") or cleaned.get("like_case") or self.has_error("article")
        if not adopts and not cleaned.get("reason"):
            self.add_error("reason", ValidationError(_("Say why none of them fits.")))
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        consultation = Consultation(**{name: cleaned.pop(name) for name in Consultation.__dataclass_fields__})
        return {**cleaned, "consultation": consultation}


class BreachReasonForm(VerbForm):
    reason = fields.text(_("Cause of the miss"))


class ConfirmForm(VerbForm):
    """Who has not the right to confirm needs a reason; the page asks for it as soon as such a person is chosen."""

    contact = fields.ConfirmingContactField(_("Who confirmed"))
    unauthorised_confirmation_reason = fields.text(
        _("Why the word of a person without the right to confirm is enough"), required=False, rows=2
    )
    way = fields.way(answers=True)
    opinion = fields.text(_("In their words"), required=False, rows=2)
    satisfaction = satisfaction()
    scan = forms.FileField(label=_("Signed scan"), required=False)
    closes = forms.BooleanField(label=_("Close the record with it"), required=False)

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        return {**cleaned, "scan": as_upload(cleaned["scan"])}


class RejectForm(WithFiles):
    contact = fields.ContactField(_("Who said so"), required=False)
    way = fields.way(answers=True)
    reason = fields.text(_("What is not solved"))


class MissingForm(VerbForm):
    missing = fields.text(_("What is missing"))


class AnnexForm(VerbForm):
    text = fields.text(_("Addition"))
    scan = forms.FileField(label=_("File"), required=False)

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        return {**cleaned, "scan": as_upload(cleaned["scan"])}


class WithdrawForm(WithFiles):
    who = fields.line(_("Who of the customer withdrew it"), longest=100)
    how = fields.text(_("How, and in which words"))
