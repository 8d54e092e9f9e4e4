"""The customer's word: solved, or not solved (R-5.4.7-2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact
from base.clock import now
from files.exceptions import FileRefused
from incidents.actions.attachments import SCANS, Upload, attach
from incidents.actions.steps import foreign_contact, require, working
from incidents.models import Attachment, Confirmation, Declaration, Way
from ledger.actions import RecordChange
from ledger.exceptions import Sentence


def confirm(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    contact: Contact | None,
    way: str,
    opinion: str = "",
    satisfaction: int | None = None,
    scan: Upload | None = None,
    unauthorised_confirmation_reason: str = "",
) -> Declaration:
    """Record the customer's word that it is solved (R-5.4.7-2).

    The word of a contact without the right to confirm is taken down by staff only, marked, and with the reason why
    it is enough (A-23). A signed scan brings its file.
    """
    with working(declaration_id, "confirm", version=version, actor=actor, uploads=filter(None, [scan])) as step:
        declaration = step.record
        contact = actor.contact or contact
        require(
            contact=_confirming_problem(declaration, contact, in_person=actor.contact is not None),
            way=None if way in Way.values else _("Say by which means."),
            satisfaction=None if satisfaction in (None, 1, 2, 3, 4, 5) else _("A score is a number from 1 to 5."),
            scan=_scan_problem(scan) if way == Way.SIGNED_SCAN else None,
            unauthorised_confirmation_reason=_unexplained(contact, unauthorised_confirmation_reason),
        )
        assert contact is not None
        attachment = attach(step, scan, purpose="confirm", actor=actor, field="scan") if scan else None
        _add_confirmation(step, actor, contact, way, opinion, satisfaction, attachment)
        declaration.confirm(
            confirmed_at=now(),
            # A second word takes nothing from the first.
            confirmation_authorised=contact.may_confirm or bool(declaration.confirmation_authorised),
            unauthorised_confirmation_reason=(
                declaration.unauthorised_confirmation_reason
                if contact.may_confirm
                else unauthorised_confirmation_reason
            ),
            confirmed_in_writing=way == Way.SIGNED_SCAN or declaration.confirmed_in_writing,
            satisfaction=satisfaction if satisfaction is not None else declaration.satisfaction,
        )
    return declaration


def _scan_problem(scan: Upload | None) -> Sentence | None:
    if scan is None:
        return _("Upload the signed scan.")
    try:
        return None if scan.media_type in SCANS else _("A signed scan is a PDF, JPG, PNG or TIFF.")
    except FileRefused as refused:
        return refused.sentence


def _add_confirmation(
    step: RecordChange[Declaration],
    actor: Actor,
    contact: Contact,
    way: str,
    opinion: str,
    satisfaction: int | None,
    attachment: Attachment | None,
) -> None:
    step.add(
        Confirmation(
            declaration=step.record,
            by=actor.user,
            at=now(),
            contact=contact,
            way=way,
            opinion=opinion,
            satisfaction=satisfaction,
            authorised=contact.may_confirm,
            attachment=attachment,
        )
    )


def _confirming_problem(declaration: Declaration, contact: Contact | None, *, in_person: bool) -> str | None:
    if contact is None:
        return _("Say who of the customer confirmed.")
    if in_person and not contact.may_confirm:
        return _("Only somebody whom your company has entitled may confirm this.")
    return foreign_contact(declaration, contact)


def _unexplained(contact: Contact | None, reason: str) -> str | None:
    if contact is None or contact.may_confirm or reason.strip():
        return None
    return _("This person may not confirm: give the reason, or ask one who may.")
