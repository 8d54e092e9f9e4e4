from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0006_unanswered_reports"),
    ]

    operations = [
        migrations.AddField(
            model_name="declaration",
            name="no_file_reason",
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
