from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_fold_department_codes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="department",
            name="folded_code",
            field=models.CharField(blank=True, editable=False, max_length=80, null=True, unique=True),
        ),
    ]
