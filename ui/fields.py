"""Fields of forms as every room has them: what cannot be kept is refused with a sentence that says what to do."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from base.clock import now

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise
else:
    Label = str

# Line feed and tabulator stay; every other control character is refused, as no keyboard types it.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST = 20_000
EARLIEST, LATEST = "2000-01-01", "2199-12-31"
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


def no_day_far_away(value: date) -> None:
    """Refuse a day that nobody meant; the day before and the day after what is left are days as well."""
    if not EARLIEST <= value.isoformat() <= LATEST:
        raise ValidationError(_("Choose a day from 2000 to 2199."), code="year")


def line(label: Label, *, required: bool = True, longest: int = 200, **options: Any) -> forms.CharField:
    """One line of text."""
    validators = [no_control_characters, *options.pop("validators", ())]
    return forms.CharField(label=label, required=required, max_length=longest, validators=validators, **options)


class Text(forms.CharField):
    """Several lines, which end as the ledger keeps them: browsers send two characters for each end, programs one."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return found.replace("\r\n", "\n").replace("\r", "\n") if isinstance(found, str) else found


def text(label: Label, *, required: bool = True, rows: int = 3, longest: int = LONGEST, **options: Any) -> Text:
    """Several lines of text."""
    return Text(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[no_control_characters],
        **options,
    )


class Moment(forms.DateTimeField):
    """A wall clock shows the hour in which summer time ends twice: what has come is taken for the later one."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone" or error.params is None:
                raise
            return _one_of_two(error.params["datetime"])


def _one_of_two(typed: datetime) -> datetime:
    """The later instant at which the clock shows it, or the earlier one while that has not come."""
    zone = get_current_timezone()
    earlier, later = (typed.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier.astimezone(zone).replace(tzinfo=None) != typed:
        raise ValidationError(_("The clock skips this time, as summer time begins. Check the hour."), code="skipped")
    return later if later <= now() else earlier


def moment(label: Label, *, required: bool = True, **options: Any) -> forms.DateTimeField:
    """A date and time on the wall clock of the reader's zone."""
    return Moment(
        label=label,
        required=required,
        input_formats=MOMENT_FORMATS,
        validators=[no_impossible_year],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        **options,
    )


def day(label: Label, *, required: bool = True, **options: Any) -> forms.DateField:
    """A day from 2000 to 2199."""
    return forms.DateField(
        label=label,
        required=required,
        input_formats=DAY_FORMATS,
        validators=[no_day_far_away],
        widget=forms.DateInput(attrs={"type": "date", "min": EARLIEST, "max": LATEST}, format="%Y-%m-%d"),
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
