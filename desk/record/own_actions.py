"""What everybody can do with a record in sight that is no step of the procedure."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from desk.own.queries import Marks
from desk.record.bar import Action
from incidents.models import Declaration


def own_actions(declaration: Declaration, marks: Marks) -> list[Action]:
    """Watching it or no more, and while it is open coming back to it later; for the page, the palette and the keys."""
    watch = Action(
        verb="watch",
        label=_("Watch no more") if marks.watched else pgettext("button", "Watch"),
        url=reverse("record-watch", args=[declaration.number]),
        icon="eye-off" if marks.watched else "eye",
        key="O",
        method="post",
        fields={"end": "yes"} if marks.watched else {},
    )
    later = Action(
        verb="remind",
        label=pgettext("button", "Later"),
        url=reverse("record-remind", args=[declaration.number]),
        icon="clock",
        key="X",
    )
    return [watch, later] if declaration.is_open else [watch]
