"""What is written of figures: that they were taken out, and what they count."""

from reports.actions.counting import count_changed, recount_all
from reports.actions.exporting import record_export

__all__ = ["count_changed", "record_export", "recount_all"]
