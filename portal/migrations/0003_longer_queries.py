from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_saved_views"),
    ]

    operations = [
        migrations.AlterField(
            model_name="savedview",
            name="query",
            field=models.TextField(),
        ),
    ]
