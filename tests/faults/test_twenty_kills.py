"""Two beats and three workers; twenty of them killed at work, the servers crashed, the mail server refusing and slow.

Nothing is lost, nothing doubled, and no message goes out under two ids. What the mail server gets twice, because
nobody can know whether it took it, is counted.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from base.clock import now
from tests.faults.conftest import MEASURED
from tests.faults.desk import Desk, Poker, caught, desk, ready
from tests.faults.figures import Figures, ask, figures, settled
from tests.faults.mail import MailServer
from tests.faults.servers import PostgreSQL, Redis
from tests.waiting import until

WORKERS, BEATS = ["worker1", "worker2", "worker3"], ["beat1", "beat2"]
BETWEEN = "0.6"
LATEST_SIGHT = 120
IN_HAND = 3
REFUSED = 4
LONGEST_RECOVERY = 30
# A lease of two minutes, the pause after a second failure, a round of beat, and some air on a busy machine.
PATIENCE = 240
HEARTBEAT = "SELECT at FROM base_heartbeat WHERE job = 'sweep'"


@dataclass
class Storm:
    """What is done to the desk, and how often."""

    desk: Desk
    postgresql: PostgreSQL
    redis: Redis
    mail: MailServer
    killed: Counter[str] = field(default_factory=Counter)
    restarted: Counter[str] = field(default_factory=Counter)
    recovery: float = 0.0
    # How long the workers took to start: a machine that is busy with other things is slow in both.
    start: float = 0.0

    @property
    def longest_recovery(self) -> float:
        return max(LONGEST_RECOVERY, 3 * self.start)

    def sweep(self) -> None:
        self._kill("in the middle of a sweep", self.desk.sweeping)

    def delivery(self) -> None:
        """The mail server takes its time until it is seen: on a busy machine a tenth of a second is over too soon."""
        usual, self.mail.delay = self.mail.delay, max(self.mail.delay, IN_HAND)
        self._kill("in the middle of a delivery", self.desk.sending)
        self.mail.delay = usual

    def beat(self) -> None:
        name = BEATS[self.killed["beats"] % len(BEATS)]
        self.desk.kill(name)
        self.killed["beats"] += 1

    def redis_crashes(self) -> None:
        self.redis.kill()
        time.sleep(1)
        self._back(self.redis.start, "Redis")

    def postgresql_crashes(self) -> None:
        self._back(lambda: self.postgresql.restart("immediate"), "PostgreSQL")

    def postgresql_restarts(self) -> None:
        self._back(lambda: self.postgresql.restart("fast"), "PostgreSQL")

    def mail_refuses(self) -> None:
        self.mail.refusing = True

    def mail_is_slow(self) -> None:
        """Slower than the sender waits: he gives up on what the server has taken."""
        self.mail.delay = 12

    def mail_is_well(self) -> None:
        if self.mail.refusing:
            until(lambda: self.mail.refusals >= REFUSED, seconds=LATEST_SIGHT, what="some mails that were refused")
        self.mail.refusing, self.mail.delay = False, 0.1

    def _kill(self, moment: str, at_it: Callable[[], str]) -> None:
        name = caught(at_it, LATEST_SIGHT)
        assert self.desk.running["world"].poll() is None, (self.desk.logs / "world.log").read_text()[-2000:]
        assert name, f"no worker was seen {moment}"
        self.desk.kill(name)
        self.killed[moment] += 1

    def _back(self, start: Callable[[], None], name: str) -> None:
        """Start the server again, and measure until a sweep has come to a good end."""
        start()
        began, at = time.monotonic(), now()
        until(lambda: self._swept() > at, seconds=LONGEST_RECOVERY * 3, what=f"a sweep after {name} was back")
        self.recovery = max(self.recovery, time.monotonic() - began)
        self.restarted[name] += 1

    def _swept(self) -> datetime:
        rows = ask(self.desk.address, HEARTBEAT)
        return rows[0][0] if rows else datetime.min.replace(tzinfo=UTC) + timedelta(days=1)


COURSE = """
    sweep delivery beat sweep delivery redis_crashes sweep delivery beat
    mail_refuses sweep sweep mail_is_well postgresql_crashes sweep delivery beat
    mail_is_slow delivery delivery mail_is_well sweep redis_crashes beat delivery postgresql_restarts sweep delivery
"""


@pytest.fixture
def storm(tmp_path: Path, firm: str, postgresql: PostgreSQL, redis: Redis, mail: MailServer) -> Storm:
    address = postgresql.make("storm", template=firm)
    one = desk(tmp_path, database=address, broker=redis.address(), mail=mail)
    mail.delay = 0.1
    return Storm(one, postgresql, redis, mail)


def weather(storm: Storm) -> None:
    one = storm.desk
    began = time.monotonic()
    for name in [*WORKERS, *BEATS]:
        one.up(name)
    ready(one, WORKERS)
    storm.start = time.monotonic() - began
    one.world("stream", BETWEEN)
    with Poker(one.changes["BROKER_URL"]):
        for step in COURSE.split():
            getattr(storm, step)()
        one.running.pop("world").kill()
        until(lambda: settled(one.address, storm.mail), seconds=PATIENCE, what="the end of all that was due")


def publish(storm: Storm, found: Figures, seconds: float) -> None:
    for moment, count in sorted(storm.killed.items()):
        MEASURED.append((f"killed with -9, {moment}", count, ""))
    for server, count in sorted(storm.restarted.items()):
        MEASURED.append((f"restarted, {server}", count, ""))
    MEASURED.extend(
        [
            ("recipients refused by the mail server", storm.mail.refusals, ""),
            (
                "longest wait for a sweep after a restart, seconds",
                f"{storm.recovery:.1f}",
                f"< {storm.longest_recovery:.0f}",
            ),
            ("intents: warnings, their entries and messages", found.intents, ""),
            ("  lost", found.intents_lost, "0"),
            ("  doubled", found.intents_doubled, "0"),
            ("mails", found.mails, ""),
            ("  lost", found.mails_lost, "0"),
            ("  under two Message-IDs", found.mails_under_two_ids, "0"),
            ("  repeated under the same Message-ID", found.mails_repeated, "published"),
            ("seconds of storm and recovery", f"{seconds:.0f}", ""),
        ]
    )


@pytest.mark.faults
def test_twenty_kills_lose_and_double_nothing(storm: Storm) -> None:
    began = time.monotonic()
    try:
        weather(storm)
    finally:
        found = figures(storm.desk.address, storm.mail)
        storm.desk.end()
        publish(storm, found, time.monotonic() - began)
    assert found.misses == {}
    assert storm.killed.total() == 20
    assert found.mails_repeated > 0
    assert storm.recovery < storm.longest_recovery
    storm.desk.manage("seal_ledger")
    assert "Everything fits." in storm.desk.manage("verify_ledger")
