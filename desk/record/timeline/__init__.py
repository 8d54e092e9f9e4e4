"""The time line of a record: what its ledger tells, one sentence an entry."""
