from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_channels")]

    operations = [
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_attempt_at__isnull", False), ("status__in", ["queued", "failed"])),
                    models.Q(
                        models.Q(("status__in", ["queued", "failed"]), _negated=True),
                        ("claimed_at__isnull", True),
                        ("next_attempt_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="notification_waits_until",
            ),
        ),
    ]
