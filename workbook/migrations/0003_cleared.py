"""When an import ended, and when its rows were cleared."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workbook", "0002_rows_by_sheet")]

    operations = [
        migrations.AddField("import", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField("import", "cleared_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "import",
            models.Index(
                condition=models.Q(("cleared_at", None), ("state__in", ("applied", "undone", "discarded"))),
                fields=["id"],
                name="import_to_clear",
            ),
        ),
    ]
