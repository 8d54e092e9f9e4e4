from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0008_clocks_in_chains"),
        ("incidents", "0009_shown_clocks"),
        ("sla", "0006_found_by_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="escalationrequest",
            index=models.Index(
                condition=models.Q(("approved", False)), fields=["declaration"], name="escalation_refusal"
            ),
        ),
    ]
