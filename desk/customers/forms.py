"""What is kept of a customer and of its contacts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.actions import MOST_POINTS, Point
from accounts.models import Contact, ContactPoint, Customer, Department, User
from base import wording
from base.forms import choice_of_rows
from base.phones import FEWEST_DIGITS
from ui import fields

LONGEST_NOTE = 60
# A number as people write it, with an extension, then whatever is said about it. A note may begin with a digit, so the
# number ends before a blank if it can, and a mobile's after its eleven digits.
NUMBERED = r"[+\d（(][\d\s()（）.－-]*(?:(?:转|分机|ext\.?)\s*\d+)?"
NUMBER = re.compile(rf"(1[3-9]\d{{9}}(?=\s|$)|{NUMBERED}(?=\s|$)|{NUMBERED})(.*)", re.IGNORECASE)


class CustomerForm(forms.Form):
    """What can be changed of a customer of one of the departments that the person keeps."""

    name = fields.line(_("Customer name"), longest=200, help_text=_("As in the contract."))
    industry = fields.line(_("Industry"), longest=60, required=False)
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        empty_label=_("Choose the department"),
        help_text=_("It owns the contract, and its head decides for this customer."),
    )
    in_service_scope = forms.BooleanField(
        label=_("In service scope"),
        required=False,
        help_text=_("Whether we serve it now. If not, nobody is reminded to renew its contracts."),
    )

    def __init__(self, *args: Any, departments: QuerySet[Department], **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of_rows(self, "department").queryset = departments

    @staticmethod
    def initial_of(customer: Customer) -> dict[str, object]:
        """The customer as the form shows it."""
        return {
            **{name: getattr(customer, name) for name in ("name", "industry", "in_service_scope")},
            "department": customer.department_id,
        }


class NewCustomerForm(CustomerForm):
    """A customer that is entered; its code stays."""

    code = fields.line(
        _("Code"), longest=20, help_text=_("Short, as people write it, such as C01. It is never changed.")
    )
    field_order = ("code", "name", "department", "industry", "in_service_scope")


class PointsField(forms.CharField):
    """Further numbers and addresses, one a line, each with a word about it; the value is a list of `Point`."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return "\n".join(f"{each.value} {each.note}".strip() for each in value)
        return value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]
        if len(lines) > MOST_POINTS:
            raise ValidationError(gettext("Up to %(count)d lines.") % {"count": MOST_POINTS})
        return [_point(line) for line in lines]

    def run_validators(self, value: Any) -> None:
        """The value is no text any more."""


def _point(line: str) -> Point:
    first, _blank, rest = line.partition(" ")
    if "@" in first:
        try:
            validate_email(first)
        except ValidationError as error:
            raise ValidationError(gettext("“%(text)s” is no e-mail address.") % {"text": first}) from error
        return Point(ContactPoint.Kind.EMAIL, first, _note(rest))
    found = NUMBER.fullmatch(line)
    if found is None or sum(sign.isdigit() for sign in found[1]) < FEWEST_DIGITS:
        raise ValidationError(gettext("“%(text)s” begins with no number and no address.") % {"text": line})
    return Point(ContactPoint.Kind.PHONE, found[1].strip(), _note(found[2]))


def _note(text: str) -> str:
    if len(text.strip()) > LONGEST_NOTE:
        raise ValidationError(
            gettext("Say less about “%(text)s”: up to %(count)d characters.")
            % {
                "text": text.strip(),
                "count": LONGEST_NOTE,
            }
        )
    return text.strip()


class ContactField(forms.ModelChoiceField):
    """One of several contacts, by its code; who is who is told by the numbers."""

    def __init__(self, label: Any) -> None:
        super().__init__(Contact.objects.none(), label=label, to_field_name="code", empty_label=_("Choose a contact"))

    def label_from_instance(self, contact: Contact) -> str:
        told = (contact.name, contact.title, wording.phone(contact.mobile or contact.phone), contact.email)
        return " · ".join(each for each in (*told, contact.code) if each)


class ContactForm(forms.Form):
    """A person at a customer; the right to confirm is asked only of whoever may give it."""

    name = fields.line(pgettext_lazy("person", "Name"), longest=60)
    title = fields.line(_("Job title"), longest=60, required=False)
    mobile = fields.line(_("Mobile"), longest=40, required=False)
    phone = fields.line(_("Phone"), longest=40, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    points = PointsField(
        label=_("Further numbers and addresses"),
        required=False,
        help_text=_("One a line, with a word about it: 010-12345678 reception. Callers are found by each of them."),
    )
    language = forms.ChoiceField(
        label=_("Language of letters"),
        required=False,
        choices=[("", _("That of the desk")), *User.Language.choices],
        help_text=_("What the desk sends to this person."),
    )
    may_confirm = forms.BooleanField(
        label=_("May confirm completion"),
        required=False,
        help_text=_("Entitled to confirm for the customer that a case is solved (§5.4.7)."),
    )

    def __init__(self, *args: Any, entitling: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not entitling:
            del self.fields["may_confirm"]

    @staticmethod
    def initial_of(contact: Contact, points: Iterable[ContactPoint]) -> dict[str, object]:
        """The contact as the form shows it."""
        names = ("name", "title", "mobile", "phone", "email", "language", "may_confirm", "left_on")
        further = [Point(each.kind, each.value, each.note) for each in points]
        return {**{name: getattr(contact, name) for name in names}, "points": further}


class ChangedContactForm(ContactForm):
    """A contact as it stands, who may have left."""

    left_on = fields.day(
        _("Left on"),
        required=False,
        help_text=_("Old records keep the name; from then on nobody is offered this person. Empty: still there."),
    )


class CustomerField(forms.ModelChoiceField):
    """One of several customers, by its code, which stands beside the name."""

    def __init__(self, label: Any) -> None:
        super().__init__(Customer.objects.none(), label=label, to_field_name="code", empty_label=_("Choose a customer"))

    def label_from_instance(self, customer: Customer) -> str:
        return f"{customer.name} · {customer.code}"


class MergeContactsForm(forms.Form):
    """Which two entries are one person: the one that ends, and the one that stays."""

    use_required_attribute = False

    gone = ContactField(_("This entry ends"))
    kept = ContactField(_("This one stays"))

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        standing = customer.contacts.filter(merged_into=None).order_by("-is_active", "code")
        choice_of_rows(self, "gone").queryset = standing
        choice_of_rows(self, "kept").queryset = standing.filter(is_active=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("gone") is not None and cleaned.get("gone") == cleaned.get("kept"):
            self.add_error("kept", ValidationError(gettext("Choose two different contacts.")))
        return cleaned


class MergeCustomerForm(forms.Form):
    """Into which other customer this one is merged."""

    use_required_attribute = False

    kept = CustomerField(_("This customer stays"))

    def __init__(self, *args: Any, offered: QuerySet[Customer], **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of_rows(self, "kept").queryset = offered
