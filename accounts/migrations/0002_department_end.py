from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
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
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="ended_on",
            field=models.DateField(blank=True, null=True, verbose_name="last day"),
        ),
        migrations.AddField(
            model_name="department",
            name="folded_code",
            field=models.CharField(blank=True, editable=False, max_length=80, null=True),
        ),
        migrations.RunPython(fold_codes, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="department",
            name="folded_code",
            field=models.CharField(blank=True, editable=False, max_length=80, null=True, unique=True),
        ),
    ]
