"""How declarations and problems look to programs: people, customers and contracts by their codes."""

from api.representation.declarations import DeclarationSerializer, LineSerializer
from api.representation.escalation import ProblemRecordSerializer

__all__ = ["DeclarationSerializer", "LineSerializer", "ProblemRecordSerializer"]
