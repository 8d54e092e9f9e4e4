"""Whose move it is, told to a reader who has none, with the names of those who make it (R-4.1-2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.queries import holdings_of
from desk.next_step import waits_for
from desk.record.names import joined
from incidents.models import Declaration, State
from incidents.verbs import Party

ROLES: dict[Party, Role] = {
    "head": Role.DEPARTMENT_HEAD,
    "next_level": Role.MANAGEMENT,
    "risk_control": Role.RISK_CONTROL,
    "custodian": Role.CUSTODIAN,
}


def waits(declaration: Declaration) -> str:
    """The sentence, two where two are waited for; empty where nobody is. Two statements for each role."""
    sentences: dict[Party, str] = {
        "handler": _("Now it is the handler's move."),
        "customer": _("Now it is the customer's move."),
        "head": _("Now it is the move of the head of department."),
        "next_level": _("Now it is the move of the level above the head."),
        "risk_control": _("Now it is the move of risk control."),
        "receiver": _("Now it is the receiver's move."),
        "desk": _("Now it is the desk's move."),
        "custodian": _("Now it is the custodian's move."),
    }
    parties = _parties(declaration)
    if parties:
        return joined([_told(declaration, party, sentences[party]) for party in parties])
    handler = declaration.handler or declaration.desk
    return _("Now it is the move of %(name)s.") % {"name": handler.get_full_name()} if handler else ""


def _parties(declaration: Declaration) -> tuple[Party, ...]:
    """Of a service request both opinions are asked for at once (clause 5.4.2)."""
    opinions = (declaration.head_agrees, declaration.risk_control_agrees)
    if declaration.state == State.REQUEST_REVIEW and opinions == (None, None):
        return ("head", "risk_control")
    party = waits_for(declaration)
    return (party,) if party else ()


def _told(declaration: Declaration, party: Party, sentence: str) -> str:
    values = {"sentence": sentence, "people": _people(declaration, party)}
    return _("%(sentence)s That is %(people)s.") % values if values["people"] else sentence


def _people(declaration: Declaration, party: Party) -> str:
    """Who makes the move today: a deputy before the absent person."""
    role = ROLES.get(party)
    if role is None or declaration.department is None:
        return ""
    names = []
    for holding in holdings_of(role, declaration.department):
        absent, deputy = holding.user.get_full_name(), holding.deputy
        known = {"name": deputy.get_full_name(), "absent": absent} if deputy else None
        names.append(_("%(name)s (for %(absent)s)") % known if known else absent)
    return _(", ").join(dict.fromkeys(names))
