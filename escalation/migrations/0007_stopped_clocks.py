import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0006_forecasts"),
        ("sla", "0003_trend"),
    ]

    operations = [
        migrations.AddField(
            model_name="countersignature",
            name="clock",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sla.clock"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="clock",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sla.clock"
            ),
        ),
    ]
