"""What runs by the clock: one table for the schedule of beat and for the health page.

Every job is a sweep over rows that are due, so any number of beats and workers may run it, and one round that is
missed is made up for by the next. Each is also a management command, for a desk without workers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Job:
    """A job under the name of its heartbeat: poked every `every`; the desk is unwell without a good run for `late`."""

    name: str
    task: str
    command: str
    every: timedelta
    late: timedelta


JOBS = [
    # Everything that has a time limit is a clock, and this sweep is the only one over them: the warnings before a
    # breach, relayed calls that nobody took over, hand-overs without receipt, decisions and countersignatures that
    # wait, and warnings that nobody acknowledged.
    Job("sweep", "escalation.tasks.sweep", "sweep_clocks", timedelta(seconds=15), timedelta(seconds=90)),
    # The outbox: messages whose time has come, and those that failed and are tried again; before them whoever has
    # forgotten a password gets the link that was asked for.
    Job(
        "deliver", "notifications.tasks.deliver", "deliver_notifications", timedelta(seconds=15), timedelta(seconds=90)
    ),
    # A change is to be sealed within a minute; signing off, closing, filing and printing ask for it at once.
    Job("checkpoint", "ledger.tasks.seal", "seal_ledger", timedelta(seconds=30), timedelta(minutes=3)),
    # What a head asked to apply to all open records, from where it stands.
    Job(
        "recounts",
        "escalation.tasks.carry_on_recounts",
        "carry_on_recounts",
        timedelta(seconds=15),
        timedelta(minutes=10),
    ),
    # Workbooks that were handed in: read into plans, carried out, taken back, each a transaction of its own.
    Job("imports", "workbook.tasks.carry_on_imports", "carry_on_imports", timedelta(seconds=15), timedelta(minutes=30)),
    # Years without holidays, contracts without a successor, calendars that changed.
    Job(
        "agreements",
        "escalation.tasks.watch_agreements",
        "watch_agreements",
        timedelta(hours=1),
        timedelta(hours=26),
    ),
    # Absences as they are entered and begin, proofs of skill that run out.
    Job("people", "setup.tasks.watch_people", "watch_people", timedelta(seconds=30), timedelta(minutes=10)),
    # Departments without head, custodian or duty desk: told once a week.
    Job("vacancies", "setup.tasks.watch_vacancies", "watch_vacancies", timedelta(hours=1), timedelta(hours=26)),
    # What past incidents tell of the open ones: learnt once a day, and asked for by the hour.
    Job("trend", "escalation.tasks.learn_trend", "learn_trend", timedelta(hours=1), timedelta(hours=26)),
    # What has ended, or has changed since, goes into the sums of the figures; until then the pages count it themselves.
    Job("figures", "reports.tasks.count_changed", "count_figures", timedelta(seconds=30), timedelta(minutes=10)),
    # By the day, and asked for by the hour, so that it does not matter when a beat was started.
    Job("articles", "knowledge.tasks.expire", "expire_articles", timedelta(hours=1), timedelta(hours=26)),
    # What uploads that never came to an end left in the store: removed when it is a day old.
    Job("uploads", "files.tasks.clear_uploads", "clear_uploads", timedelta(hours=1), timedelta(hours=26)),
]


def schedule() -> dict[str, dict[str, object]]:
    """The schedule of beat; a poke that nobody took before the next one is thrown away."""
    return {
        job.name: {"task": job.task, "schedule": job.every, "options": {"expires": job.every.total_seconds()}}
        for job in JOBS
    }
