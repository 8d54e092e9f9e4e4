import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        # The expression of a generated column cannot be altered.
        migrations.RemoveField(model_name="contact", name="digits"),
        migrations.AddField(
            model_name="contact",
            name="digits",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Replace(
                    django.db.models.functions.text.Replace(
                        django.db.models.functions.text.Replace(
                            django.db.models.functions.text.Replace(
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Replace(
                                        django.db.models.functions.text.Replace(
                                            django.db.models.functions.text.Concat(
                                                "mobile", models.Value(";"), "phone"
                                            ),
                                            models.Value("-"),
                                            models.Value(""),
                                        ),
                                        models.Value(" "),
                                        models.Value(""),
                                    ),
                                    models.Value("("),
                                    models.Value(""),
                                ),
                                models.Value(")"),
                                models.Value(""),
                            ),
                            models.Value("（"),
                            models.Value(""),
                        ),
                        models.Value("）"),
                        models.Value(""),
                    ),
                    models.Value("."),
                    models.Value(""),
                ),
                output_field=models.CharField(max_length=81),
            ),
        ),
    ]
