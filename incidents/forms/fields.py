"""The fields of the verbs' forms: shape is checked here, state and entitlement in the actions."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import Contact, Customer, User
from base.wording import clock_time
from incidents.models import TELLING_WAYS, Declaration, Visit, Way

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

# Line feed and tabulator stay; every other control character is refused, as no keyboard types it.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST = 20_000
MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M"]
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]


def no_control_characters(value: str) -> None:
    """Refuse what no keyboard types, with a sentence that says what to do."""
    if CONTROL.search(value):
        raise ValidationError(
            _("The text holds control characters that cannot be kept. Paste it again as plain text."), code="control"
        )


def no_impossible_year(value: datetime) -> None:
    """Refuse a year that nobody meant, and that could not be counted with."""
    if not 1990 <= value.year <= 2200:
        raise ValidationError(_("Check the year of this date."), code="year")


def line(label: Label, *, required: bool = True, longest: int = 200, **options: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label, required=required, max_length=longest, validators=[no_control_characters], **options
    )


def text(label: Label, *, required: bool = True, rows: int = 3, **options: Any) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[no_control_characters],
        **options,
    )


def way(label: Label | None = None, *, answers: bool = False, **options: Any) -> forms.ChoiceField:
    """The means by which somebody was told something or, with `answers`, by which something came from them."""
    options.setdefault("initial", Way.PHONE)
    choices = Way.choices if answers else [(way.value, way.label) for way in TELLING_WAYS]
    return forms.ChoiceField(label=label or _("By which means"), choices=choices, **options)


def pages(label: Label) -> forms.IntegerField:
    """How many sheets a letter or a fax has."""
    wrong = _("Enter the number of pages in digits, 1 to 9999.")
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=9999,
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


def moment(label: Label, *, required: bool = True, **options: Any) -> forms.DateTimeField:
    """A date and time on the wall clock of the reader's zone."""
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=MOMENT_FORMATS,
        validators=[no_impossible_year],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        **options,
    )


def day(label: Label, *, required: bool = True, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **options,
    )


def yes_no(label: Label, *, required: bool = True, **options: Any) -> forms.TypedChoiceField:
    """A question that is answered, not a box that is overlooked."""
    return forms.TypedChoiceField(
        label=label,
        required=required,
        choices=[("true", _("Yes")), ("false", _("No"))],
        coerce=lambda value: str(value).lower() == "true",
        empty_value=None,
        widget=forms.RadioSelect,
        **options,
    )


class Lines(forms.CharField):
    """Several entries, one a line; cleaned to a list of non-empty strings, `most` of them of `longest` characters."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, *, most: int = 50, longest: int = 500, **options: Any) -> None:
        super().__init__(**options)
        self.most, self.longest = most, longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        entries = value if isinstance(value, list | tuple) else str(value or "").splitlines()
        return [entry.strip() for entry in map(str, entries) if entry.strip()]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        if len(value) > self.most:
            raise ValidationError(_("At most %(count)d entries, one a line."), params={"count": self.most})
        for entry in value:
            no_control_characters(entry)
            if len(entry) > self.longest:
                raise ValidationError(
                    _("An entry has at most %(count)d characters; this one has %(length)d."),
                    params={"count": self.longest, "length": len(entry)},
                )


class ContactField(forms.ModelChoiceField):
    """A contact of the declaration's customer, by its code ("C01-P1")."""

    listed_by: tuple[str, ...] = ("code",)

    def __init__(self, label: Label | None = None, **options: Any) -> None:
        super().__init__(
            Contact.objects.none(),
            label=label or _("Contact"),
            to_field_name="code",
            empty_label=_("Not chosen"),
            **options,
        )

    def narrow(self, declaration: Declaration) -> None:
        offered = Contact.objects.filter(customer=declaration.customer_id, is_active=True)
        self.queryset = offered.order_by(*self.listed_by)

    def label_from_instance(self, contact: Contact) -> str:
        return f"{contact.name}（{contact.title}）" if contact.title else contact.name


class OpenVisitField(forms.ModelChoiceField):
    """A visit whose departure is not known yet; the only one is chosen."""

    def __init__(self, label: Label) -> None:
        super().__init__(Visit.objects.none(), label=label, empty_label=_("Not chosen"), required=False)

    def narrow(self, declaration: Declaration) -> None:
        self.queryset = declaration.visit_rows.filter(departure=None)
        if declaration.visits_open == 1:
            self.empty_label, self.initial = None, self.queryset.first()

    def label_from_instance(self, visit: Visit) -> str:
        return " · ".join([clock_time(visit.arrival), visit.place, *visit.who])


class RightsSelect(forms.Select):
    """Marks whoever has no right to confirm, so that the page can ask why that word is enough."""

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        contact = getattr(value, "instance", None)
        if isinstance(contact, Contact) and not contact.may_confirm:
            option["attrs"]["data-unentitled"] = True
        return option


class ConfirmingContactField(ContactField):
    """A contact of the customer with the right to confirm beside the name; who has it comes first (A-23)."""

    widget = RightsSelect
    listed_by = ("-may_confirm", "code")

    def label_from_instance(self, contact: Contact) -> str:
        may, may_not = pgettext("contact", "may confirm"), pgettext("contact", "may not confirm")
        right = may if contact.may_confirm else may_not
        return f"{super().label_from_instance(contact)} · {right}"


class CustomerField(forms.ModelChoiceField):
    """Any customer, by its code ("C01")."""

    def __init__(self, label: Label | None = None, **options: Any) -> None:
        super().__init__(
            Customer.objects.order_by("code"),
            label=label or _("Customer"),
            to_field_name="code",
            empty_label=_("Not chosen"),
            **options,
        )


class PersonField(forms.ModelChoiceField):
    """A member of staff who works here, by employee number ("S01")."""

    def __init__(self, label: Label, **options: Any) -> None:
        people = User.objects.filter(is_active=True).select_related("department").order_by("employee_number")
        super().__init__(people, label=label, to_field_name="employee_number", empty_label=_("Not chosen"), **options)

    def label_from_instance(self, person: User) -> str:
        return f"{person.name}（{person.title}）" if person.title else person.name


class DeclarationField(forms.CharField):
    """Another declaration, by its number; it must be one that the actor may see."""
