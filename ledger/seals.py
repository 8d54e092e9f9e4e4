"""Proof that what was sealed still stands: the checkpoints in themselves, the chains under them, the copy outside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection
from django.db.models import Exists, Min, OuterRef

from ledger import keys
from ledger.actions import checkpoints
from ledger.canonical import canonical, digest, plain
from ledger.copies import SignedLine
from ledger.merkle import merkle_root
from ledger.models import FIRST, Checkpoint, Entry, SealedHead, Unsealed
from ledger.queries import content, head_lines, history
from ledger.verification import UNREADABLE, Fault

COPIED = ("number", "previous_root", "at", "entries", "heads", "heads_root", "key", "next_key")
# A minute is promised; beyond this the sealing has stopped, or something was written past it.
ALLOWED = timedelta(minutes=10)
STREAM = "checkpoint"


# The floor of a checkpoint is the time of the last one before it that left nothing unsealed.
BEFORE_ITS_TIME = """
    SELECT head.checkpoint_id, entry.stream, entry.sequence
    FROM (
        SELECT checkpoint_id, stream, LAG(sequence, 1, 0) OVER (PARTITION BY stream ORDER BY sequence) AS sealed
        FROM ledger_sealedhead
    ) AS head
    JOIN ledger_entry AS entry ON entry.stream = head.stream AND entry.sequence = head.sealed + 1
    JOIN (
        SELECT number, MAX(CASE WHEN entries < %s THEN at END)
            OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS floor
        FROM ledger_checkpoint
    ) AS checkpoint ON checkpoint.number = head.checkpoint_id
    WHERE entry.at < checkpoint.floor
    ORDER BY entry.stream, entry.sequence
"""


@dataclass
class Trust:
    """The public keys that a verifier believes in, and the time that the checkpoints have reached.

    Without any given, the key of the first checkpoint is believed, which the database alone vouches for.
    """

    named: frozenset[str] = frozenset()
    expected: str = ""
    at: datetime | None = None
    seen: set[str] = field(default_factory=set)
    changes: list[str] = field(default_factory=list)

    def accepts(self, key: str) -> bool:
        """Whether this key may sign what comes next: it was given, or named by the one before."""
        return key in self.named or (key == self.expected if self.expected else not self.named)

    def follow(self, checkpoint: Checkpoint) -> None:
        """Go on to the checkpoint after this one, which fits."""
        when = f"Checkpoint {checkpoint.number} of {checkpoint.at.isoformat()}"
        if self.expected and checkpoint.key != self.expected:
            self.changes.append(f"{when} is signed with the key {checkpoint.key}, which no earlier key names")
        if checkpoint.next_key:
            self.changes.append(f"{when} hands over to the key {checkpoint.next_key}")
        self.seen.add(checkpoint.key)
        self.at = checkpoint.at
        self.expected = checkpoint.next_key or checkpoint.key


def checkpoint_faults(trust: Trust) -> Iterator[Fault | None]:
    """Walk all checkpoints with their heads: None for one that fits, so that progress can be shown; ends at a fault.

    Two statements in bounded memory: what grows with one checkpoint are its heads.
    """
    previous, heads = FIRST, _heads_by_checkpoint()
    waiting = next(heads, None)
    for expected, checkpoint in enumerate(Checkpoint.objects.order_by("number").iterator(chunk_size=500), start=1):
        its_heads: list[SealedHead] = []
        while waiting and waiting[0] <= checkpoint.number:
            its_heads, waiting = waiting[1] if waiting[0] == checkpoint.number else [], next(heads, None)
        what = f"checkpoint {expected} is missing" if checkpoint.number != expected else ""
        what = what or _what_is_wrong(checkpoint, previous, its_heads, trust)
        yield _fault(checkpoint.number, what) if what else None
        if what:
            return
        trust.follow(checkpoint)
        previous = checkpoint.root


def head_faults(streams: Iterable[str] | None = None) -> Iterator[Fault]:
    """The first sealed head of each chain that the chain does not reach any more; by (stream, sequence)."""
    there = Entry.objects.filter(stream=OuterRef("stream"), sequence=OuterRef("sequence"), hash=OuterRef("hash"))
    lost = SealedHead.objects.filter(~Exists(there)).order_by("stream", "sequence")
    if streams is not None:
        lost = lost.filter(stream__in=list(streams))
    for stream, heads in groupby(lost.iterator(chunk_size=500), key=lambda head: head.stream):
        first = next(heads)
        what = f"checkpoint {first.checkpoint_id} sealed this entry, and it is not there as it was"
        yield Fault(stream, first.sequence, what)


def unsealed_faults(at: datetime, allowed: timedelta = ALLOWED) -> Iterator[Fault]:
    """What should have been sealed by now and is not; walks the entries once, each with one look into the index."""
    for gone in Unsealed.objects.filter(~Exists(Entry.objects.filter(pk=OuterRef("pk")))).order_by("pk"):
        yield Fault(f"entry {gone.pk}", None, "it waited for its checkpoint and is gone")
    covering = SealedHead.objects.filter(stream=OuterRef("stream"), sequence__gte=OuterRef("sequence"))
    late = Entry.objects.filter(~Exists(covering), at__lt=at - allowed)
    what = f"no checkpoint covers it, and it is older than {allowed // timedelta(minutes=1)} minutes"
    firsts = late.values("stream").annotate(first=Min("sequence")).order_by("stream")
    yield from (Fault(row["stream"], row["first"], what, is_late=True) for row in firsts.iterator(chunk_size=500))


def backdated_faults() -> Iterator[Fault]:
    """Chains of which a checkpoint sealed entries from before the checkpoint that left nothing unsealed before it.

    One statement: the first entry that each checkpoint sealed of a chain is enough, because within a chain time runs
    forwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(BEFORE_ITS_TIME, [checkpoints.AT_ONCE])
        suspects = cursor.fetchall()
    for number, stream, sequence in suspects:
        at = Entry.objects.values_list("at", flat=True).get(stream=stream, sequence=sequence)
        complete = Checkpoint.objects.filter(number__lt=number, entries__lt=checkpoints.AT_ONCE)
        if at < complete.latest("number").at - checkpoints.LONGEST_ACTION:
            what = f"it is dated before the checkpoint before {number}, which sealed it"
            yield Fault(stream, sequence, what)


def copy_faults(
    copied: Iterable[SignedLine], trust: Trust, at: datetime, allowed: timedelta = ALLOWED
) -> Iterator[Fault]:
    """The first thing in which the copy outside and the database part.

    `copied` was read before the database. Call it after `checkpoint_faults`, which tells `trust` whose keys count.
    """
    roots, believed = [FIRST], set(trust.named | trust.seen)
    for line in copied:
        if what := _what_is_wrong_in_copy(line, roots, believed):
            yield Fault("copy", None, what)
            return
        number, root = line.end
        roots[number:] = [root]
        believed.add(line.data.get("next_key", ""))
    yield from _against_database(roots, at - allowed)


def declared(copied: Iterable[SignedLine], trust: Trust) -> list[str]:
    """What somebody has declared, and whoever verifies has to know: restores, and keys that were changed or lost.

    Call it after `checkpoint_faults`, which notes the keys.
    """
    words = [
        f"Declared at {entry.at.isoformat()} in the ledger, {entry.action}: {canonical(content(entry)['facts'])}"
        for entry in history(checkpoints.STREAM)
    ]
    restored = (line.data for line in copied if line.data["kind"] == "restored")
    signed = [
        f"Declared at {data['at']} in the copy, restored to {data['to']}, lost up to {data['lost']}: {data['reason']}"
        for data in restored
    ]
    return [*trust.changes, *words, *signed]


def _what_is_wrong_in_copy(line: SignedLine, roots: list[str], believed: set[str]) -> str:
    data, (number, root) = line.data, line.end
    if data["key"] not in believed:
        return f"{data['kind']} {number} is signed with a key that was not expected"
    if not keys.is_signed(line.body, by=data["key"], signature=line.signature):
        return f"the signature of {data['kind']} {number} is wrong"
    if data["kind"] == "restored":
        return "" if roots[number : number + 1] == [root] else f"the restore to {number} leads to nothing known"
    if number != len(roots) or data["previous_root"] != roots[-1]:
        return f"checkpoint {number} does not follow {len(roots) - 1}"
    return ""


def _against_database(roots: list[str], late: datetime) -> Iterator[Fault]:
    stored = Checkpoint.objects.order_by("number").values_list("number", "root", "at").iterator(chunk_size=1000)
    reached = 0
    for number, root, at in stored:
        reached = number
        if number >= len(roots):
            if at < late:
                yield _fault(number, "the copy does not know it")
            return
        if root != roots[number]:
            yield _fault(number, "the copy knows another one of this number")
            return
    if reached + 1 < len(roots):
        yield _fault(reached + 1, "the copy knows it and the database does not: an older database was put back")


def _heads_by_checkpoint() -> Iterator[tuple[int, list[SealedHead]]]:
    heads = SealedHead.objects.order_by("checkpoint").iterator(chunk_size=1000)
    return ((number, list(group)) for number, group in groupby(heads, key=lambda head: head.checkpoint_id))


def _what_is_wrong(checkpoint: Checkpoint, previous: str, heads: list[SealedHead], trust: Trust) -> str:
    if digest(checkpoint.body) != checkpoint.root:
        return "the body does not have the stored root"
    try:
        body = json.loads(checkpoint.body)
        altered = [name for name in COPIED if plain(getattr(checkpoint, name)) != body[name]]
    except UNREADABLE:
        return "the body cannot be read"
    if altered:
        return f"the columns {', '.join(altered)} differ from the body"
    if checkpoint.previous_root != previous:
        return "it does not follow the checkpoint before it"
    if trust.at is not None and checkpoint.at < trust.at:
        return "it is dated before the checkpoint that it follows"
    if not trust.accepts(checkpoint.key):
        return f"the key {checkpoint.key} is not the one that was expected"
    if not keys.is_signed(checkpoint.body, by=checkpoint.key, signature=checkpoint.signature):
        return "the signature is wrong"
    if merkle_root(head_lines((head.stream, head.sequence, head.hash) for head in heads)) != checkpoint.heads_root:
        return "its heads are not those that were signed"
    return ""


def _fault(number: int, what: str) -> Fault:
    return Fault(f"{STREAM}:{number}", None, what)
