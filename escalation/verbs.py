"""The verbs that escalation adds to a declaration, and those that end a request together with its incident."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from escalation import actions, forms
from escalation.models import EscalationRequest
from escalation.queries.openings import opening
from escalation.timeline import recipients, words_to_customer
from incidents.forms import handling, intake
from incidents.models import REPEAT_THRESHOLD, UNDECIDED_ESCALATION, Declaration, EscalationState, Type
from incidents.verbs import Prompt, Verb, VerbButton, by_name
from incidents.verbs.timeline import (
    CHANGES,
    CONTACT,
    HANDLING,
    TIME,
    HistoryEntry,
    LineFormat,
    Names,
    Sentence,
    either,
    filled,
    fixed,
    label,
    moment,
    short,
)


def version_of(declaration: Declaration, verb: Verb) -> int:
    """The version that a form of this verb shows: that of the record, or of its last escalation request."""
    if verb.version_of == "declaration":
        return declaration.version
    requests = EscalationRequest.objects.filter(declaration=declaration).order_by("-pk")
    return requests.values_list("version", flat=True).first() or 0


def _why_decide(declaration: Declaration) -> str:
    if declaration.escalation_state == EscalationState.OBJECTED:
        return gettext("Risk control objects: decide again")
    return gettext("Asked to become a problem; waits for your decision")


def _why_escalate(declaration: Declaration) -> str:
    if REPEAT_THRESHOLD in declaration.escalation_triggers:
        return gettext("Happened %(count)d times: a problem has to be requested") % {
            "count": declaration.repeat_ordinal
        }
    return gettext("Severe impact: a problem has to be requested")


def _request(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("escalation.escalationrequest")
    trigger = label(EscalationRequest.Trigger, row.text("trigger"))
    full = gettext("Asked to become a problem: %(trigger)s")
    return Sentence(filled(full, gettext("Asked to become a problem"), trigger=trigger), row.text("reason"))


def _decide(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("escalation.decision")
    approved, refused = gettext("Escalation approved"), gettext("Escalation refused")
    return Sentence(either(row.flag("approved"), approved, refused, gettext("Escalation decided")), row.text("reason"))


def _countersign(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("escalation.countersignature")
    agrees, objects = gettext("Countersigned"), gettext("Countersignature: objected")
    return Sentence(either(row.flag("agrees"), agrees, objects, gettext("Countersignature given")), row.text("opinion"))


def _warn(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("escalation.warning")
    values = {"who": recipients(entry, names), "reason": short(row.text("reason"))}
    warned = filled(gettext("Warned %(who)s: %(reason)s"), gettext("Warned"), **values)
    full = gettext("Warned %(who)s: %(reason)s New expected time %(time)s")
    return Sentence(filled(full, warned, **values, time=moment(row.text("expected_at"))), words_to_customer(entry))


def _change_type(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.typechange")
    return Sentence(
        filled(gettext("Type corrected: %(reason)s"), gettext("Type corrected"), reason=short(row.text("reason"))),
        before=label(Type, row.text("from_type")),
        after=label(Type, row.text("to_type")),
    )


VERBS = by_name(
    (
        Verb(
            "request_escalation",
            forms.RequestEscalationForm,
            actions.request_escalation,
            icon="bug",
            key="M",
            button=pgettext_lazy("button", "Request the escalation"),
            done=_("Requested; the head decides"),
            timeline=LineFormat((HANDLING,), _request),
            initial=opening,
            section=4,
            rank=13,
            prompt=Prompt(
                16,
                button=pgettext_lazy("step", "Request problem"),
                due=lambda d: d.escalation_state == EscalationState.REQUIRED,
                why=_why_escalate,
            ),
        ),
        Verb(
            "decide_escalation",
            forms.DecideForm,
            actions.decide_escalation,
            icon="rubber-stamp",
            button=pgettext_lazy("button", "Decide"),
            done=_("Your decision is recorded"),
            timeline=LineFormat((HANDLING,), _decide),
            version_of="request",
            section=4,
            queue="decisions",
            listed_as=(_("Escalation request"), "hourglass"),
            explains=_(
                "Approval goes to problem management (%(problems)s) at once, and risk control (%(risk)s) countersigns; "
                "the incident goes on. A refusal needs its reason, too."
            ),
            prompt=Prompt(
                6,
                button=pgettext_lazy("step", "Decide"),
                due=lambda d: d.escalation_state in UNDECIDED_ESCALATION,
                why=_why_decide,
            ),
            choices=(
                VerbButton(
                    "refuse",
                    "decide_escalation",
                    pgettext_lazy("button", "Refuse"),
                    "reason",
                    {"approved": "false"},
                    "X",
                    done=_("Refused: you did not approve the escalation"),
                ),
                VerbButton(
                    "approve",
                    "decide_escalation",
                    pgettext_lazy("button", "Approve"),
                    "reason",
                    {"approved": "true"},
                    "Y",
                    primary=True,
                    done=_("Approved: you agreed to the escalation"),
                ),
            ),
            ready=(
                _("Severe impact; the root cause has to be found"),
                _("The cause is known and being put right; tracked here"),
            ),
        ),
        Verb(
            "countersign",
            forms.CountersignForm,
            actions.countersign,
            icon="signature",
            button=pgettext_lazy("button", "Countersign"),
            done=_("Your opinion is recorded"),
            timeline=LineFormat((HANDLING,), _countersign),
            version_of="request",
            section=4,
            queue="decisions",
            listed_as=(_("Countersignature"), "signature"),
            explains=_(
                "Countersigning settles the escalation. An objection goes back to the head with your opinion, and the "
                "incident cannot close until it is settled."
            ),
            prompt=Prompt(
                7,
                button=pgettext_lazy("step", "Countersign"),
                due=lambda d: d.escalation_state == EscalationState.DECIDED,
                why=_("Decided by the head; waits for your countersignature"),
            ),
            choices=(
                VerbButton(
                    "object",
                    "countersign",
                    pgettext_lazy("button", "Object"),
                    "opinion",
                    {"agrees": "false"},
                    "X",
                    done=_("Objected: you did not countersign"),
                ),
                VerbButton(
                    "agree",
                    "countersign",
                    pgettext_lazy("decision", "Countersign"),
                    "opinion",
                    {"agrees": "true"},
                    "Y",
                    primary=True,
                    done=_("Countersigned: you agreed"),
                ),
            ),
            ready=(_("Facts and reason are sound"), _("The reason does not cover the risk")),
        ),
        Verb(
            "change_type",
            intake.ChangeTypeForm,
            actions.change_type,
            icon="refresh",
            button=pgettext_lazy("button", "Back to screening"),
            done=_("Back at screening; the clocks keep their start"),
            timeline=LineFormat((CHANGES,), _change_type, is_edit=True),
            hint=_("The record goes back to screening; what was recorded stays, and the clocks keep their start."),
        ),
        Verb(
            "withdraw",
            handling.WithdrawForm,
            actions.withdraw,
            icon="arrow-back-up",
            button=pgettext_lazy("button", "Withdrawn by the customer"),
            done=_("Ended as withdrawn by the customer"),
            timeline=LineFormat(
                (CONTACT,), fixed(_("Withdrawn by the customer"), "withdrawn_by_name", "withdrawn_how")
            ),
            hint=_("The record ends here and its clocks stop."),
        ),
        Verb(
            "warn",
            forms.WarnForm,
            actions.warn,
            icon="speakerphone",
            key="Z",
            button=pgettext_lazy("button", "Send the warning"),
            done=_("The warning is sent"),
            timeline=LineFormat((TIME, CONTACT), _warn),
            shows="due_time",
            section=5,
            rank=8,
        ),
    )
)
