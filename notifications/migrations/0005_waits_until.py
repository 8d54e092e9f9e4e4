from django.db import migrations, models


class AddConstraintOnce(migrations.AddConstraint):
    """Desks that are older than this migration have the constraint already."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        with schema_editor.connection.cursor() as cursor:
            there = schema_editor.connection.introspection.get_constraints(cursor, table)
        if self.constraint.name not in there:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_longer_numbers")]
    operations = [
        AddConstraintOnce(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_attempt_at__isnull", False), ("status__in", ["queued", "failed"])),
                    models.Q(
                        models.Q(("status__in", ["queued", "failed"]), _negated=True),
                        ("claimed_at__isnull", True),
                        ("next_attempt_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="notification_waits_until",
            ),
        ),
    ]
