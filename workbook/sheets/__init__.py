"""The sheets of the workbook, in the order in which their rows are carried out: what is named comes first."""

from collections.abc import Mapping

from workbook.sheets.articles import Articles
from workbook.sheets.base import Row, Sheet, Standing, Values
from workbook.sheets.contacts import Contacts
from workbook.sheets.contracts import Contracts
from workbook.sheets.customers import Customers
from workbook.sheets.days import Days
from workbook.sheets.departments import Departments
from workbook.sheets.deputies import Deputies
from workbook.sheets.grants import Grants
from workbook.sheets.people import People

SHEETS: Mapping[str, Sheet] = {
    sheet.key: sheet
    for sheet in (
        Departments(),
        People(),
        Customers(),
        Grants(),
        Contacts(),
        Contracts(),
        Days(),
        Deputies(),
        Articles(),
    )
}

__all__ = ["SHEETS", "Row", "Sheet", "Standing", "Values"]
