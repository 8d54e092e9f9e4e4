from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0001_heartbeats")]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="failed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
