"""The controlled document as data: one version holds every rule that the desk executes."""

from procedure.models.register import ChangeRow, OfficialText, Reference, Responsibility
from procedure.models.rules import Category, Impact, MatrixCell, Parameter, Scale, Target, Urgency
from procedure.models.version import HEADER, STANDING, Basis, Clause, Definition, ProcedureVersion, State

__all__ = [
    "HEADER",
    "STANDING",
    "Basis",
    "Category",
    "ChangeRow",
    "Clause",
    "Definition",
    "Impact",
    "MatrixCell",
    "OfficialText",
    "Parameter",
    "ProcedureVersion",
    "Reference",
    "Responsibility",
    "Scale",
    "State",
    "Target",
    "Urgency",
]
