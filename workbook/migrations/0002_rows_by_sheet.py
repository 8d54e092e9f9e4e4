"""A row of a plan is found by its sheet and its number in the file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workbook", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="planrow", index=models.Index(fields=["plan", "sheet", "row"], name="planrow_of_sheet")
        )
    ]
