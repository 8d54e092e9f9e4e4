"""What is written while a firm moves in and when somebody leaves it."""

from setup.actions.leaving import leave
from setup.actions.operation import confirm_operation, watch_vacancies
from setup.actions.people import watch_people

__all__ = ["confirm_operation", "leave", "watch_people", "watch_vacancies"]
