"""Weekly hours, single days, and where a year comes from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from base.zones import zones
from sla import wording
from sla.hours import parse_windows
from sla.models import Calendar, CalendarDay
from sla.year_files import LONGEST_NAME

AS_THE_WEEK = ""
LIBRARY, FILE = "library", "file"


class WindowsField(forms.CharField):
    """Working hours of a day as text; the value is a list of windows in minutes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=200, **options)

    def prepare_value(self, value: Any) -> Any:
        return wording.windows_typed(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        try:
            return parse_windows(super().to_python(value) or "")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def validate(self, value: Any) -> None:
        """Empty means that nobody works."""

    def run_validators(self, value: Any) -> None:
        """The value is no text any more."""


class CalendarForm(forms.Form):
    """Name, zone and a field for each weekday; hours are on the wall clock of that zone, wherever the reader is."""

    name = forms.CharField(label=_("Name"), max_length=100)
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("The hours below are on the wall clock of this zone.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for weekday, name in WEEKDAYS.items():
            self.fields[f"day{weekday}"] = WindowsField(label=name)

    @staticmethod
    def initial_of(calendar: Calendar) -> dict[str, object]:
        """The calendar as the form shows it."""
        week = {f"day{weekday}": calendar.weekly.get(str(weekday), []) for weekday in range(7)}
        return {"name": calendar.name, "timezone": calendar.timezone, **week}

    def weekly(self) -> dict[int, list[tuple[int, int]]]:
        """The week of a valid form."""
        return {weekday: self.cleaned_data[f"day{weekday}"] for weekday in range(7)}

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day{weekday}"] for weekday in range(7)]


class DayForm(forms.Form):
    """What holds on one date."""

    kind = forms.ChoiceField(
        label=_("On this day"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(AS_THE_WEEK, _("The weekly hours hold")), *CalendarDay.Kind.choices],
    )
    windows = WindowsField(
        label=_("Working hours"),
        help_text=_("For a working day with hours of its own; empty: those of a normal day."),
    )
    name = forms.CharField(label=_("Name of the day"), required=False, max_length=LONGEST_NAME)

    @staticmethod
    def initial_of(day: CalendarDay | None) -> dict[str, object]:
        """The day as the form shows it."""
        return {"kind": day.kind, "windows": day.windows, "name": day.name} if day else {"kind": AS_THE_WEEK}


class ImportForm(forms.Form):
    """Where the days of a year come from."""

    source = forms.ChoiceField(
        label=_("Source"),
        widget=forms.RadioSelect,
        choices=[(LIBRARY, _("The maintained library of public holidays")), (FILE, _("A file"))],
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("JSON or CSV with date, name and isOffDay; UTF-8 or GB18030, up to 64 KB."),
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    file_name = forms.CharField(required=False, widget=forms.HiddenInput)
    agreed = forms.BooleanField(label=_("These days are worked on all the same"), required=False)
