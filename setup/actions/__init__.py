"""What is written while a firm moves in and when somebody leaves it."""

from setup.actions.leaving import leave
from setup.actions.operation import confirm_operation, watch_vacancies

__all__ = ["confirm_operation", "leave", "watch_vacancies"]
