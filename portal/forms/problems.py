"""What problem management fills in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms import fields


class AcknowledgeForm(forms.Form):
    """The receipt for a problem, with the number under which it is worked on there."""

    use_required_attribute = False

    reference = fields.line(_("Number in problem management"), required=False, longest=64)
