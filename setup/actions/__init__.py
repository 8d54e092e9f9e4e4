"""What is written while a firm moves in and when somebody leaves it."""

from setup.actions.leaving import leave
from setup.actions.merging import merge_contacts, merge_customers
from setup.actions.operation import confirm_operation, watch_vacancies
from setup.actions.people import watch_people
from setup.actions.procedure import LARGEST_TEXT, change_header, put_official_text

__all__ = [
    "LARGEST_TEXT",
    "change_header",
    "confirm_operation",
    "leave",
    "merge_contacts",
    "merge_customers",
    "put_official_text",
    "watch_people",
    "watch_vacancies",
]
