"""What is known of a declaration when it comes in, and what has to be known (clauses 5.3 and 5.4.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import refuse_merged
from accounts.actors import Actor, local_day
from accounts.models import Contact, Customer, Department
from base.clock import now
from files.exceptions import FileRefused
from files.kinds import MAIL
from incidents.actions.attachments import SCANS, Upload
from incidents.actions.insiders import own_request
from incidents.actions.steps import require
from incidents.models import INTERNAL_CHANNELS, PAPER_CHANNELS, WRITTEN_CHANNELS, Channel, Declaration
from ledger.exceptions import Sentence
from procedure.queries import in_force, rules

MAILS = frozenset({MAIL.media_type})
NO_PAGES = gettext_lazy("Letters and faxes need the number of pages.")
NO_DAY = gettext_lazy("Enter the day on which the letter or fax came in.")
NO_SCAN = gettext_lazy("Attach the scan as PDF, JPG, PNG or TIFF, or say why there is no file.")
NO_MAIL = gettext_lazy("Attach the original message as .eml, or say why there is no file.")


@dataclass(frozen=True)
class Call:
    """What is known of a declaration when it comes in; only channel, receipt, subject and body are always there."""

    channel: str
    received_at: datetime
    subject: str
    body: str
    contact: Contact | None = None
    customer: Customer | None = None
    department: Department | None = None
    caller_name: str = ""
    caller_phone: str = ""
    caller_company: str = ""
    contact_means: str = ""
    other_demands: str = ""
    late_reason: str = ""
    pages: int | None = None
    sender_reference: str = ""
    received_on: date | None = None
    no_file_reason: str = ""
    via: str = ""
    source: str = ""
    system: str = ""
    source_ref: str = ""
    linked_to: Declaration | None = None
    restricted: bool = False
    attachments: tuple[Upload, ...] = field(default=())

    @property
    def company(self) -> Customer | None:
        return self.contact.customer if self.contact else self.customer


def draft(call: Call, actor: Actor) -> Declaration:
    """The declaration of this call, not saved yet; raises Invalid where nobody can tell which department it is for."""
    customer = call.company
    department = customer.department if customer else call.department or _own_department(actor)
    require(
        department=None if department else _("Choose the department that was called."),
    )
    at = now()
    return Declaration(
        procedure_version=in_force(local_day(at)),
        channel=call.channel,
        received_at=call.received_at,
        registered_at=at,
        late_reason=call.late_reason,
        customer=customer,
        contact=call.contact,
        contact_means=call.contact_means,
        caller_name=call.caller_name or (call.contact.name if call.contact else ""),
        caller_phone=call.caller_phone,
        caller_company=call.caller_company,
        other_demands=call.other_demands,
        subject=call.subject,
        body=call.body,
        pages=call.pages,
        sender_reference=call.sender_reference,
        received_on=call.received_on,
        no_file_reason=call.no_file_reason,
        via=call.via,
        source=call.source,
        system=call.system,
        source_ref=call.source_ref,
        linked_to=call.linked_to,
        restricted=call.restricted,
        department=department,
    )


def _own_department(actor: Actor) -> Department | None:
    return actor.user.department if actor.user else None


def check(call: Call, declaration: Declaration) -> None:
    """Raise Invalid with a sentence for every field that is missing or cannot be."""
    earliest = now() - timedelta(hours=rules(declaration.procedure_version_id).parameter("received_back_hours"))
    internal = call.channel in INTERNAL_CHANNELS
    if declaration.customer is not None:
        refuse_merged(declaration.customer)
    require(
        subject=None if call.subject.strip() else _("Write the subject in one line."),
        body=None if call.body.strip() else _("Write what the caller said."),
        received_at=_("Received cannot be in the future.") if call.received_at > now() else None,
        late_reason=(
            _("More than %(hours)s hours ago: give the reason.")
            % {"hours": rules(declaration.procedure_version_id).parameter("received_back_hours")}
            if call.received_at < earliest and not call.late_reason.strip()
            else None
        ),
        source=_("Say which tool or which round found it.") if internal and not call.source.strip() else None,
        customer=_("Name the customer that is affected.") if internal and declaration.customer is None else None,
        caller_phone=own_request(declaration.customer, call.caller_phone, call.contact_means),
        **original_problems(call),
    )


def original_lacks(channel: str, no_file_reason: str) -> dict[str, Sentence]:
    """The sentence for each value that a call of this channel may not leave empty (R-5.3-2)."""
    on_paper: dict[str, Sentence] = {"pages": NO_PAGES, "received_on": NO_DAY} if channel in PAPER_CHANNELS else {}
    if channel not in WRITTEN_CHANNELS or no_file_reason.strip():
        return on_paper
    return {**on_paper, "attachments": NO_SCAN if channel in PAPER_CHANNELS else NO_MAIL}


def original_problems(call: Call) -> dict[str, Sentence | None]:
    """A sentence for each thing that a letter, a fax or an e-mail lacks (R-5.3-2); none for what came another way.

    Where a reason says that there never was a file, none is asked for.
    """
    lacks = original_lacks(call.channel, call.no_file_reason)
    found: dict[str, Sentence | None] = {name: None if getattr(call, name) else lacks[name] for name in lacks}
    if "attachments" in lacks:
        wanted = MAILS if call.channel == Channel.EMAIL else SCANS
        found["attachments"] = _file_problem(call, wanted, lacks["attachments"])
    if call.channel in PAPER_CHANNELS and call.received_on and call.received_on > local_day(now()):
        found["received_on"] = _("A letter or fax cannot have come in after today.")
    return found


def _file_problem(call: Call, wanted: frozenset[str], missing: Sentence) -> Sentence | None:
    try:
        return None if any(upload.media_type in wanted for upload in call.attachments) else missing
    except FileRefused as refused:
        return refused.sentence
