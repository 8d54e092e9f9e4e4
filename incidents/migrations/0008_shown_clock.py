import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_findable_customers"),
        ("incidents", "0007_no_file_reason"),
        ("procedure", "0001_initial"),
        ("sla", "0005_days_in_chains"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="declaration",
            name="declaration_due",
        ),
        migrations.AddField(
            model_name="declaration",
            name="shown_clock",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sla.clock",
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="shown_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(
                condition=models.Q(("shown_due_at__isnull", False)),
                fields=["shown_due_at", "id"],
                name="declaration_shown_due",
            ),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "accepted",
                            "classified",
                            "handed_over",
                            "handover_received",
                            "in_progress",
                            "relayed",
                            "request_in_progress",
                            "request_review",
                            "resolved",
                            "screened",
                            "waiting_customer",
                        ],
                    )
                ),
                fields=["id"],
                name="declaration_open",
            ),
        ),
    ]
