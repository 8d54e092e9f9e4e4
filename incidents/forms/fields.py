"""The fields of the verbs' forms: shape is checked here, state and entitlement in the actions."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import BY_NUMBER, PeopleField, PeopleOrNamesField
from accounts.forms.fields import PersonField as PeopleByNumber
from accounts.models import Contact, Customer, User
from accounts.queries import colleagues
from base.parsing import is_storable
from base.wording import clock_time
from incidents.models import STANDING, TELLING_WAYS, Declaration, Visit, Way
from ui.fields import (
    CONTROL,
    LONGEST,
    Label,
    Lines,
    day,
    line,
    moment,
    no_control_characters,
    text,
    yes_no,
)

__all__ = [
    "CONTROL",
    "LONGEST",
    "ConfirmingContactField",
    "ContactField",
    "CustomerField",
    "DeclarationField",
    "Lines",
    "OpenVisitField",
    "PeopleField",
    "PeopleOrNamesField",
    "PersonField",
    "RightsSelect",
    "day",
    "line",
    "moment",
    "no_control_characters",
    "offer_everybody",
    "pages",
    "people_of",
    "text",
    "way",
    "yes_no",
]


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


class ContactField(forms.ModelChoiceField):
    """A contact of the declaration's customer, by its code ("C01-P1"); the end of the number tells namesakes apart."""

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
        named = f"{contact.name}（{contact.title}）" if contact.title else contact.name
        number = contact.mobile or contact.phone
        end = gettext("number ends in %(digits)s") % {"digits": number[-4:]}
        return f"{named} · {end}" if number else named


class OpenVisitField(forms.ModelChoiceField):
    """A visit whose departure is not known yet; the only one is chosen."""

    def __init__(self, label: Label) -> None:
        super().__init__(Visit.objects.none(), label=label, empty_label=_("Not chosen"), required=False)

    def narrow(self, declaration: Declaration) -> None:
        self.queryset = declaration.visit_rows.filter(STANDING, departure=None)
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
    """Any customer, by its code ("C01"); the code of one that was merged stands for the one that goes on."""

    def __init__(self, label: Label | None = None, **options: Any) -> None:
        super().__init__(
            Customer.objects.filter(merged_into=None).select_related("department").order_by("code"),
            label=label or _("Customer"),
            to_field_name="code",
            empty_label=_("Not chosen"),
            **options,
        )

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            offered = self.queryset if is_storable(str(value)) else None
            kept = offered.filter(merged__code=value).first() if offered is not None else None
            if kept is None:
                raise
            return kept


class PersonField(PeopleByNumber):
    """A member of staff, by employee number ("S01"); whom it offers the form says by the rule of the action."""

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label=label, to_field_name=BY_NUMBER, **options)


def people_of(form: forms.BaseForm, name: str) -> PeopleByNumber | PeopleOrNamesField:
    """A field of the form that asks for colleagues, as what it is."""
    return cast("PeopleByNumber | PeopleOrNamesField", form.fields[name])


def offer_everybody(form: forms.BaseForm, name: str, declaration: Declaration, near: User | None) -> None:
    """Whoever works here can have been there or have helped; the handler and the desk come first."""
    likely = [declaration.handler_id, declaration.desk_id]
    people_of(form, name).offer(colleagues(), near=near, likely=likely)


class DeclarationField(forms.CharField):
    """Another declaration, by its number; it must be one that the actor may see."""
