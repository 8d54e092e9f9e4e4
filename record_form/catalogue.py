"""The nine sections and 56 rows of the form, in printing order: what each is called and who fills it in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from record_form.structure import Kind

Wording = str | Promise

# Who fills a row in.
SYSTEM, RELAYER, DESK, HANDLER = (
    pgettext_lazy("form", "system"),
    pgettext_lazy("form", "relayer"),
    pgettext_lazy("form", "service desk"),
    pgettext_lazy("form", "handler"),
)
HEAD, RISK_CONTROL, RECEIVER = (
    pgettext_lazy("form", "head of department"),
    pgettext_lazy("form", "risk control"),
    pgettext_lazy("form", "receiver"),
)
CONTACT, CUSTODIAN, AUDITOR = (
    pgettext_lazy("form", "customer's contact"),
    pgettext_lazy("form", "records custodian"),
    pgettext_lazy("form", "auditor"),
)


@dataclass(frozen=True)
class RowType:
    """What a row asks for; `key` is its identifier, `beside` the row that stands next to it where both are short."""

    number: int
    key: str
    label: Wording
    detail: Wording = ""
    kind: Kind = "text"
    by: tuple[Wording, ...] = (SYSTEM,)
    beside: int | None = None


@dataclass(frozen=True)
class SectionType:
    numeral: str
    title: Wording
    clause: str
    rows: tuple[RowType, ...]


R = RowType

INTAKE = SectionType(
    "一",
    pgettext_lazy("form", "What was declared"),
    "5.3 5.4.1",
    (
        R(1, "number", pgettext_lazy("form", "Form number"), beside=2),
        R(2, "channel", pgettext_lazy("form", "Channel"), kind="boxes", by=(DESK, RELAYER)),
        R(3, "received_at", pgettext_lazy("form", "Declared (received) at"), by=(DESK, RELAYER), beside=4),
        R(4, "registered_at", pgettext_lazy("form", "Registered at")),
        R(5, "customer", pgettext_lazy("form", "Customer"), by=(DESK,), beside=6),
        R(6, "contract", pgettext_lazy("form", "Contract (project), name and number"), by=(DESK,)),
        R(7, "contact", pgettext_lazy("form", "Contact person (job title)"), by=(DESK,), beside=8),
        R(8, "contact_means", pgettext_lazy("form", "Means of contact (phone, e-mail)"), by=(DESK,)),
        R(9, "other_demands", pgettext_lazy("form", "Other demands"), kind="long", by=(DESK,), beside=10),
        R(10, "subject", pgettext_lazy("form", "Subject"), by=(DESK, RELAYER)),
        R(11, "body", pgettext_lazy("form", "What was declared, in full"), kind="long", by=(DESK, RELAYER)),
        R(
            12,
            "attachments",
            pgettext_lazy("form", "Attachments"),
            pgettext_lazy("form", "scans of letters and faxes, original mail"),
            by=(DESK,),
            beside=13,
        ),
        R(13, "accepted", pgettext_lazy("form", "Accepted by"), pgettext_lazy("form", "at / department")),
        R(
            14,
            "relayed",
            pgettext_lazy("form", "Relayed by"),
            pgettext_lazy("form", "at / received by the desk at"),
            beside=15,
        ),
        R(
            15,
            "first_response",
            pgettext_lazy("form", "First response at"),
            pgettext_lazy("form", "way / by / in time"),
            by=(DESK, SYSTEM),
        ),
    ),
)
SCREENING = SectionType(
    "二",
    pgettext_lazy("form", "Screening"),
    "5.4.2",
    (
        R(16, "valid", pgettext_lazy("form", "Valid"), kind="boxes", by=(DESK,), beside=17),
        R(
            17,
            "invalid_reason",
            pgettext_lazy("form", "Reason if invalid"),
            pgettext_lazy("form", "related number"),
            by=(DESK,),
        ),
        R(
            18,
            "scope_answers",
            pgettext_lazy("form", "Within the service scope"),
            pgettext_lazy("form", "customer, content"),
            kind="boxes",
            by=(DESK,),
            beside=19,
        ),
        R(19, "type", pgettext_lazy("form", "Type"), pgettext_lazy("form", "corrections"), kind="boxes", by=(DESK,)),
        R(
            20,
            "handover",
            pgettext_lazy("form", "Handed over to"),
            pgettext_lazy("form", "receiver / sent, received, completed at / their number"),
            by=(DESK, RECEIVER),
            beside=21,
        ),
        R(
            21,
            "request",
            pgettext_lazy("form", "Service request"),
            pgettext_lazy("form", "opinions of the head and of risk control / answer to the customer"),
            kind="long",
            by=(HEAD, RISK_CONTROL, DESK),
        ),
        R(22, "screened", pgettext_lazy("form", "Screened by / at")),
    ),
)
GRADING = SectionType(
    "三",
    pgettext_lazy("form", "Category and priority"),
    "5.4.3",
    (
        R(23, "category_leaf", pgettext_lazy("form", "Category, levels 1 / 2 / 3"), by=(DESK,)),
        R(24, "impact", pgettext_lazy("form", "Impact"), kind="boxes", by=(DESK,), beside=25),
        R(
            25,
            "urgency",
            pgettext_lazy("form", "Urgency"),
            pgettext_lazy("form", "basis of the judgement"),
            kind="boxes",
            by=(DESK,),
        ),
        R(26, "priority", pgettext_lazy("form", "Priority"), kind="boxes", beside=27),
        R(
            27,
            "target",
            pgettext_lazy("form", "Time allowed"),
            pgettext_lazy("form", "basis (contract, matrix) / due at"),
        ),
        R(
            28,
            "repeats",
            pgettext_lazy("form", "Repeated"),
            pgettext_lazy("form", "which time / related numbers"),
            kind="boxes",
            beside=29,
        ),
        R(
            29,
            "classified",
            pgettext_lazy("form", "Classified by / at"),
            pgettext_lazy("form", "adjustments"),
            by=(SYSTEM, DESK),
        ),
    ),
)
HANDLING = SectionType(
    "四",
    pgettext_lazy("form", "Handling"),
    "5.4.4",
    (
        R(
            30,
            "sla_notes_ack",
            pgettext_lazy("form", "Way of working agreed in the SLA"),
            pgettext_lazy("form", "read and confirmed"),
            by=(HANDLER,),
        ),
        R(
            31,
            "lookups",
            pgettext_lazy("form", "Knowledge base consulted"),
            pgettext_lazy("form", "keywords / result / article and version adopted / why not"),
            by=(HANDLER,),
        ),
        R(32, "handler", pgettext_lazy("form", "Handler"), pgettext_lazy("form", "changes"), beside=33),
        R(33, "plan", pgettext_lazy("form", "Solution (plan)"), kind="long", by=(HANDLER,)),
        R(34, "handling_log", pgettext_lazy("form", "Handling record"), kind="table", by=(HANDLER,)),
        R(
            35,
            "visits",
            pgettext_lazy("form", "Help on site"),
            pgettext_lazy("form", "people / arrival / departure"),
            by=(HANDLER,),
            beside=36,
        ),
        R(36, "supporters", pgettext_lazy("form", "Supporters / departments"), by=(HANDLER,)),
        R(
            37,
            "report_up",
            pgettext_lazy("form", "Reported to the head"),
            pgettext_lazy("form", "time / reason / answer / take-over"),
            by=(DESK, HEAD),
        ),
    ),
)
ESCALATION = SectionType(
    "五",
    pgettext_lazy("form", "Escalation (problem)"),
    "5.4.5",
    (
        R(
            38,
            "escalation.triggers",
            pgettext_lazy("form", "Trigger of the escalation"),
            pgettext_lazy("form", "severe impact / repeated up to the limit / other"),
            kind="boxes",
            by=(SYSTEM, DESK),
            beside=39,
        ),
        R(39, "escalation.requested", pgettext_lazy("form", "Requested by / at / reason"), by=(DESK,)),
        R(
            40,
            "escalation.decision",
            pgettext_lazy("form", "Decision of the head / reason / at"),
            kind="boxes",
            by=(HEAD,),
        ),
        R(
            41,
            "escalation.countersign",
            pgettext_lazy("form", "Countersignature of risk control / at"),
            kind="boxes",
            by=(RISK_CONTROL,),
            beside=42,
        ),
        R(42, "problem", pgettext_lazy("form", "Problem number / received by / at")),
    ),
)
MONITORING = SectionType(
    "六",
    pgettext_lazy("form", "Monitoring and warnings"),
    "5.4.6",
    (
        R(43, "communications", pgettext_lazy("form", "Contacts with the customer"), kind="table", by=(HANDLER,)),
        R(44, "warnings", pgettext_lazy("form", "Warnings"), kind="table", by=(SYSTEM, HANDLER)),
        R(
            45,
            "pauses",
            pgettext_lazy("form", "Waiting for the customer"),
            pgettext_lazy("form", "from, to / reason / basis / clock stopped"),
            by=(HANDLER,),
            beside=46,
        ),
        R(46, "breach_reason", pgettext_lazy("form", "Cause of the miss"), kind="long", by=(HANDLER,)),
    ),
)
COMPLETION = SectionType(
    "七",
    pgettext_lazy("form", "Completion and the customer's confirmation"),
    "5.4.7",
    (
        R(
            47,
            "solution",
            pgettext_lazy("form", "Cause / solution and result / permanent or not"),
            kind="long",
            by=(HANDLER,),
        ),
        R(48, "resolved", pgettext_lazy("form", "Solved at / time taken (gross, net) / in time")),
        R(
            49,
            "confirmation",
            pgettext_lazy("form", "Confirmed by the customer"),
            pgettext_lazy("form", "who / way / at / opinion / signature (scan)"),
            by=(CONTACT, DESK),
        ),
        R(
            50,
            "satisfaction",
            pgettext_lazy("form", "Satisfaction 1–5 / remark"),
            kind="boxes",
            by=(CONTACT,),
            beside=51,
        ),
        R(51, "reopens", pgettext_lazy("form", "Opened again"), pgettext_lazy("form", "how often / why"), by=(DESK,)),
        R(52, "closed", pgettext_lazy("form", "Completed by / at / article for the knowledge base")),
    ),
)
FILING = SectionType(
    "八",
    pgettext_lazy("form", "Filing"),
    "5.4.7",
    (
        R(
            53,
            "filed",
            pgettext_lazy("form", "Custodian / filed at"),
            pgettext_lazy("form", "place of the paper originals / kept until"),
            by=(CUSTODIAN, SYSTEM),
        ),
    ),
)
AUDIT = SectionType(
    "九",
    pgettext_lazy("form", "Audit"),
    "6",
    (
        R(
            54,
            "review",
            pgettext_lazy("form", "Auditor / date / conclusion by clause"),
            pgettext_lazy("form", "met, not met, not applicable"),
            by=(AUDITOR,),
        ),
        R(
            55,
            "findings",
            pgettext_lazy("form", "Findings and corrective actions"),
            kind="table",
            by=(AUDITOR, HANDLER),
        ),
        R(56, "ledger_head", pgettext_lazy("form", "Check code of the ledger")),
    ),
)
FROZEN = (INTAKE, SCREENING, GRADING, HANDLING, ESCALATION, MONITORING, COMPLETION, FILING)
PAIRS = {row.number: row.beside for section in (*FROZEN, AUDIT) for row in section.rows if row.beside}
