from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_findable_customers"),
        ("incidents", "0011_count_open_visits"),
        ("procedure", "0001_initial"),
        ("sla", "0006_found_by_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(
                condition=models.Q(
                    models.Q(("problem_number", ""), _negated=True),
                    ("problem_withdrawn_at__isnull", False),
                    _connector="OR",
                ),
                fields=["id"],
                name="declaration_problem",
            ),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(condition=models.Q(("restricted", True)), fields=["id"], name="declaration_restricted"),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(condition=models.Q(("is_major", True)), fields=["id"], name="declaration_major"),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(
                condition=models.Q(("type", "service_request")), fields=["id"], name="declaration_request"
            ),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(condition=models.Q(("impact", "severe")), fields=["id"], name="declaration_severe"),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(condition=models.Q(("reopen_count__gt", 0)), fields=["id"], name="declaration_reopened"),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(
                condition=models.Q(("filed_at__isnull", False)), fields=["-filed_at"], name="declaration_filed"
            ),
        ),
    ]
