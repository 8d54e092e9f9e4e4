"""Whose move it is, told to a reader who has none, with the names of those who make it (R-4.1-2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.queries import holdings_of
from desk.next_step import waits_for
from incidents.models import Declaration
from incidents.verbs import Party

ROLES: dict[Party, Role] = {
    "head": Role.DEPARTMENT_HEAD,
    "next_level": Role.MANAGEMENT,
    "risk_control": Role.RISK_CONTROL,
    "custodian": Role.CUSTODIAN,
}


def waits(declaration: Declaration) -> str:
    """The sentence; empty where nobody is waited for. Two statements where a role makes the move."""
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
    party = waits_for(declaration)
    if party:
        values = {"sentence": sentences[party], "people": _people(declaration, party)}
        return _("%(sentence)s That is %(people)s.") % values if values["people"] else sentences[party]
    handler = declaration.handler or declaration.desk
    return _("Now it is the move of %(name)s.") % {"name": handler.get_full_name()} if handler else ""


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
