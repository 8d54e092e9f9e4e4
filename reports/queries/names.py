"""How the departments and customers of the figures are called."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Customer, Department
from reports.figures import FigureCell


def named(
    cells: Iterable[FigureCell], customers: Iterable[Customer]
) -> tuple[dict[int, Department], dict[int, Customer]]:
    """The departments and customers by their keys; no statement unless a cell has one that `customers` lack.

    That happens where a record stayed with the department that received it when its customer went to another.
    """
    known = {each.pk: each for each in customers}
    departments = {each.department_id: each.department for each in known.values()}
    wanted = {cell.customer for cell in cells if cell.customer} - set(known)
    if wanted:
        known |= Customer.objects.in_bulk(wanted)
    places = {cell.department for cell in cells} - set(departments)
    if places:
        departments |= Department.objects.in_bulk(places)
    return departments, known
