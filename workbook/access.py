"""Who moves a firm in by the workbook."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Held
from accounts.models import Role
from ledger.exceptions import NotPermitted
from workbook.models import Import


def may_move_in(actor: Actor) -> bool:
    """Administrators: the workbook holds people, roles and contracts of the whole firm."""
    return actor.holds(Role.ADMINISTRATOR) is not None


def require_move_in(actor: Actor) -> Held:
    """The administrator's grant; raises `NotPermitted`."""
    held = actor.holds(Role.ADMINISTRATOR)
    if held is None:
        raise NotPermitted(_("Only an administrator may export or import the workbook."))
    return held


def imports(actor: Actor) -> QuerySet[Import]:
    """The imports that the person may see; what one administrator began another may go on with."""
    return Import.objects.select_related("by", "file") if may_move_in(actor) else Import.objects.none()
