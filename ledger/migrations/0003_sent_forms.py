"""Forms that have been saved, by the key under which they were opened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_checkpoints")]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("stream", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "key"), name="ledger_form_counts_once")],
            },
        ),
    ]
