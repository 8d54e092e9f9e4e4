"""The one form of a call: as the desk logs it, and reduced as others relay it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.acting import Actor
from accounts.models import Contact, Customer, Department
from accounts.queries import with_duty_desk
from base.clock import now
from base.forms import choice_of_rows
from base.phones import is_number, normalised, numbers
from incidents.access import declarations
from incidents.actions import Call, original_lacks
from incidents.forms import as_upload, fields
from incidents.forms.fields import no_control_characters
from incidents.models import INTERNAL_CHANNELS, PAPER_CHANNELS, Channel, Declaration
from incidents.queries.contacts import contact_by_phone, is_desk_for, known_contact
from incidents.queries.customers import customers_in_sight

PHONE_DIGITS = 5
SUBJECT_FROM_BODY = 60
LIVE = {
    "hx-post": reverse_lazy("register-like"),
    "hx-trigger": "typed",
    "hx-target": "#like",
    "hx-swap": "innerHTML",
    "hx-sync": "#like:replace",
    "hx-params": "subject,body,caller_id",
}
NO_FILE = gettext_lazy("No file, because")
# What relaying staff are not asked.
DESK_ONLY = (
    "channel",
    "subject",
    "other_demands",
    "attachments",
    "pages",
    "sender_reference",
    "received_on",
    "no_file_reason",
    "source",
    "system",
    "source_ref",
    "customer",
    "linked",
)
PAPER = ("pages", "sender_reference", "received_on", "no_file_reason")
OF_CHANNEL: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PAPER_CHANNELS, PAPER),
    **dict.fromkeys(INTERNAL_CHANNELS, ("source", "system", "source_ref")),
    Channel.EMAIL: ("no_file_reason",),
}


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, cleaned to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


class RegisterForm(forms.Form):
    """A call as it is typed; `call()` is what the actions take.

    With `relaying` only caller, number, content, time and whether it was answered are asked, for unknown customers the
    department too; the subject is then the first line of the content.
    """

    use_required_attribute = False

    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=Channel.choices, initial=Channel.PHONE, widget=forms.RadioSelect
    )
    caller = fields.line(
        gettext_lazy("Caller's number or name"),
        required=False,
        longest=100,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    caller_id = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    caller_name = fields.line(gettext_lazy("Caller"), required=False, longest=100)
    caller_phone = fields.line(gettext_lazy("Number for calling back"), required=False, longest=40)
    caller_company = fields.line(gettext_lazy("Company"), required=False)
    customer = forms.ModelChoiceField(
        Customer.objects.none(),
        label=gettext_lazy("Affected customer"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("Not chosen"),
    )
    subject = fields.line(
        gettext_lazy("Subject"),
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("In one line: whose what is how"), "autocomplete": "off", **LIVE}
        ),
    )
    body = forms.CharField(
        label=gettext_lazy("Content"),
        max_length=fields.LONGEST,
        validators=[no_control_characters],
        help_text=gettext_lazy("In the customer's own words; a service request goes to the head unaltered."),
        widget=forms.Textarea(attrs={"rows": 5, **LIVE}),
    )
    received_at = fields.moment(gettext_lazy("Received"))
    other_demands = fields.line(
        gettext_lazy("Other demands"),
        required=False,
        longest=fields.LONGEST,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("e.g. mail only, do not call the office")}),
    )
    late_reason = fields.line(gettext_lazy("Why it is logged so late"), required=False, longest=500)
    answered_live = forms.BooleanField(
        label=gettext_lazy("Answered in person: this call is the first response"), required=False, initial=True
    )
    attachments = FilesField(label=gettext_lazy("Attachments"), required=False)
    pages = fields.pages(pgettext_lazy("paper", "Pages"))
    sender_reference = fields.line(gettext_lazy("Sender's reference"), required=False, longest=100)
    received_on = fields.day(gettext_lazy("Date stamp"), required=False)
    no_file_reason = fields.line(NO_FILE, required=False, longest=500)
    source = fields.line(gettext_lazy("Tool or round"), required=False, longest=100)
    system = fields.line(gettext_lazy("System"), required=False, longest=100)
    source_ref = fields.line(gettext_lazy("Alarm number"), required=False, longest=100)
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=gettext_lazy("Department that was called"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("Not chosen"),
    )
    linked = fields.line(gettext_lazy("Follows"), required=False, longest=24, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, relaying: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor, self.relaying = actor, relaying
        self.contact: Contact | None = None
        self.linked_to: Declaration | None = None
        self.received_given: datetime | None = None
        self.fields["received_at"].initial = now()
        called = choice_of_rows(self, "department")
        called.queryset = with_duty_desk()
        called.initial = actor.user.department.code if actor.user else None
        if relaying:
            for name in DESK_ONLY:
                del self.fields[name]
        else:
            choice_of_rows(self, "customer").queryset = customers_in_sight(actor)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.contact = self._contact(cleaned)
        self.received_given = cleaned.get("received_at")
        self.linked_to = self._linked(cleaned.get("linked", ""))
        self._require_original(cleaned)
        if not cleaned.get("body", "").strip() and "body" not in self.errors:
            self.add_error("body", ValidationError(_("Write what the caller said.")))
        return cleaned

    def _require_original(self, cleaned: dict[str, Any]) -> None:
        """Tell what a letter, a fax or an e-mail lacks together with the rest, not after it (R-5.3-2)."""
        for name, sentence in original_lacks(cleaned.get("channel", ""), cleaned.get("no_file_reason", "")).items():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, ValidationError(str(sentence)))

    def _linked(self, number: str) -> Declaration | None:
        if not number:
            return None
        found = declarations(self.actor).filter(number=number).first()
        if found is None:
            self.add_error(None, ValidationError(_("There is no such record, or it is not yours to see.")))
        return found

    def _contact(self, cleaned: dict[str, Any]) -> Contact | None:
        if cleaned.get("caller_id"):
            return known_contact(self.actor, cleaned["caller_id"])
        typed = cleaned.get("caller", "")
        return contact_by_phone(typed) if is_phone(typed) else None

    @property
    def party(self) -> Customer | None:
        """The customer whose call it is, as far as it is known."""
        return self.contact.customer if self.contact else self.cleaned_data.get("customer")

    @property
    def may_accept(self) -> bool:
        """Whether the person is this customer's desk; otherwise the call is relayed."""
        return not self.relaying and is_desk_for(self.actor, self.party)

    @property
    def answers_live(self) -> bool:
        """A call that was answered in person is responded to at its receipt (A-07)."""
        channel = self.cleaned_data.get("channel", Channel.PHONE)
        return channel == Channel.PHONE and self.cleaned_data.get("answered_live", False)

    def call(self) -> Call:
        """The call as the actions take it."""
        given = self.cleaned_data
        typed, contact = given["caller"].strip(), self.contact
        number = given["caller_phone"] or (typed if is_phone(typed) else "")
        return Call(
            channel=given.get("channel", Channel.PHONE),
            received_at=given["received_at"],
            subject=given.get("subject", "").strip() or _first_line(given["body"]),
            body=given["body"],
            contact=contact,
            customer=given.get("customer"),
            department=given.get("department"),
            caller_name=contact.name if contact else given["caller_name"] or ("" if is_phone(typed) else typed),
            caller_phone=normalised(number) or (contact.mobile or contact.phone if contact else ""),
            caller_company="" if contact else given["caller_company"],
            other_demands=given.get("other_demands", ""),
            late_reason=given["late_reason"],
            linked_to=self.linked_to,
            attachments=tuple(filter(None, map(as_upload, given.get("attachments", [])))),
            **self._of_channel(),
        )

    def _of_channel(self) -> dict[str, Any]:
        """What only some channels have; hidden fields of another channel do not count."""
        given = self.cleaned_data
        return {name: given[name] for name in OF_CHANNEL.get(given.get("channel", ""), ())}

    @property
    def received_suggestion(self) -> dict[str, str] | None:
        """The time that was probably meant where the given one lies in the future: the same time today, or now."""
        given = self.received_given
        if given is None or given <= now():
            return None
        meant = _same_time_today(given)
        return {
            "value": f"{meant:%Y-%m-%dT%H:%M}",
            "label": _("Change to %(time)s") % {"time": f"{meant:%m-%d %H:%M}"},
        }

    @property
    def is_unknown_caller(self) -> bool:
        """Whether the fields of somebody who is not registered are open."""
        names = ("caller_name", "caller_phone", "caller_company")
        return self.is_bound and any(self.data.get(name) or name in self.errors for name in names)


def is_phone(text: str) -> bool:
    """Whether somebody typed a number and not a name."""
    return is_number(text) and any(len(number) >= PHONE_DIGITS for number in numbers(text))


def _same_time_today(given: datetime) -> datetime:
    today, meant = localtime(now()), localtime(given)
    same = today.replace(hour=meant.hour, minute=meant.minute, second=0, microsecond=0)
    return same if same <= today else today.replace(second=0, microsecond=0)


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0].strip()
    return line if len(line) <= SUBJECT_FROM_BODY else f"{line[: SUBJECT_FROM_BODY - 1]}…"
