from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="communication",
            name="from_customer",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="communication",
            name="promised_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
