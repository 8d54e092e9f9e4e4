from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0009_shown_clocks"),
    ]

    operations = [
        migrations.AddField(
            model_name="declaration",
            name="visits_open",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
