"""Which version holds, and its rules, read once a process."""

from __future__ import annotations

from datetime import date
from functools import cache

from django.db.models import DateField, QuerySet
from django.utils.translation import gettext as _

from base.compiled import CompiledRecords, Parameter
from ledger.exceptions import SettingMissing
from procedure.models import STANDING, ProcedureVersion, State
from procedure.queries.reading import read_rules
from procedure.queries.values import Rules


class NoProcedure(SettingMissing):
    """No version was in force on that day."""


def _in_force() -> QuerySet[ProcedureVersion]:
    held = ProcedureVersion.objects.filter(state__in=(State.IN_FORCE, State.WITHDRAWN))
    return held.filter(effective_on__lte=Parameter("on", DateField())).order_by("-effective_on", "-id")[:1]


IN_FORCE = CompiledRecords(_in_force)
_standing: dict[int, Rules] = {}


def in_force(on: date) -> ProcedureVersion:
    """The version by which a record accepted on that day (in China) is handled; one row by `procedure_effective`.

    Raises `NoProcedure` before the first version. What this process remembers of another header is dropped.
    """
    if found := IN_FORCE.first(on=on):
        drop_outdated(found)
        return found
    raise NoProcedure(
        _("No version of the procedure was in force on %(day)s. An administrator brings one in with manage.py migrate.")
        % {"day": on}
    )


def rules(version_id: int) -> Rules:
    """The rules of a version: ten reads once in a process, none afterwards; a draft is read anew each time."""
    if found := _standing.get(version_id):
        return found
    found = read_rules(ProcedureVersion.objects.get(pk=version_id))
    if found.state in STANDING:
        _standing[version_id] = found
    return found


def drop_outdated(version: ProcedureVersion) -> None:
    """Let `rules` read anew what it remembers of another state of that row, whichever process changed it."""
    known = _standing.get(version.pk)
    if known is not None and known.revision != version.version:
        # Another thread may have seen it as well, and be the first.
        _standing.pop(version.pk, None)


@cache
def versions_until(version_id: int) -> tuple[int, ...]:
    """The versions that came into force up to that one, itself included; one statement once in a process."""
    last = ProcedureVersion.objects.get(pk=version_id)
    held = ProcedureVersion.objects.filter(state__in=(State.IN_FORCE, State.WITHDRAWN))
    return tuple(held.filter(effective_on__lte=last.effective_on).order_by("pk").values_list("pk", flat=True))


def forget_rules() -> None:
    """Empty what `rules` remembers, after an addition to a standing version, and for tests that roll versions back."""
    _standing.clear()
    versions_until.cache_clear()
