"""Every write of the workbook; what its rows change is written by the actions of their own rooms."""

from workbook.actions.applying import carry_out
from workbook.actions.carrying import carry_on, carry_on_imports
from workbook.actions.clearing import clear_imports
from workbook.actions.reading import make_plan
from workbook.actions.undoing import undo
from workbook.actions.uploads import apply, discard, mend, read_again, record_export, take_back, upload

__all__ = [
    "apply",
    "carry_on",
    "carry_on_imports",
    "carry_out",
    "clear_imports",
    "discard",
    "make_plan",
    "mend",
    "read_again",
    "record_export",
    "take_back",
    "undo",
    "upload",
]
