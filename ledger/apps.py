from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self) -> None:
        from ledger import migrating
        from ledger.checks import guards_in_place

        # Sent once for each app: taking this app as the sender gives one call before and one after all migrations.
        pre_migrate.connect(migrating.before_migrate, sender=self)
        post_migrate.connect(migrating.after_migrate, sender=self)
        checks.register(guards_in_place, checks.Tags.database)
