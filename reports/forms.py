"""What the figures are asked for: months, department, customer, level, and by what they are divided."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from reports.lines import LEVELS, NONE, UNKNOWN_CUSTOMER, By
from reports.periods import LONGEST, Month, Period
from reports.queries.counting import Asked

WRITTEN = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")


class MonthField(forms.CharField):
    """A calendar month, written as browsers do (2026-08) or as people do (2026/8, 2026年8月)."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"class": "form-control", "size": 8, "list": "months", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **options)

    def clean(self, value: Any) -> Month | None:
        text = super().clean(value)
        if not text:
            return None
        found = WRITTEN.fullmatch(text)
        month = Month(int(found[1]), int(found[2])) if found else None
        if month is None or not (1 <= month.number <= 12 and 2000 <= month.year <= 2200):
            raise ValidationError(_("Write the month as 2026-08."), code="month")
        return month


class FiguresForm(forms.Form):
    """The filters of the figures. Departments and customers are only those that the reader has figures of."""

    since = MonthField(label=_("From month"))
    until = MonthField(label=_("To month"))
    department = forms.ChoiceField(label=_("Department"), required=False)
    customer = forms.ChoiceField(label=_("Customer"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    by = forms.ChoiceField(label=_("Divided by"), required=False, choices=By.choices)

    def __init__(self, query: Mapping[str, str], *, customers: Sequence[Customer], at: datetime) -> None:
        usual = Period.usual(at)
        values = {"since": str(usual.first), "until": str(usual.last), "by": By.MONTH.value}
        super().__init__({**values, **{name: value for name, value in query.items() if value}})
        self.at, self.customers = at, customers
        self._departments = {each.department.code: each.department for each in customers}
        self._customers = {each.code: each for each in customers}
        self._offer("department", _("All departments"), {code: str(each) for code, each in self._departments.items()})
        known = {code: each.name for code, each in self._customers.items()}
        self._offer("customer", _("All customers"), {**known, NONE: UNKNOWN_CUSTOMER})
        self._offer("level", _("All levels"), LEVELS)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until:
            if until < since:
                self.add_error("until", _("The last month lies before the first one. Choose a later one."))
            elif until > Month.of(self.at):
                self.add_error("until", _("This month has not come yet. Choose the present one or an earlier one."))
            elif len(Period(since, until)) > LONGEST:
                self.add_error("since", _("Choose at most %(months)s months.") % {"months": LONGEST})
        return values

    @property
    def asked(self) -> Asked:
        """What a valid form asks for."""
        values = self.cleaned_data
        departments = {code: each.pk for code, each in self._departments.items()}
        customers = {code: each.pk for code, each in self._customers.items()}
        return Asked(
            Period(values["since"], values["until"]),
            department=departments.get(values["department"]),
            customer={**customers, NONE: 0}.get(values["customer"]),
            level={level: number for number, level in enumerate((NONE, "1", "2", "3", "4"))}.get(values["level"]),
        )

    @property
    def months(self) -> list[str]:
        """The months that are offered while typing, the present one first; earlier ones may be typed."""
        return [str(Month.of(self.at).later(-step)) for step in range(LONGEST)]

    def _offer(self, name: str, everything: Any, words: Mapping[str, Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.widget.attrs["class"] = "form-select"
        field.choices = [("", everything), *words.items()]
