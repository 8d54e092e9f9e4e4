from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0012_found_by_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="declaration",
            name="security_twin_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
