"""Who may see a declaration and who may do what on it: asked by pages, API and jobs alike."""

from incidents.access.sight import (
    OPEN,
    READ_WITH,
    declaration_for_reading,
    declaration_with,
    declarations,
    handed_to,
    seen_rows,
    sees_any,
    visible,
)
from incidents.access.standing import DESK_ROLES, ENDED, HANDLING_ROLES, RECEIVING_ROLES, TRUSTED, capacities
from incidents.access.steps import (
    NOT_YOURS,
    NextStep,
    closes_with_agreement,
    may_use,
    next_steps,
    require_entitled,
    require_permitted,
    require_possible,
    who_may,
)
from incidents.access.teams import departments_of_team, require_team

__all__ = [
    "DESK_ROLES",
    "ENDED",
    "HANDLING_ROLES",
    "NOT_YOURS",
    "OPEN",
    "READ_WITH",
    "RECEIVING_ROLES",
    "TRUSTED",
    "NextStep",
    "capacities",
    "closes_with_agreement",
    "declaration_for_reading",
    "declaration_with",
    "declarations",
    "departments_of_team",
    "handed_to",
    "may_use",
    "next_steps",
    "require_entitled",
    "require_permitted",
    "require_possible",
    "require_team",
    "seen_rows",
    "sees_any",
    "visible",
    "who_may",
]
