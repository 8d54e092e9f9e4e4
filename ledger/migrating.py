"""What happens to the guards when tables change: they go first and are there again at the end, whatever the end is.

Django's table rebuild on SQLite would lose triggers silently, or fail on those that name another table. Both moves
stand in the stream "triggers". What a kill leaves without guards gets them from the next `migrate`, also from one that
has nothing to do; web and worker do not start before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management import CommandError
from django.db import transaction

from ledger import triggers
from ledger.actions import append
from ledger.models import Entry
from ledger.queries import head
from ledger.signature import Signature

STREAM = "triggers"
MIGRATE = Signature(kind="system", key="system", name="migrate")
DROPPED, MADE = "triggers_dropped", "triggers_made"


def before_migrate(*, plan: Sequence[tuple[Any, bool]], **kwargs: Any) -> None:
    """Drop the triggers before tables are rebuilt."""
    if not plan:
        return
    _refuse_to_lose_the_ledger(plan)
    with transaction.atomic():
        dropped = triggers.drop()
        # No entry into tables that are themselves about to change; the one after the migrations tells it then.
        if dropped and not any(migration.app_label == Entry._meta.app_label for migration, _backwards in plan):
            append(STREAM, signature=MIGRATE, action=DROPPED, payload={"facts": {"names": dropped}})


def _refuse_to_lose_the_ledger(plan: Sequence[tuple[Any, bool]]) -> None:
    """Going back would drop the chains or their seals, and with them the proof of everything else."""
    ours = [migration for migration, backwards in plan if backwards and migration.app_label == Entry._meta.app_label]
    if ours and triggers.ledger_exists() and (entries := Entry.objects.count()):
        raise CommandError(
            f"Refused: going back behind {ours[-1]} would drop tables of the ledger, which holds {entries:,} entries. "
            "To begin anew, drop the whole database; to go back to an earlier version, restore its backup."
        )


def after_migrate(**kwargs: Any) -> None:
    """Make the triggers again once all migrations have run."""
    # Emptying the tables (`flush`) sends this signal too, but without a plan; it has dropped nothing.
    if "plan" in kwargs:
        mend(migrations=[str(migration) for migration, _backwards in kwargs["plan"]])


def mend(**facts: object) -> None:
    """Make the triggers that lack, for the tables as they are, and tell it in the ledger with these facts.

    The guards stand first: should the ledger's own tables be between two shapes, the next run tells it.
    """
    if not triggers.ledger_exists():
        return
    made = triggers.make()
    if made or _left_untold():
        append(STREAM, signature=MIGRATE, action=MADE, payload={"facts": {"names": made, **facts}})


def _left_untold() -> bool:
    """Whether the ledger still believes that there are none."""
    last = head(STREAM)
    return last is not None and last.action == DROPPED
