"""The page of a call: as the desk logs it, and reduced as others relay it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.models import Contact, Customer
from accounts.queries import with_duty_desk
from base.clock import now
from base.forms import choice_of_rows
from base.phones import is_number, normalised, numbers
from incidents.access import declarations
from incidents.forms import fields
from incidents.forms.call import CallForm
from incidents.models import OF_INTERNAL, OF_PAPER, Declaration
from incidents.queries.contacts import contact_by_phone, is_desk_for, known_contact
from incidents.queries.customers import customers_in_sight

PHONE_DIGITS = 5
SUBJECT_FROM_BODY = 60
# What is typed is compared with what is known, as one types.
LIVE = {
    "hx-post": reverse_lazy("register-like"),
    "hx-trigger": "typed",
    "hx-target": "#like",
    "hx-swap": "innerHTML",
    "hx-sync": "#like:replace",
    "hx-params": "subject,body,caller_id",
}
# What relaying staff are not asked.
DESK_ONLY = (
    "channel",
    "subject",
    "other_demands",
    "attachments",
    *OF_PAPER,
    *OF_INTERNAL,
    "customer",
    "linked",
)


class RegisterForm(CallForm):
    """A call as it is typed.

    With `relaying` only caller, number, content, time and whether it was answered are asked, for unknown customers the
    department too; the subject is then the first line of the content.
    """

    caller = fields.line(
        gettext_lazy("Caller's number or name"),
        required=False,
        longest=100,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    caller_id = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    linked = fields.line(gettext_lazy("Follows"), required=False, longest=24, widget=forms.HiddenInput)
    field_order = ("channel", "caller", "caller_id")

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
        for name in ("subject", "body"):
            self.fields[name].widget.attrs |= LIVE
        if relaying:
            for name in DESK_ONLY:
                del self.fields[name]
        else:
            choice_of_rows(self, "customer").queryset = customers_in_sight(actor).filter(merged_into=None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.contact = self._contact(cleaned)
        self.received_given = cleaned.get("received_at")
        self.linked_to = self._linked(cleaned.get("linked", ""))
        return cleaned

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

    def who_called(self) -> dict[str, Any]:
        """Who called, as far as it is known or typed; the subject of a relayed call is the beginning of its content."""
        data, contact = self.cleaned_data, self.contact
        typed = data["caller"].strip()
        number = data["caller_phone"] or (typed if is_phone(typed) else "")
        return {
            "subject": data.get("subject", "").strip() or _first_line(data["body"]),
            "contact": contact,
            "caller_name": contact.name if contact else data["caller_name"] or ("" if is_phone(typed) else typed),
            "caller_phone": normalised(number) or (contact.mobile or contact.phone if contact else ""),
            "caller_company": "" if contact else data["caller_company"],
            "linked_to": self.linked_to,
        }

    @property
    def received_suggestion(self) -> dict[str, str] | None:
        """The time that was probably meant where the given one lies in the future: the same time today, or now."""
        typed_at = self.received_given
        if typed_at is None or typed_at <= now():
            return None
        meant = _same_time_today(typed_at)
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


def _same_time_today(typed_at: datetime) -> datetime:
    today, meant = localtime(now()), localtime(typed_at)
    same = today.replace(hour=meant.hour, minute=meant.minute, second=0, microsecond=0)
    return same if same <= today else today.replace(second=0, microsecond=0)


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0].strip()
    return line if len(line) <= SUBJECT_FROM_BODY else f"{line[: SUBJECT_FROM_BODY - 1]}…"
