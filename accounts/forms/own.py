"""What everybody types about himself: absences, the own profile, keys for programs."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actions.tokens import LONGEST_DAYS
from accounts.actors import Actor
from accounts.forms.fields import PersonField
from accounts.models import ApiToken, Role, User
from accounts.queries import colleagues, earlier_deputies
from base.forms import choice
from base.zones import zones
from ui import fields


class AbsenceForm(forms.Form):
    """When one is away, and who stands in for which of the own roles."""

    roles = forms.MultipleChoiceField(
        label=_("For which roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    to_user = PersonField(label=_("Deputy"), empty_label=_("Choose the deputy"))
    starts_at = fields.moment(_("Away from"))
    ends_at = fields.moment(_("Until"), help_text=_("From this moment on the roles are yours again."))
    reason = fields.text(_("Reason"), longest=500, rows=2)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        choice(self, "roles").choices = own_roles(actor)
        likely = earlier_deputies(actor.user) if actor.user else []
        cast("PersonField", self.fields["to_user"]).offer(colleagues(actor.user), near=actor.user, likely=likely)


class DeclineForm(forms.Form):
    """Why somebody does not stand in."""

    reason = fields.text(_("Reason"), longest=500, rows=2, help_text=_("Whoever is away and the head read it."))


class OwnForm(forms.Form):
    """What everybody keeps of the own account."""

    mobile = fields.line(_("Mobile"), longest=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=User.Language.choices, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices, widget=forms.RadioSelect)
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones,
        help_text=_("Pages show times in this zone. Deadlines are counted in the zone of their calendar."),
    )
    shortcuts_enabled = forms.BooleanField(
        label=_("Single letters are shortcuts"),
        required=False,
        help_text=_("Such as N for a new call, J and K in lists."),
    )

    @classmethod
    def initial_of(cls, user: User) -> dict[str, Any]:
        """What stands; a theme that was never chosen is that of the device."""
        kept = {name: getattr(user, name) for name in cls.base_fields}
        return {**kept, "theme": user.theme or User.Theme.DEVICE}


class TokenForm(forms.Form):
    """A key for a program."""

    name = fields.line(_("Purpose"), longest=60, help_text=_("Which program uses it."))
    scope = forms.ChoiceField(label=_("Scope"), choices=ApiToken.Scope.choices, widget=forms.RadioSelect)
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=LONGEST_DAYS)


def own_roles(actor: Actor) -> list[tuple[str, str]]:
    """The roles that the person holds himself and may lend, once each."""
    held = {each.role for each in actor.grants if each.on_behalf_of is None}
    return [(role.value, str(role.label)) for role in Role if role in held and role is not Role.ADMINISTRATOR]
