"""A desk cannot run without a procedure: a fresh or emptied database gets the first version at once, and an older one
the parameters that came since."""

from __future__ import annotations

from django.apps import AppConfig

from base.installation import after_migrations


class ProcedureConfig(AppConfig):
    name = "procedure"

    def ready(self) -> None:
        after_migrations(self, install_procedure)


def install_procedure() -> None:
    """Adopt the first version where there is none, and add to every version the parameters that it lacks."""
    from ledger.signature import Signature
    from procedure.actions import add_missing_parameters, adopt_first_version

    signature = Signature("system", "system", "migrate")
    adopt_first_version(signature)
    add_missing_parameters(signature)
