"""What is said once for several records."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms import fields


class ReassignSeveralForm(forms.Form):
    """The new handler and the reason, the same for every record that was selected."""

    use_required_attribute = False

    to = fields.PersonField(_("New handler"))
    reason = fields.text(_("Reason"))
