"""Every write of a record goes through here.

`step` changes a record, `create` begins one, `record_all` changes many that a job has locked, `attempt` joins several
of them (or checks before the first) into one transaction. `tell_of` is for rows that a lower room writes beside a step,
`tell_about` for many of them.
A `Refused` that leaves the outermost of them is written to the day's security stream. Within `sending` a form counts
once. `again_if_raced` is for actions that enter what may be there only once. `seal` makes the checkpoints.
"""

from ledger.actions.attempts import Attempt, again_if_raced, attempt, record_refusal
from ledger.actions.batches import Change, record_all
from ledger.actions.beside import apart, tell_about, tell_of
from ledger.actions.chains import append
from ledger.actions.checkpoints import seal, seal_soon
from ledger.actions.once import OpenedForm, count_form, forget_sent_forms, sending
from ledger.actions.snapshots import newborn
from ledger.actions.steps import RecordChange, create, step

__all__ = [
    "Attempt",
    "Change",
    "OpenedForm",
    "RecordChange",
    "again_if_raced",
    "apart",
    "append",
    "attempt",
    "count_form",
    "create",
    "forget_sent_forms",
    "newborn",
    "record_all",
    "record_refusal",
    "seal",
    "seal_soon",
    "sending",
    "step",
    "tell_about",
    "tell_of",
]
