"""One kill in the middle of a sweep, one in the middle of a delivery: nothing is lost, doubled or renamed.

Then the same with one fence taken away at a time, and what the fence is for happens.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.desk import Desk, Poker, caught, desk, ready
from tests.faults.figures import Figures, figures, settled
from tests.faults.mail import MailServer
from tests.faults.servers import PostgreSQL, Redis
from tests.waiting import until

# The mail server answers after a quarter of it, the sender waits a third: time enough to see and kill him in between.
LEASE = 12
# For the lease to end, the killed worker to start again, and what it had in hand to be sent, on a busy machine.
PATIENCE = 60
RECORDS = 9
Run = Callable[..., Figures]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, firm: str, postgresql: PostgreSQL, redis: Redis) -> str:
    """The firm with some incidents, each with a threshold passed a minute ago."""
    name = "world"
    address = postgresql.make(name, template=firm)
    making = desk(tmp_path_factory.mktemp(name), database=address, broker=redis.address())
    making.manage("due", str(RECORDS), module="tests.faults.world")
    return name


@pytest.fixture
def run(tmp_path: Path, world: str, postgresql: PostgreSQL, redis: Redis, mail: MailServer) -> Run:
    """Kill a worker at each of these moments, then give the desk time to make up for it; what came of it."""

    def kill_at(*moments: str, fence: str = "-", end: Callable[[Desk, str], None] = Desk.kill) -> Figures:
        address = postgresql.make(f"run_{uuid.uuid4().hex[:8]}", template=world)
        mail.delay = LEASE / 4
        one = desk(tmp_path, database=address, broker=redis.address(1), mail=mail, fence=fence, lease=str(LEASE))
        try:
            one.up("worker1")
            ready(one, ["worker1"])
            with Poker(redis.address(1)):
                for moment in moments:
                    end(one, in_the_middle(one, moment))
                    mail.delay = 0.02
                wait(address, mail, PATIENCE)
            return figures(address, mail)
        finally:
            one.end()

    return kill_at


def in_the_middle(one: Desk, moment: str) -> str:
    name = caught(one.sweeping if moment == "sweep" else one.sending, 60)
    assert name, f"no worker was seen in the middle of a {moment}"
    return name


def ask_to_end(one: Desk, name: str) -> None:
    assert one.stop(name) == 0
    one.up(name)


def wait(address: str, mail: MailServer, seconds: float) -> None:
    try:
        until(lambda: settled(address, mail), seconds=seconds, what="the end of all that was due")
    except AssertionError:
        return  # the figures will tell


@pytest.mark.services
@pytest.mark.faults
def test_killed_in_sweep_and_delivery_nothing_is_lost_or_doubled(run: Run) -> None:
    found = run("sweep", "delivery")
    assert found.misses == {}
    assert found.intents > RECORDS
    assert found.mails_repeated >= 1


@pytest.mark.services
@pytest.mark.faults
def test_a_worker_that_is_asked_to_end_brings_to_an_end_what_it_has_in_hand(run: Run) -> None:
    found = run("sweep", "delivery", end=ask_to_end)
    assert found.misses == {}
    assert found.mails_repeated == 0


@pytest.mark.faults
@pytest.mark.parametrize(
    ("fence", "moment", "miss"),
    [
        ("transaction", "sweep", "intents_lost"),
        ("lease", "delivery", "mails_lost"),
        ("answer", "delivery", "mails_lost"),
        ("message_id", "delivery", "mails_under_two_ids"),
    ],
)
def test_without_the_fence_it_happens(run: Run, fence: str, moment: str, miss: str) -> None:
    assert miss in run(moment, fence=fence).misses
