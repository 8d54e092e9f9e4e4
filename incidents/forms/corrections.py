"""Forms by which what was typed wrong or twice is put right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Contact
from base.forms import choice_of_rows
from base.phones import normalised
from incidents.forms import fields
from incidents.forms.base import VerbForm
from incidents.models import OF_CHANNEL, OF_INTERNAL, OF_PAPER, Channel, Declaration
from incidents.queries.striking import strikable

ALWAYS = ("channel", "received_at", "subject", "body")
OF_SOME_CHANNELS = {*OF_PAPER, *OF_INTERNAL}


class CorrectForm(VerbForm):
    """What stands on the record, to be put right; a program sends what is wrong alone, and the rest stays.

    What belongs to other channels than that of the record, or the one that is chosen, is not asked; where it is sent
    all the same, the action says why it cannot be.
    """

    reason = fields.text(_("What was wrong, and how you know"), rows=2)
    subject = fields.line(_("Subject"), required=False)
    body = fields.text(_("Content"), required=False, rows=5)
    received_at = fields.moment(_("Received"), required=False)
    late_reason = fields.line(_("Why it was logged so late"), required=False, longest=500)
    contact = fields.ContactField(_("Contact"), required=False)
    caller_name = fields.line(_("Caller"), required=False, longest=100)
    caller_phone = fields.line(_("Number for calling back"), required=False, longest=40)
    contact_means = fields.line(_("Phone or e-mail"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, required=False)
    pages = fields.pages(pgettext_lazy("paper", "Pages"))
    received_on = fields.day(_("Date stamp"), required=False)
    sender_reference = fields.line(_("Sender's reference"), required=False, longest=100)
    no_file_reason = fields.line(_("No file, because"), required=False, longest=500)
    source = fields.line(_("Tool or round"), required=False, longest=100)

    def __init__(self, *args: Any, declaration: Declaration, **options: Any) -> None:
        super().__init__(*args, declaration=declaration, **options)
        if declaration.customer_id is None and not self._is_sent("contact"):
            del self.fields["contact"]
        else:
            # Somebody who is offered no more still stands on the record.
            offered = Q(customer=declaration.customer_id, is_active=True) | Q(pk=declaration.contact_id)
            choice_of_rows(self, "contact").queryset = Contact.objects.filter(offered).order_by("code")
        for name in OF_SOME_CHANNELS & self.fields.keys() - self._asked():
            del self.fields[name]
        for name in self.fields.keys() & {*ALWAYS, *(["contact"] if declaration.contact_id else [])}:
            self.fields[name].required = not self.is_bound or name in self.data

    def _asked(self) -> set[str]:
        chosen = self.data.get("channel", "") if self.is_bound else ""
        asked = {name for channel in (self.declaration.channel, chosen) for name in OF_CHANNEL.get(channel, ())}
        return asked | {name for name in OF_SOME_CHANNELS if self._is_sent(name)}

    def _is_sent(self, name: str) -> bool:
        return self.is_bound and bool(self.data.get(name))

    def clean_caller_phone(self) -> str:
        """The number as it is kept; one that stays as it is, as it stands."""
        typed = str(self.cleaned_data["caller_phone"])
        return typed if typed == self.declaration.caller_phone else normalised(typed)

    def clean_received_at(self) -> datetime | None:
        """The seconds that no field shows, and the first of two like hours, stay where nobody changed the time."""
        stands = self.declaration.received_at
        unchanged = self.data.get("received_at") == as_typed(stands)
        return stands if unchanged else cast("datetime | None", self.cleaned_data["received_at"])

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        changes = {name: value for name, value in cleaned.items() if name in self.data}
        reason = changes.pop("reason")
        return {"reason": reason, "changes": {name: value for name, value in changes.items() if self._is_meant(name)}}

    def _is_meant(self, name: str) -> bool:
        """A page sends every field again, as it was shown; a program what it means alone."""
        is_shown_again = isinstance(self.data, QueryDict) and name != "received_at"
        return not is_shown_again or self.data[name] != as_typed(getattr(self.declaration, name))


def as_typed(value: Any) -> Any:
    """A value in force as its field takes it from a person."""
    if isinstance(value, Contact):
        return value.code
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%dT%H:%M}"
    return value.isoformat() if isinstance(value, date) else "" if value is None else value


class StrikeOutForm(VerbForm):
    """Which entry, and why; the action says what one that stands no more, or carries something, is refused for."""

    row = forms.CharField(label=_("Entry"), max_length=60, widget=forms.Select)
    reason = fields.text(_("Why it is struck out"), rows=2)

    def __init__(self, *args: Any, declaration: Declaration, **options: Any) -> None:
        super().__init__(*args, declaration=declaration, **options)
        cast("forms.Select", self.fields["row"].widget).choices = [("", _("Not chosen")), *strikable(declaration)]
