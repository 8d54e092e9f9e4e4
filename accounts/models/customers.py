"""The customers whom the firm serves, and the people there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Replace
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Department, User
from ledger.models import Record

# What stands between the digits of one number, also where a number is kept with words beside it.
_SIGNS = ("-", " ", "(", ")", "（", "）", ".")


def _digits(*columns: str) -> Func:
    """The numbers of the columns without the signs within them."""
    between = (part for column in columns[1:] for part in (Value(";"), column))
    text: Func = Concat(columns[0], *between) if len(columns) > 1 else Replace(columns[0], Value(" "), Value(""))
    for sign in _SIGNS:
        text = Replace(text, Value(sign), Value(""))
    return text


def _merged_into() -> models.ForeignKey:
    """Which one goes on in its place; never one that was merged itself."""
    return models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
    )


class Customer(Record):
    """An external customer; `department` owns the contract (reading A-12).

    One that was `merged_into` another stays on its old records and is offered nowhere.
    """

    stream_kind: ClassVar[str] = "customer"

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("customer name"), max_length=200, unique=True)
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="customers"
    )
    in_service_scope = models.BooleanField(_("in service scope"), default=True)
    merged_into = _merged_into()

    class Meta:
        ordering = ["code"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="customer_merged_into_another"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(in_service_scope=False), name="customer_merged_is_not_served"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Record):
    """A person at a customer. Phone numbers are kept as `base.phones.normalised` writes them.

    Whoever has left (`left_on`, not `is_active`) stays on old records and is offered nowhere. Letters go out in
    `language`, or in that of the desk where none is chosen. The same holds for one that was `merged_into` another,
    whose numbers and addresses the other one has too.
    """

    stream_kind: ClassVar[str] = "contact"

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="contacts"
    )
    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    title = models.CharField(_("job title"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    may_confirm = models.BooleanField(
        _("may confirm completion"), default=False, help_text=_("Entitled to confirm for the customer (5.4.7).")
    )
    is_active = models.BooleanField(_("active"), default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=User.Language.choices, blank=True, default="")
    merged_into = _merged_into()
    digits = models.GeneratedField(
        expression=_digits("mobile", "phone"),
        output_field=models.CharField(max_length=81),
        db_persist=True,
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["customer", "code"], name="contact_customer"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="contact_merged_into_another"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(is_active=False), name="contact_merged_is_offered_no_more"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ContactPoint(models.Model):
    """A further number or address of a contact, beside those on its own row."""

    belongs_to: ClassVar[str] = "contact"

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="points")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    value = models.CharField(_("number or address"), max_length=254)
    note = models.CharField(_("note"), max_length=60, blank=True)
    digits = models.GeneratedField(
        expression=_digits("value"),
        output_field=models.CharField(max_length=254),
        db_persist=True,
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("number or address")
        verbose_name_plural = _("numbers and addresses")
        constraints = [models.UniqueConstraint(fields=["contact", "kind", "value"], name="contact_point_once")]
        indexes = [models.Index(fields=["kind", "value"], name="contact_point_value")]

    def __str__(self) -> str:
        return self.value
