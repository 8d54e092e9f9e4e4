"""An article as it is drafted from a record."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms import fields


class DraftForm(forms.Form):
    """What a colleague has to know to solve the next one like it."""

    use_required_attribute = False

    title = fields.line(_("Title"))
    symptom = fields.text(_("Symptom"), help_text=_("In general words, without customer, names and numbers."))
    solution_steps = fields.Lines(label=_("Solution, one step a line"))
    keywords = fields.Lines(label=_("Keywords, one a line"), required=False)
