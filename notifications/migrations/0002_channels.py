import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("notifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                (
                    "product",
                    models.CharField(
                        choices=[
                            ("wecom", "WeCom"),
                            ("dingtalk", "DingTalk"),
                            ("feishu", "Feishu"),
                            ("webhook", "Webhook (signed)"),
                        ],
                        max_length=10,
                        verbose_name="product",
                    ),
                ),
                ("kinds", models.JSONField(default=list, verbose_name="events")),
                ("levels", models.JSONField(default=list, verbose_name="levels")),
                ("host", models.CharField(editable=False, max_length=253, verbose_name="host")),
                ("sealed_address", models.TextField(editable=False)),
                ("sealed_secret", models.TextField(blank=True, editable=False)),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "robot",
                "verbose_name_plural": "robots",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warning", "Warnings and overdue steps"),
                            ("decision", "Decisions and reports"),
                            ("handover", "Relayed calls, hand-overs and problems"),
                            ("record", "News of my records"),
                            ("audit", "Reviews and findings"),
                            ("operation", "Messages that could not be delivered"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("in_app", "Portal"), ("email", "E-mail"), ("chat", "Chat"), ("webhook", "Webhook")],
                        max_length=10,
                    ),
                ),
                ("wanted", models.BooleanField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="notification_one_recipient",
        ),
        migrations.RemoveIndex(
            model_name="notification",
            name="notification_due",
        ),
        migrations.RemoveIndex(
            model_name="notification",
            name="notification_waiting",
        ),
        migrations.AddField(
            model_name="notification",
            name="claimed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="detail",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="notification",
            name="failures",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="notification",
            name="message_id",
            field=models.CharField(blank=True, max_length=320),
        ),
        migrations.AddField(
            model_name="notification",
            name="next_attempt_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("withdrawn", "What it was about is settled"),
                    ("inactive", "The recipient has left, or the robot is switched off"),
                    ("no_address", "The recipient has no e-mail address"),
                    ("loop", "The address is the desk's own"),
                    ("unworded", "The message could not be written"),
                    ("sealed", "The secret cannot be read with the present keys"),
                    ("no_server", "No mail server is set"),
                    ("forbidden", "The address is not allowed"),
                    ("unreachable", "The server could not be reached"),
                    ("slow", "The server did not answer in time"),
                    ("busy", "The product allows no more messages at the moment"),
                    ("temporary", "The server could not take it now"),
                    ("refused", "The server refused it"),
                    ("odd_answer", "The server's answer was not understood"),
                    ("too_old", "It could not be delivered for a day"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="repeats",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="notification",
            name="text",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="notification",
            name="attempts",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="notification",
            name="channel",
            field=models.CharField(
                choices=[("in_app", "Portal"), ("email", "E-mail"), ("chat", "Chat"), ("webhook", "Webhook")],
                default="in_app",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "bot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pace",
                        serialize=False,
                        to="notifications.bot",
                    ),
                ),
                ("stamps", models.JSONField(default=list)),
                ("busy_until", models.DateTimeField(blank=True, null=True)),
                ("blocked_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="bot",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bots",
                to="accounts.department",
                verbose_name="department",
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="bot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notifications",
                to="notifications.bot",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("next_attempt_at__isnull", False)),
                fields=["channel", "next_attempt_at"],
                name="notification_due",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("next_attempt_at__isnull", False)), fields=["stream"], name="notification_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(condition=models.Q(("status", "dead")), fields=["-id"], name="notification_dead"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("bot__isnull", False)), fields=["bot", "next_attempt_at"], name="notification_bot"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bot__isnull", True), ("contact__isnull", True), ("user__isnull", False)),
                    models.Q(("bot__isnull", True), ("contact__isnull", False), ("user__isnull", True)),
                    models.Q(("bot__isnull", False), ("contact__isnull", True), ("user__isnull", True)),
                    _connector="OR",
                ),
                name="notification_one_recipient",
            ),
        ),
        migrations.AddField(
            model_name="preference",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="preferences", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.UniqueConstraint(fields=("user", "kind", "channel"), name="preference_once"),
        ),
    ]
