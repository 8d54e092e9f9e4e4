"""Repeated alarms of a monitoring tool join the declaration that is open for the same thing (R-5.3-3)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from base.clock import now
from incidents.access import capacities, may_use
from incidents.actions.attachments import attach
from incidents.actions.calls import Call
from incidents.actions.keys import digest_of_call
from incidents.actions.steps import require, working
from incidents.models import OPEN_STATES, Alarm, AlarmSource, Channel, Declaration


def is_repeatable(call: Call) -> bool:
    """Whether the call says what it is about, so that the next one about it can be told."""
    return call.channel == Channel.MONITORING and bool(call.source_ref) and call.company is not None


def wait_for_turn(call: Call) -> None:
    """Let the alarms of one source in one at a time until the transaction ends; call it inside one."""
    AlarmSource.objects.bulk_create(
        [AlarmSource(customer=call.company, source=call.source, source_ref=call.source_ref, last_alarm_at=now())],
        update_conflicts=True,
        unique_fields=["customer", "source", "source_ref"],
        update_fields=["last_alarm_at"],
    )


def join_alarm(call: Call, actor: Actor, *, key: str | None, answered_live: bool) -> Declaration | None:
    """Count a repeated alarm on the open declaration of the same source; None where there is none to join.

    Its words stand on the record as a row of their own, under its `key`, so that a retry is not the next alarm.
    """
    found = Declaration.objects.filter(
        channel=Channel.MONITORING,
        source=call.source,
        source_ref=call.source_ref,
        customer=call.company,
        state__in=sorted(OPEN_STATES),
    ).first()
    if found is None or not may_use(capacities(actor, found), found, "join_alarm"):
        return None
    with working(found.pk, "join_alarm", version=None, actor=actor) as step:
        require(received_at=_("Received cannot be in the future.") if call.received_at > now() else None)
        step.record.join_alarm(alarm_count=step.record.alarm_count + 1)
        step.add(
            Alarm(
                declaration=step.record,
                by=actor.user,
                at=now(),
                received_at=call.received_at,
                subject=call.subject,
                body=call.body,
                call_digest=digest_of_call(call, actor, answered_live=answered_live),
                idempotency_key=key,
            )
        )
        for upload in call.attachments:
            attach(step, upload, purpose="join_alarm", actor=actor)
    step.record.is_repeat = True
    return step.record
