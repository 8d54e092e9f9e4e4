"""Who takes on what somebody holds who leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PersonField
from accounts.models import Delegation, RoleGrant, User
from accounts.queries import colleagues
from accounts.wording import role_of
from ui import fields

GRANT, DELEGATION = "grant-", "delegation-"


class LeaveForm(forms.Form):
    """A successor for each role, another deputy for each delegation, and the reason."""

    reason = fields.text(_("Reason"), longest=500, rows=2)

    def __init__(
        self, *args: Any, person: User, roles: Iterable[RoleGrant], stood_in: Iterable[Delegation], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for grant in roles:
            self._ask(f"{GRANT}{grant.pk}", role_of(grant), person)
        for one in stood_in:
            label = _("%(role)s, in place of %(name)s") % {"role": role_of(one), "name": one.from_user.name}
            self._ask(f"{DELEGATION}{one.pk}", label, person)
        self.order_fields([name for name in self.fields if name != "reason"])

    def _ask(self, name: str, label: str, person: User) -> None:
        field = PersonField(label=label, empty_label=_("Choose the successor"))
        field.queryset = colleagues(person)
        self.fields[name] = field

    def successors(self, kind: str) -> dict[int, User]:
        """The chosen people by the key of what they take on."""
        chosen = self.cleaned_data.items()
        return {int(name.removeprefix(kind)): user for name, user in chosen if name.startswith(kind)}
