"""The database roles that deploy/roles.sql makes: the application adds to what is append-only and cannot do more."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psycopg2
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from psycopg2.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from ledger import rights
from ledger.refusals import guards
from tests.services.production import ROOT, Production, make_roles, prepared, server_of

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif("BROKER_URL" not in os.environ, reason="needs the servers of make test-services"),
]
APPEND_ONLY = sorted(model._meta.db_table for model in apps.get_models() if "append_only" in guards(model))
A_WHOLE_LIFE = """
import django; django.setup()
from django.core.management import call_command
from tests import firm, scenes
firm.open_firm()
print(scenes.Scene().filed().state)
call_command("seal_ledger")
call_command("verify_ledger")
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, roles_alone: None) -> Iterator[Production]:
    """A migrated database with its roles, and no process on it yet."""
    name = f"desk_roles_{os.getpid()}"
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
        server.autocommit = True
        server.cursor().execute(f"CREATE DATABASE {name}")
        try:
            folder = tmp_path_factory.mktemp("roles")
            address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
            changes = prepared(folder, database=address, broker="redis://127.0.0.1:1/0")
            desk = Production(changes, folder, server_of(address))
            desk.run("migrate")
            yield desk
        finally:
            server.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


def sql(desk: Production, role: str, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(f"postgres://{role}@{desk.server}")) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def start(environment: dict[str, str], code: str = "import config.wsgi") -> subprocess.CompletedProcess[str]:
    told = {**environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=told, capture_output=True, text=True)


def as_superuser(desk: Production) -> dict[str, str]:
    return desk.environment | {"DATABASE_URL": f"postgres://postgres:{{password}}@{desk.server}"}


def test_a_record_goes_its_whole_way_with_the_rights_of_the_application(desk: Production) -> None:
    done = start(desk.environment_of("worker"), A_WHOLE_LIFE)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("filed")
    assert "Everything fits" in done.stdout
    assert sql(desk, "desk", "SELECT count(*) > 20 FROM ledger_entry") == [(True,)]


def test_every_append_only_table_is_only_added_to(desk: Production) -> None:
    held = sql(
        desk,
        "postgres",
        "SELECT table_name, string_agg(privilege_type::text, ' ' ORDER BY privilege_type) "
        f"FROM information_schema.role_table_grants WHERE grantee = 'desk' AND table_name = ANY(ARRAY{APPEND_ONLY}) "
        "GROUP BY table_name ORDER BY table_name",
    )
    assert held == [(table, "INSERT SELECT") for table in APPEND_ONLY]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET action = 'x'",
        "UPDATE ledger_entry SET action = 'x' WHERE false",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
        "SELECT * FROM ledger_entry FOR UPDATE",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER guard_ledger_entry_update_1 ON ledger_entry",
        "CREATE OR REPLACE FUNCTION guard_ledger_entry_update_1() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'",
        "DROP TABLE ledger_entry CASCADE",
        "CREATE TABLE beside (id int)",
        "CREATE TEMPORARY TABLE ledger_entry (id int)",
        "SET session_replication_role = replica",
        "SET ROLE desk_owner",
        "TRUNCATE incidents_declaration CASCADE",
        "UPDATE django_migrations SET name = 'x'",
    ],
)
def test_the_server_refuses_the_application(desk: Production, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        sql(desk, "desk", statement)


def test_the_same_statements_are_ones_that_the_owner_may_run(desk: Production) -> None:
    """Else the refusals above would say nothing about the roles."""
    for move in ("DISABLE", "ENABLE"):
        sql(desk, "desk_owner", f"ALTER TABLE ledger_entry {move} TRIGGER USER")
    sql(desk, "desk_owner", "UPDATE ledger_entry SET action = 'x' WHERE false")


def test_the_application_starts_and_neither_owner_nor_superuser_does(desk: Production) -> None:
    assert start(desk.environment).returncode == 0
    for environment, reason in (
        (desk.environment_of("migrate"), "desk_owner (owner)"),
        (as_superuser(desk), "postgres (superuser)"),
    ):
        refused = start(environment)
        assert refused.returncode != 0
        assert reason in refused.stderr
        assert "Let DATABASE_URL name the application's role" in refused.stderr


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_no_job_starts_as_the_owner_either(desk: Production, command: str) -> None:
    own = {key: desk.environment_of("migrate")[key] for key in ("DATABASE_URL", "DATABASE_PASSWORD_FILE")}
    signed_in = desk.environment_of(command) | own
    refused = subprocess.run(
        desk.command(command), cwd=ROOT, env=signed_in, capture_output=True, text=True, timeout=120
    )
    assert refused.returncode != 0
    assert "desk_owner (owner)" in refused.stdout + refused.stderr


@pytest.fixture
def signed_in(
    desk: Production, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[BaseDatabaseWrapper]:
    """Ask as the application does, without a process of its own."""
    address = f"postgres://desk@{desk.server}"
    connection = ConnectionHandler({"default": environ.Env().db_url_config(address)})["default"]
    monkeypatch.setattr(rights, "connection", connection)
    with django_db_blocker.unblock():
        yield connection
        connection.close()


@pytest.mark.parametrize(
    ("more", "less", "reason"),
    [
        ("GRANT UPDATE ON {} TO desk", "", "changes ledger_entry"),
        ("GRANT UPDATE (action) ON {} TO desk", "", "changes ledger_entry"),
        ("GRANT TRUNCATE ON {} TO PUBLIC", "REVOKE TRUNCATE ON {} FROM PUBLIC", "changes ledger_entry"),
        ("GRANT desk_owner TO desk", "REVOKE desk_owner FROM desk", "desk_owner (owner)"),
        ("ALTER ROLE desk CREATEROLE", "ALTER ROLE desk NOCREATEROLE", "desk (makes roles)"),
        ("GRANT pg_write_all_data TO desk", "REVOKE pg_write_all_data FROM desk", "changes ledger_entry"),
        ("GRANT pg_write_server_files TO desk", "REVOKE pg_write_server_files FROM desk", "(reaches the server)"),
    ],
)
def test_a_right_too_many_is_named(
    desk: Production, signed_in: BaseDatabaseWrapper, more: str, less: str, reason: str
) -> None:
    assert rights.excess() == []
    sql(desk, "postgres", more.format("ledger_entry"))
    try:
        assert any(reason in found for found in rights.excess())
        with pytest.raises(ImproperlyConfigured, match="Roles of the database"):
            rights.require()
    finally:
        sql(desk, "postgres", (less or "REVOKE UPDATE ON {} FROM desk").format("ledger_entry"))
    assert rights.excess() == []


def test_a_migration_takes_back_what_was_granted_besides(desk: Production, signed_in: BaseDatabaseWrapper) -> None:
    sql(desk, "postgres", "GRANT ALL ON ledger_entry, django_migrations TO desk")
    sql(desk, "postgres", "REVOKE ALL ON accounts_user FROM desk")
    desk.run("migrate")
    assert rights.excess() == []
    assert sql(desk, "desk", "SELECT count(*) > 0 FROM accounts_user") == [(True,)]


def test_migrate_says_what_to_do_when_the_role_is_missing_or_its_own(desk: Production) -> None:
    for role, words in (("nobody", "deploy/roles.sql"), ("desk_owner", "Run this as the owner")):
        environment = desk.environment_of("migrate") | {"APPLICATION_ROLE": role}
        command = [sys.executable, "manage.py", "migrate"]
        refused = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert refused.returncode == 1
        assert words in refused.stderr
        assert "Traceback" not in refused.stderr


def test_a_dump_of_a_database_without_roles_moves_over(desk: Production, tmp_path: Path) -> None:
    moved = f"{desk.server.rpartition('/')[2]}_moved"
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{moved}").geturl()
    there = Production(desk.changes, desk.logs, server_of(address))
    sql(desk, "postgres", "REASSIGN OWNED BY desk_owner TO postgres")
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
        server.autocommit = True
        server.cursor().execute(f"CREATE DATABASE {moved}")
        try:
            make_roles(address, desk.logs)
            dump = ["pg_dump", "--format", "custom", "--file", str(tmp_path / "dump")]
            subprocess.run([*dump, f"postgres://postgres@{desk.server}"], check=True)
            subprocess.run(restoring(address, tmp_path / "dump"), check=True)
            there.run("migrate")
            assert start(there.environment).returncode == 0
            for role in ("desk", "desk_owner"):
                assert sql(there, role, "SELECT count(*) > 20 FROM ledger_entry") == [(True,)]
        finally:
            server.cursor().execute(f"DROP DATABASE {moved} WITH (FORCE)")


def restoring(address: str, dump: Path) -> list[str]:
    """The command that deploy/README.md gives wherever it restores, on a server of this machine."""
    [line] = set(re.findall(r"(pg_restore .*?) --dbname", (ROOT / "deploy/README.md").read_text(), re.DOTALL))
    words = [word for word in line.replace("\\\n", " ").split() if word not in ("--username", "postgres")]
    return [*words, "--dbname", address, str(dump)]
