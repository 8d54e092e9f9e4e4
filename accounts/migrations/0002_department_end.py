from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="ended_on",
            field=models.DateField(blank=True, null=True, verbose_name="last day"),
        ),
        migrations.AddField(
            model_name="department",
            name="folded_code",
            field=models.CharField(blank=True, editable=False, max_length=80, null=True),
        ),
    ]
