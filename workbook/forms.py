"""Handing a workbook in, and mending a row of it."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from workbook.models import PlanRow
from workbook.sheets import SHEETS

ENDINGS = ".xlsx,.csv"
LONGEST = 20_000


class UploadForm(forms.Form):
    """The file; what it must be, the action says."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("The workbook as .xlsx from Excel or WPS, or one of its sheets as .csv."),
        widget=forms.ClearableFileInput(attrs={"accept": ENDINGS}),
        error_messages={"required": _("Choose the file."), "empty": _("The file is empty. Choose another.")},
    )


class MendForm(forms.Form):
    """The cells of a row as they were typed; whether they are right now, the new plan says."""

    use_required_attribute = False

    def __init__(self, typed: QueryDict | None, *, row: PlanRow) -> None:
        super().__init__(typed, initial=row.values)
        self.columns = [column for column in SHEETS[row.sheet].columns if column.key in row.values]
        for column in self.columns:
            long = "\n" in row.values[column.key] or column.longest > 300
            widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
            self.fields[column.key] = forms.CharField(
                label=str(column.heading),
                required=column.required,
                max_length=LONGEST,
                strip=False,
                widget=widget,
            )

    def mended(self) -> dict[str, str]:
        """The cells that differ from what was typed before."""
        return {key: self.cleaned_data[key] for key in self.changed_data}
