"""The visits without a departure that were recorded before it could be added; the chains are told of the count."""

from typing import Any

from django.db import migrations
from django.db.models import Count

from ledger.adoption import adopt, told


def count_open_visits(apps: Any, _editor: Any) -> None:
    visits = apps.get_model("incidents", "Visit").objects.filter(departure=None).exclude(declaration__state="filed")
    found = visits.order_by("declaration").values_list("declaration").annotate(Count("pk"))
    rows: dict[str, list[Any]] = {}
    for declaration, count in found:
        apps.get_model("incidents", "Declaration").objects.filter(pk=declaration).update(visits_open=count)
        rows[f"declaration:{declaration}"] = [told("incidents.declaration", declaration, visits_open=count)]
    adopt(apps, rows, action="adopt_open_visits")


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0010_open_visits"),
        ("ledger", "0002_checkpoints"),
    ]

    operations = [migrations.RunPython(count_open_visits, migrations.RunPython.noop, elidable=True)]
