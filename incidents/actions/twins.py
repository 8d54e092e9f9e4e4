"""Information security beside a disturbed service: two linked declarations, each with its own clocks (A-19)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from base.clock import now
from incidents.actions.calls import Call
from incidents.actions.intake import accept
from incidents.actions.steps import require, working
from incidents.models import WRITTEN_CHANNELS, Declaration


def record_security_twin(
    declaration_id: int, *, version: int | None, actor: Actor, subject: str, body: str
) -> Declaration:
    """Accept what concerns information security as a declaration of its own, linked to this one; returns the new one.

    It is received now, restricted from its first second, and goes to the security officer by its own hand-over. This
    record keeps only when that was: whoever may not read the other one learns neither its number nor its content.
    """
    with working(declaration_id, "record_security_twin", version=version, actor=actor) as step:
        require(
            subject=None if subject.strip() else _("Write the subject in one line."),
            body=None if body.strip() else _("Write what concerns information security."),
        )
        twin = accept(_call(step.record, subject, body), actor=actor)
        step.record.record_security_twin(security_twin_at=twin.registered_at)
    return twin


def _call(declaration: Declaration, subject: str, body: str) -> Call:
    reason = _("The original is kept with %(number)s.") % {"number": declaration.number}
    return Call(
        channel=declaration.channel,
        received_at=now(),
        subject=subject,
        body=body,
        contact=declaration.contact,
        customer=declaration.customer,
        department=declaration.department,
        caller_name=declaration.caller_name,
        caller_phone=declaration.caller_phone,
        caller_company=declaration.caller_company,
        contact_means=declaration.contact_means,
        pages=declaration.pages,
        sender_reference=declaration.sender_reference,
        received_on=declaration.received_on,
        no_file_reason=reason if declaration.channel in WRITTEN_CHANNELS else "",
        via=declaration.via,
        source=declaration.source,
        system=declaration.system,
        linked_to=declaration,
        restricted=True,
    )
