from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0005_days_in_chains"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(condition=models.Q(("met", False)), fields=["id"], name="clock_late"),
        ),
    ]
