"""When somebody wants to come back to a record, and for what."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import Reminder
from ui import fields


class ReminderForm(forms.Form):
    """The moment and a few words; the same for pages and programs."""

    use_required_attribute = False

    at = fields.moment(_("Come back to it"))
    note = fields.line(_("For what"), longest=Reminder.LONGEST)
