from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_waiting"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="number",
            field=models.CharField(max_length=100),
        ),
    ]
