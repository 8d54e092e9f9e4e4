"""Sealing the heads that changed since the last checkpoint."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction

from base.clock import now
from base.heartbeat import beat
from base.pokes import poke
from ledger import copies, keys, numbers
from ledger.actions.chains import append, not_before
from ledger.canonical import canonical, digest
from ledger.merkle import merkle_root
from ledger.models import FIRST, Checkpoint, SealedHead, Unsealed
from ledger.moment import one_moment
from ledger.queries import Head, backdated, head_lines, last_checkpoint, unsealed
from ledger.signature import Signature

JOB = "checkpoint"
STREAM = "checkpoints"
SEALER = Signature(kind="system", key="system", name="seal_ledger")
# What one checkpoint takes in, so that neither memory nor the time of its transaction grows with a backlog.
AT_ONCE = 20_000
BATCH = 500
# No transaction of an action lasts longer; statements are ended before.
LONGEST_ACTION = timedelta(minutes=10)
LATEST = 60


class OtherKey(Exception):
    """This process has another key than the one that the last checkpoint leaves the ledger to."""


class Backdated(Exception):
    """Entries wait that are dated before what they follow: nobody has written them when they say."""


class NotAfterARestore(Exception):
    """There is nothing that a restored database would explain."""


def seal() -> int:
    """Seal every head that changed, and copy the checkpoints out; how many were made.

    Any number of workers may do so at once: of two, one makes the checkpoint and the other finds nothing to do.
    Raises `copies.RolledBack`, `OtherKey` and `ClockBehind` before anything is written, ImproperlyConfigured without a
    key, and `Backdated` once everything else is sealed: what is dated before its time is not signed.
    """
    key = keys.signing_key()
    copies.publish()
    made, checkpoint = 0, _seal(key)
    while checkpoint is not None:
        made += 1
        # What came meanwhile can wait for the next round, a backlog not.
        checkpoint = _seal(key) if checkpoint.entries == AT_ONCE else None
    copies.publish()
    _refuse_backdated()
    beat(JOB)
    return made


def seal_soon() -> None:
    """Have the heads sealed as soon as the caller's transaction is committed; without a broker, by the next round."""
    transaction.on_commit(lambda: poke("ledger.tasks.seal", expires=LATEST))


def rotate(new: Ed25519PrivateKey) -> Checkpoint:
    """Let the present key name its successor in a checkpoint that it signs; from then on only the new key seals."""
    return _surely(next_key=keys.public(new))


def replace_lost_key(reason: str) -> Checkpoint:
    """Go on with the present key although nobody can sign for it any more; every verifier will have to be told."""
    append(STREAM, signature=SEALER, action="key_lost", payload={"facts": {"reason": reason}})
    return _surely(is_heir=True)


def is_behind_copy() -> bool:
    """Whether the copy knows checkpoints that this database does not have, so that a restore must be declared."""
    last, known = last_checkpoint(), _known()
    return bool(known) and known[-1] != ((last.number, last.root) if last else (0, FIRST))


def accept_restore(reason: str) -> int:
    """Go on from an older database that was put back on purpose, and say so in the ledger and in the copy; as `seal`.

    Raises `NotAfterARestore` unless the copy knows the last checkpoint of this database and later ones.
    """
    key, last = keys.signing_key(), last_checkpoint()
    reached, root = (last.number, last.root) if last else (0, FIRST)
    known = _known()
    if not known or known[-1] == (reached, root) or (reached and (reached, root) not in known):
        raise NotAfterARestore("The copy of the checkpoints does not go on from the last one of this database.")
    facts = {"reason": reason, "from": reached, "lost": known[-1][0]}
    append(STREAM, signature=SEALER, action="restored", payload={"facts": facts})
    word = {"kind": "restored", "to": reached, "root": root, "lost": known[-1][0], "reason": reason}
    body = canonical({**word, "at": now(), "key": keys.public(key)})
    copies.note(copies.SignedLine(body, keys.sign(key, body)))
    return seal()


def _known() -> list[tuple[int, str]]:
    """What each line of the copy has reached."""
    return [line.end for line in copies.lines(copies.path())] if copies.path().exists() else []


def _surely(*, next_key: str = "", is_heir: bool = False) -> Checkpoint:
    """A checkpoint also when nothing has changed, and once more when somebody else was faster."""
    key, made = keys.signing_key(), None
    copies.publish()
    while made is None:
        made = _seal(key, next_key=next_key, is_heir=is_heir)
    copies.publish()
    return made


def _seal(key: Ed25519PrivateKey, *, next_key: str = "", is_heir: bool = False) -> Checkpoint | None:
    """Make the next checkpoint from one snapshot; None if nothing changed or somebody else was faster."""
    last: Checkpoint | None = None
    try:
        with one_moment(writes=True):
            last = last_checkpoint()
            _refuse_other_key(last, key, is_heir=is_heir)
            waiting = unsealed(AT_ONCE, since=_earliest(last))
            if waiting or next_key or is_heir:
                return _write(last, key, waiting, next_key)
    except IntegrityError:
        if last_checkpoint() == last:
            raise
    return None


def _write(last: Checkpoint | None, key: Ed25519PrivateKey, waiting: list[Head], next_key: str) -> Checkpoint:
    # The keys of a chain grow with its sequence, so that its last entry stays here.
    heads = {row.stream: (row.sequence, row.hash) for row in waiting}
    columns = {
        "number": last.number + 1 if last else 1,
        "previous_root": last.root if last else FIRST,
        "at": not_before(last.at, now()) if last else now(),
        "entries": len(waiting),
        "heads": len(heads),
        "heads_root": merkle_root(head_lines((stream, *head) for stream, head in heads.items())),
        "key": keys.public(key),
        "next_key": next_key,
    }
    body = canonical({"kind": "checkpoint", **columns, "numbers": numbers.begun(waiting)})
    # First of all, because this is where a second one who does the same has to stop.
    made = Checkpoint.objects.create(**columns, body=body, root=digest(body), signature=keys.sign(key, body))
    SealedHead.objects.bulk_create(
        [
            SealedHead(checkpoint=made, stream=stream, sequence=sequence, hash=its_hash)
            for stream, (sequence, its_hash) in heads.items()
        ],
        batch_size=BATCH,
    )
    _take_away(waiting)
    return made


def _earliest(last: Checkpoint | None) -> datetime | None:
    """What waits was committed after the last checkpoint that left nothing, and written not long before that."""
    while last is not None and last.entries >= AT_ONCE:
        last = Checkpoint.objects.filter(number__lt=last.number).order_by("-number").first()
    return last.at - LONGEST_ACTION if last else None


def _refuse_backdated() -> None:
    if streams := backdated(_earliest(last_checkpoint())):
        raise Backdated(
            f"Not sealed, because entries are dated before what they follow: {', '.join(streams[:10])}. "
            "Somebody wrote past the desk, or a clock was wrong: find out who, then run verify_ledger."
        )


def _take_away(waiting: list[Head]) -> None:
    """By key, never "up to": an entry with a lower key may be committed later."""
    for start in range(0, len(waiting), BATCH):
        Unsealed.objects.filter(pk__in=[row.key for row in waiting[start : start + BATCH]]).delete()


def _refuse_other_key(last: Checkpoint | None, key: Ed25519PrivateKey, *, is_heir: bool) -> None:
    if last is None or is_heir:
        return
    if keys.public(key) != (last.next_key or last.key):
        raise OtherKey(
            f"Checkpoint {last.number} leaves the ledger to the key {last.next_key or last.key}, and this process has "
            f"{keys.public(key)}. Put the right key into CHECKPOINT_KEY_FILE and start the worker again."
        )
