"""The terms of a contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sla.actions import Terms
from sla.models import Calendar, Closure, Contract
from sla.targets import Counting, Target, TargetData, Unit
from sla.year_files import parse_date

LEVELS: Mapping[int, Promise] = {
    1: pgettext_lazy("level", "Level 1"),
    2: pgettext_lazy("level", "Level 2"),
    3: pgettext_lazy("level", "Level 3"),
    4: pgettext_lazy("level", "Level 4"),
}
# The channels of clause 5.3, by which the procedure sets response times.
CHANNELS: Mapping[str, Promise] = {
    "phone": _("Phone"),
    "email": _("E-mail"),
    "letter": _("Letter"),
    "fax": _("Fax"),
    "monitoring": _("Monitoring tool"),
    "maintenance": _("Routine maintenance"),
    "other": pgettext_lazy("channel", "Other"),
}
UNITS = (
    ("minute:natural", _("minutes")),
    ("minute:working", _("minutes, working time")),
    ("hour:natural", _("hours")),
    ("hour:working", _("hours, working time")),
    ("working_day:working", _("working days")),
    ("calendar_month:natural", _("months")),
)
# The beginnings of the names of the fields for times, with what each is for.
TIMES: Mapping[str, Promise] = {
    **{f"level{level}": label for level, label in LEVELS.items()},
    "response": _("Every channel"),
    **{f"response_{channel}": label for channel, label in CHANNELS.items()},
}
# Ten years at most, so that no due time lies beyond what can be counted.
LARGEST = {"minute": 5_256_000, "hour": 87_600, "working_day": 3_650, "calendar_month": 120}
MOST_LINES, LONGEST_LINE = 40, 300


@dataclass(frozen=True)
class TargetRow:
    """One time in the table: its name, its two fields, and what holds without it."""

    label: str
    value: forms.BoundField
    unit: forms.BoundField
    otherwise: str


class DateTyped(forms.DateField):
    """A date as a browser or a person writes it: 2026-10-01, 2026-10-1, 2026/10/1."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return cast("date | None", value or None)
        try:
            return parse_date(str(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class LinesField(forms.CharField):
    """Entries one a line; the value is a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise forms.ValidationError(_("Up to 40 lines of 300 characters each."))
        return lines

    def run_validators(self, value: Any) -> None:
        """The value is no text any more."""


class ContractForm(forms.Form):
    """Everything that is agreed; a time left empty is left to the procedure."""

    number = forms.CharField(label=_("Contract number"), max_length=60)
    name = forms.CharField(label=_("Contract name"), max_length=200)
    starts_on = DateTyped(label=_("First day"))
    ends_on = DateTyped(label=_("Last day"), help_text=_("This day still belongs to the contract."))
    overlap_accepted = forms.BooleanField(
        label=_("Overlapping another contract of this customer is meant"), required=False
    )
    service_scope = LinesField(
        label=_("Contracted services"), required=False, help_text=_("One a line. What is not among them goes to sales.")
    )
    process_notes = LinesField(
        label=_("Agreed ways of working"),
        required=False,
        help_text=_("One a line. The handler confirms them before starting (§5.4.4)."),
    )
    pause_allowed = forms.BooleanField(label=_("Waiting for the customer stops the clock"), required=False)
    closure = forms.ChoiceField(label=_("Closing needs"), widget=forms.RadioSelect, choices=Closure.choices)
    calendar = forms.ModelChoiceField(
        label=_("Working calendar"),
        queryset=Calendar.objects.order_by("name"),
        required=False,
        empty_label=_("The default calendar"),
    )
    first_warning = forms.IntegerField(
        label=_("First warning (percent of the time)"), required=False, min_value=1, max_value=99
    )
    second_warning = forms.IntegerField(
        label=_("Second warning (percent of the time)"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("From here on the system tells the customer if nobody has."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, label in TIMES.items():
            self.fields[f"{key}_value"] = forms.IntegerField(label=str(label), required=False, min_value=1)
            self.fields[f"{key}_unit"] = forms.ChoiceField(
                label=format_lazy("{} ({})", label, _("unit")), required=False, choices=UNITS
            )

    @staticmethod
    def initial_of(contract: Contract, targets: Mapping[int, TargetData]) -> dict[str, object]:
        """What the fields begin with: a target becomes value and unit, what the contract leaves open stays empty."""
        times = {f"level{level}": target for level, target in targets.items()}
        times |= {f"response_{channel}": target for channel, target in contract.response_by_channel.items()}
        if contract.response_target:
            times["response"] = contract.response_target
        first, second = contract.warnings or (None, None)
        names = ("number", "name", "starts_on", "ends_on", "service_scope", "process_notes", "pause_allowed", "closure")
        return {
            **{name: getattr(contract, name) for name in names},
            "calendar": contract.calendar_id,
            "first_warning": first,
            "second_warning": second,
            **{f"{key}_value": target["value"] for key, target in times.items()},
            **{f"{key}_unit": f"{target['unit']}:{target['clock']}" for key, target in times.items()},
        }

    def clean(self) -> dict[str, Any] | None:
        """Make a target of each value with its unit; a time over ten years is refused at its field."""
        for key in TIMES:
            try:
                self.cleaned_data[key] = self._target(key)
            except ValueError as error:
                self.add_error(f"{key}_value", str(error))
        return self.cleaned_data

    def _target(self, key: str) -> Target | None:
        value, unit = self.cleaned_data.get(f"{key}_value"), self.cleaned_data.get(f"{key}_unit")
        if value is None:
            return None
        name, _colon, clock = (unit or UNITS[0][0]).partition(":")
        if value > LARGEST[name]:
            raise ValueError(_("Ten years at most."))
        return Target(value, cast(Unit, name), cast(Counting, clock))

    def terms(self) -> Terms:
        """What a valid form says."""
        values = self.cleaned_data
        warnings = [values["first_warning"], values["second_warning"]]
        same = ("number", "name", "starts_on", "ends_on", "service_scope", "process_notes", "pause_allowed", "closure")
        return Terms(
            **{name: values[name] for name in same},
            response=values["response"],
            response_by_channel=self._times("response_", CHANNELS),
            targets=self._times("level", LEVELS),
            warnings=[share or 0 for share in warnings] if any(warnings) else [],
            calendar=values["calendar"],
        )

    def _times(self, beginning: str, keys: Iterable[Any]) -> dict[Any, Target]:
        return {key: self.cleaned_data[f"{beginning}{key}"] for key in keys if self.cleaned_data[f"{beginning}{key}"]}

    def row(self, key: str, otherwise: str) -> TargetRow:
        """One line of the table of times, with its fields named for those who do not see the table."""
        value, unit = self.fields[f"{key}_value"].widget, self.fields[f"{key}_unit"].widget
        value.attrs |= {"aria-label": TIMES[key], "class": "form-control"}
        unit.attrs |= {"aria-label": self.fields[f"{key}_unit"].label, "class": "form-select"}
        return TargetRow(str(TIMES[key]), self[f"{key}_value"], self[f"{key}_unit"], otherwise)
