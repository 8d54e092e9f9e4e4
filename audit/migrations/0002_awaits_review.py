"""What waits for a review is kept from now on; what waits already is found once."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef, Q

ENDED = ("closed", "filed", "handover_done", "invalid", "request_declined", "request_done", "withdrawn")
AT_ONCE = 1000


def find(apps: Any, editor: Any) -> None:
    """As `incidents.actions.reviewing` and a refusal would have written it, less what was reviewed since it closed."""
    declarations = apps.get_model("incidents", "Declaration").objects
    awaits = apps.get_model("incidents", "AwaitsReview")
    signed = apps.get_model("audit", "Review").objects.filter(declaration=OuterRef("pk"), signed_at__isnull=False)
    since = Q(signed_at__gte=OuterRef("closed_at")) | Q(declaration__closed_at__isnull=True)
    refused = apps.get_model("escalation", "EscalationRequest").objects.filter(approved=False)
    reasons = (
        Q(state__in=ENDED, priority=1),
        Q(state__in=ENDED, impact="severe"),
        Q(state__in=ENDED, reopen_count__gt=0),
        Q(state__in=ENDED, miss_corrected_at__isnull=False),
        Q(state__in=ENDED, resolution_clock__met=False),
        Q(state__in=ENDED, response_clock__met=False),
        Q(pk__in=refused.order_by().values("declaration")),
    )
    for reason in reasons:
        keys = declarations.filter(reason, ~Exists(signed.filter(since))).order_by().values_list("pk", flat=True)
        rows = (awaits(declaration_id=key) for key in keys.iterator(chunk_size=AT_ONCE))
        awaits.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("escalation", "0001_initial"),
        ("incidents", "0006_awaits_review"),
    ]

    operations = [migrations.RunPython(find, migrations.RunPython.noop, elidable=True)]
