from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from base.text import fold


def fold_codes(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Of codes that look alike the first keeps its place; the others stay as they are and take none."""
    departments = apps.get_model("accounts", "Department")
    taken: set[str] = set()
    for department in departments.objects.order_by("pk"):
        folded = fold(department.code)
        if folded not in taken:
            taken.add(folded)
            departments.objects.filter(pk=department.pk).update(folded_code=folded)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_department_end"),
    ]

    operations = [
        migrations.RunPython(fold_codes, migrations.RunPython.noop),
    ]
