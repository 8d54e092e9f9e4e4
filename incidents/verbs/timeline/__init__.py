"""The time line of a record: what its ledger tells, and the sentence that each verb makes of it."""

from incidents.verbs.timeline.history import HistoryEntry, Values, history_of
from incidents.verbs.timeline.names import Names, label, listed, moment, short, way
from incidents.verbs.timeline.sentence import (
    CHANGES,
    CONTACT,
    HANDLING,
    TIME,
    Change,
    Filter,
    LineFormat,
    Sentence,
    either,
    filled,
    fixed,
    lines,
)

__all__ = [
    "CHANGES",
    "CONTACT",
    "HANDLING",
    "TIME",
    "Change",
    "Filter",
    "HistoryEntry",
    "LineFormat",
    "Names",
    "Sentence",
    "Values",
    "either",
    "filled",
    "fixed",
    "history_of",
    "label",
    "lines",
    "listed",
    "moment",
    "short",
    "way",
]
