"""The processes that docker-compose.yml names work together on a real PostgreSQL and a real Redis."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.services.production import COMPOSE, HOST, ROOT, Production, prepared, server_of
from tests.waiting import until

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif("BROKER_URL" not in os.environ, reason="needs the servers of make test-services"),
]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory, roles_alone: None) -> Iterator[Production]:
    folder = tmp_path_factory.mktemp("production")
    name = f"desk_processes_{os.getpid()}"
    with_server = psycopg2.connect(os.environ["DATABASE_URL"])
    with_server.autocommit = True
    with_server.cursor().execute(f"CREATE DATABASE {name}")
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    changes = prepared(folder, database=database, broker=os.environ["BROKER_URL"])
    desk = Production(changes, folder, server_of(database))
    try:
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input"]
        subprocess.run(collect, cwd=ROOT, env=desk.environment, check=True)
        desk.run("migrate")
        for service in ("web", "worker", "beat"):
            desk.start(service)
        until(lambda: desk.health().get("database"), seconds=60, what="the first answer of the web server")
        yield desk
    finally:
        for service in list(desk.running):
            desk.stop(service)
        with_server.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
        with_server.close()


def test_worker_and_beat_sweep_and_the_web_server_tells(production):
    until(lambda: production.health().get("jobs", {}).get("sweep", {}).get("last"), seconds=60, what="the first sweep")
    until(lambda: production.health()["healthy"], seconds=60, what="a good run of every job")
    status, _headers, body = production.get("/healthz")
    assert status == 200, body
    assert json.loads(body)["guards"] is True


def test_the_worker_copies_the_checkpoints_out_of_the_database(production):
    copy = Path(production.environment_of("worker")["CHECKPOINT_COPY"])
    until(copy.exists, seconds=60, what="the first checkpoint")
    assert "CHECKPOINT_KEY_FILE" not in production.environment


def test_plain_http_is_sent_to_https_and_no_further(production):
    status, headers, _body = production.get("/sign-in/")
    assert status == 301
    assert headers["Location"].startswith(f"https://{HOST}/")


def test_pages_behind_the_proxy_are_hardened(production):
    # Nobody has an account yet.
    status, headers, body = production.get("/start/", **{"X-Forwarded-Proto": "https"})
    assert status == 200
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["Cache-Control"] == "no-store, private"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Set-Cookie"].startswith("__Host-")
    assert "Secure" in headers["Set-Cookie"]
    [style] = re.findall(rb'href="(/static/css/desk\.[0-9a-f]+\.css)"', body)
    status, headers, _body = production.get(style.decode(), **{"X-Forwarded-Proto": "https"})
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


def test_a_foreign_host_name_is_refused(production):
    status, _headers, _body = production.get("/healthz", Host="evil.example.org")
    assert status == 400


def test_the_logs_are_json_and_hold_no_secret(production):
    production.get("/nowhere/?token=Sesam-42", **{"X-Forwarded-Proto": "https"})
    known = [(production.logs / name).read_text() for name in COMPOSE["secrets"]]

    def request_lines() -> list[str]:
        lines = (production.logs / "web.log").read_text().splitlines()
        return [line for line in lines if '"logger": "desk.request"' in line]

    until(request_lines, seconds=5, what="a line about a request")
    for line in request_lines():
        assert json.loads(line)["event"] == "request"
    everything = "".join(log.read_text() for log in production.logs.glob("*.log"))
    assert not any(secret in everything for secret in [*known, "Sesam-42"])


def last_sweep(production: Production) -> str:
    return str(production.health()["jobs"]["sweep"]["last"])


def test_a_second_worker_and_a_second_beat_disturb_nobody(production):
    production.start("worker", "worker2")
    production.start("beat", "beat2")
    until(lambda: list(production.logs.glob("beat2-beat-schedule*")), seconds=60, what="the second beat")
    until(lambda: " ready." in (production.logs / "worker2.log").read_text(), seconds=60, what="the second worker")
    before = last_sweep(production)
    until(lambda: last_sweep(production) > before, seconds=60, what="another sweep")
    assert production.stop("beat2") == 0
    assert production.stop("worker2") == 0


def test_every_process_ends_when_it_is_asked_to(production):
    assert {name: production.stop(name) for name in ("beat", "worker", "web")} == {"beat": 0, "worker": 0, "web": 0}
