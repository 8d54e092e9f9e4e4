"""What the figures are called and how they are defined, in words for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.figures import Figure
from reports.queries.records import RecordsPart

NAMES: dict[str, Promise] = {
    Figure.RESOLUTION: _("Solved in time"),
    Figure.RESPONSE: _("Answered in time"),
    Figure.ATTAINMENT: _("SLA attained"),
    RecordsPart.OVERDUE: _("Overdue, unsolved"),
}
DEFINITIONS: dict[str, Promise] = {
    Figure.RESOLUTION: _(
        "Incidents solved before their due time, out of all incidents solved in the month. The month is that of the"
        " solution; after a rejection or a reopening only the last solution counts. Withdrawn, invalid, duplicate and"
        " handed-over declarations do not count."
    ),
    Figure.RESPONSE: _(
        "Declarations of all types whose first response came before its due time, out of all that were answered or"
        " whose response fell due. The month is that of the receipt."
    ),
    Figure.ATTAINMENT: _(
        "Incidents both answered and solved before their due times, out of all incidents solved in the month."
    ),
    RecordsPart.OVERDUE: _(
        "Incidents that fell due before the end of the period and are still unsolved now. They enter the rate only when"
        " they are solved; until then they stand beside it, in the month in which they fell due."
    ),
}
PARTS: dict[Figure, dict[RecordsPart, Promise]] = {
    Figure.RESOLUTION: {
        RecordsPart.COUNTED: pgettext_lazy("figure", "Solved"),
        RecordsPart.KEPT: pgettext_lazy("figure", "Solved in time"),
        RecordsPart.MISSED: pgettext_lazy("figure", "Solved late"),
        RecordsPart.OVERDUE: pgettext_lazy("figure", "Overdue, unsolved"),
        RecordsPart.FELL_DUE: pgettext_lazy("figure", "of these fell due in the period"),
    },
    Figure.RESPONSE: {
        RecordsPart.COUNTED: pgettext_lazy("figure", "Answered or due"),
        RecordsPart.KEPT: pgettext_lazy("figure", "Answered in time"),
        RecordsPart.MISSED: pgettext_lazy("figure", "Answered late or not at all"),
    },
    Figure.ATTAINMENT: {
        RecordsPart.COUNTED: pgettext_lazy("figure", "Solved"),
        RecordsPart.KEPT: pgettext_lazy("figure", "Both in time"),
        RecordsPart.MISSED: pgettext_lazy("figure", "One of them late"),
    },
}
