"""What is said once for several records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.queries.picking import first_of
from incidents.access.people import handlers
from incidents.forms import fields
from incidents.models import Declaration


class ReassignSeveralForm(forms.Form):
    """The new handler and the reason, the same for every record that was selected."""

    use_required_attribute = False

    to = fields.PersonField(_("New handler"))
    reason = fields.text(_("Reason"))

    def __init__(self, *args: Any, rows: Sequence[Declaration], actor: Actor, takes: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        handled = [row.handler_id for row in rows if row.handler_id is not None]
        offered, likely = handlers(*rows), [key for key, _count in Counter(handled).most_common()]
        fields.people_of(self, "to").offer(offered, near=actor.user, likely=likely)
        if takes and actor.user is not None:
            self.fields["to"].initial = actor.user.employee_number
        elif not self.is_bound and (first := first_of(offered, likely)) and first.pk not in likely:
            self.fields["to"].initial = first.employee_number
