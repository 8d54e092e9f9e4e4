"""What the role that is signed in to PostgreSQL may do: the desk in production can only add to what is append-only.

Triggers refuse as well, but whoever owns a table can switch them off. So the owner's role runs migrations and nothing
else, and after each of them grants the application's role what the guards of the models leave.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import connection

from ledger import catalog
from ledger.refusals import Model, guards, quoted

# What takes a right back or goes past it: to be, or become, a superuser, an owner, or one who makes roles or reaches
# the files of the server.
POWERS = """
    SELECT rolname, CASE WHEN rolsuper THEN 'superuser' WHEN rolcreaterole THEN 'makes roles'
        WHEN rolname LIKE 'pg\\_%%' THEN 'reaches the server' ELSE 'owner' END
    FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER') AND (
        rolsuper OR rolcreaterole OR rolname IN ('pg_execute_server_program', 'pg_write_server_files')
        OR oid IN (SELECT datdba FROM pg_database WHERE datname = current_database())
        OR oid IN (SELECT nspowner FROM pg_namespace WHERE nspname = current_schema())
        OR oid IN (SELECT relowner FROM pg_class WHERE relkind IN ('r', 'p') AND pg_table_is_visible(oid)
            AND relnamespace <> 'pg_catalog'::regnamespace)
        OR oid IN (SELECT proowner FROM pg_proc WHERE starts_with(proname, %s)))
    ORDER BY rolsuper DESC, rolname"""
CHANGEABLE = """
    SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind IN ('r', 'p') AND pg_table_is_visible(oid)
        AND (has_table_privilege(oid, 'DELETE, TRUNCATE, TRIGGER') OR has_any_column_privilege(oid, 'UPDATE'))
    ORDER BY relname"""


def grant(role: str) -> None:
    """Give the application's role what it needs of each table, and take back what it had besides.

    To be run by the owner, after tables have changed. Raises CommandError when there is no such role, or when
    it is the one that grants.
    """
    if not (known := _rows("SELECT rolname = session_user FROM pg_roles WHERE rolname = %s", role)):
        raise CommandError(f"There is no database role {role}. deploy/roles.sql makes it.")
    if known == [(True,)]:
        raise CommandError(f"APPLICATION_ROLE names {role}, who signed in. Run this as the owner of the tables.")
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    catalog.execute(
        f"{statement} {quoted(role)}"
        for table in catalog.columns()
        for statement in (
            f"REVOKE ALL ON {quoted(table)} FROM",
            f"GRANT {', '.join(_needed(models.get(table)))} ON {quoted(table)} TO",
        )
    )


def excess() -> list[str]:
    """Why the role that is signed in could alter what is append-only; empty where it cannot."""
    powers = [f"{role} ({power})" for role, power in _rows(POWERS, catalog.PREFIX)]
    tables = [model._meta.db_table for model in apps.get_models() if "append_only" in guards(model)]
    return powers + [f"changes {table}" for (table,) in _rows(CHANGEABLE, tables)]


def require() -> None:
    """Refuse to serve with more rights than the application's role has; for web, worker and beat in production."""
    if found := excess():
        raise ImproperlyConfigured(
            f"The desk is signed in to the database with rights to alter its own records: {', '.join(found)}. "
            "Let DATABASE_URL name the application's role, and run `manage.py migrate` as the owner with "
            "APPLICATION_ROLE set to it; deploy/README.md tells how under 'Roles of the database'."
        )


def _needed(model: Model | None) -> Iterator[str]:
    """The rights on the table of a model; a table without one is Django's list of migrations."""
    yield "SELECT"
    if model is None:
        return
    yield "INSERT"
    if "append_only" in guards(model):
        return
    yield "UPDATE"
    if not getattr(model, "undeletable", False):
        yield "DELETE"


def _rows(query: str, *values: str | list[str]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows
