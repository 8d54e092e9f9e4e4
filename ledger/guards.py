"""What a model may ask the database to refuse, declared as its class attribute `guard`.

`guard` is one guard or a tuple of them; `ledger.triggers` turns them into triggers. A model that says
`undeletable = True` refuses DELETE in every state. Columns are given by the name of the model field.

What the verifier has to know stands beside it, on models that have no chain of their own: `belongs_to` names the
foreign key to the row in whose chain a row is told of, so that one that no entry tells of is found (`FrozenWith` says
it too); `told_where_used = True` lets the entry of each row that points to one tell of it; `told_by_key = True` says
that some entry tells of each row by its key, whatever its chain; `working_data` says in words why no chain tells of the
rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Frozen:
    """Once `column` has one of `values`, the row may change only in the fields listed for that value, and never goes.

    An empty list refuses every UPDATE.
    """

    column: str
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class FrozenWith:
    """Rows of a child stand still once `column` of the row behind the foreign key `parent` has one of `values`.

    Such a child must be written through the parent's step (`add`, `track`): `verify_ledger` reports a row that
    the parent's chain does not name. `insert=False` lets new rows in, say dated annexes; the fields of `changing` may
    still change.
    """

    parent: str
    column: str
    values: tuple[str, ...]
    insert: bool = True
    changing: tuple[str, ...] = ()


# "append_only" is a plain word, so that a package that may not import this one can say it too.
Guard: TypeAlias = Literal["append_only"] | Frozen | FrozenWith
