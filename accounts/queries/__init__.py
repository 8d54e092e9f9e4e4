"""Who holds which role, who is calling, and what belongs to each person."""

from accounts.queries.contacts import contacts_of, find_contacts, staff_reached_by
from accounts.queries.departments import department, department_page, roles_of_department, standing_departments
from accounts.queries.people import delegations_of, grants_of, is_qualified, tokens_of
from accounts.queries.roles import (
    Holding,
    custodian_of,
    deputies_of,
    desk_of,
    duty_desk,
    head_of,
    holders,
    running_delegations,
    todays_holders,
    with_duty_desk,
)

__all__ = [
    "Holding",
    "contacts_of",
    "custodian_of",
    "delegations_of",
    "department",
    "department_page",
    "deputies_of",
    "desk_of",
    "duty_desk",
    "find_contacts",
    "grants_of",
    "head_of",
    "holders",
    "is_qualified",
    "roles_of_department",
    "running_delegations",
    "staff_reached_by",
    "standing_departments",
    "todays_holders",
    "tokens_of",
    "with_duty_desk",
]
