"""Writing the workbook: as the export of what stands, and with the mistakes of a plan marked."""

from workbook.writing.export import write_export
from workbook.writing.marked import write_marked

__all__ = ["write_export", "write_marked"]
