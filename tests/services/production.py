"""The services of docker-compose.yml as plain processes on servers of this machine."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
HOST = "desk.example.org"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Production:
    """Starts services of the compose file as plain processes, with its environment on servers of this machine."""

    changes: dict[str, str]
    logs: Path
    server: str
    """Host, port and name of the database."""
    port: int = field(default_factory=free_port)
    address: str = "127.0.0.1"
    """Where the web server listens."""
    within: tuple[str, ...] = ()
    """What a command begins with that is to run on another host."""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return self.environment_of("web")

    def environment_of(self, name: str) -> dict[str, str]:
        """What the compose file gives the service, with its folders in ours."""
        folders = {"/run/secrets": str(self.logs), "/var/lib/desk": str(self.logs / "var")}
        told = {key: substituted(value) for key, value in SERVICES[name]["environment"].items()}
        for there, here in folders.items():
            told = {key: value.replace(there, here) for key, value in told.items()}
        told["DATABASE_URL"] = told["DATABASE_URL"].replace("postgres:5432/desk", self.server)
        # What these processes run counts too, where `make coverage` looks.
        measured = {key: value for key, value in os.environ.items() if key.startswith("COVERAGE_")}
        return told | measured | self.changes

    def command(self, name: str, folder: str = "") -> list[str]:
        words = [word.replace("0.0.0.0:8000", f"{self.address}:{self.port}") for word in SERVICES[name]["command"]]
        # The folder of the container, not of this machine.
        words = [word.replace("/tmp/", f"{self.logs}/{folder or name}-") for word in words]  # noqa: S108
        program = [sys.executable] if words[0] == "python" else [sys.executable, "-m", words[0]]
        return program + words[1:]

    def run(self, name: str) -> None:
        subprocess.run(self.command(name), cwd=ROOT, env=self.environment_of(name), check=True)

    def start(self, name: str, as_: str = "") -> None:
        with (self.logs / f"{as_ or name}.log").open("ab") as log:
            self.running[as_ or name] = subprocess.Popen(
                [*self.within, *self.command(name, as_)],
                cwd=ROOT,
                env=self.environment_of(name),
                stdout=log,
                stderr=log,
            )

    def stop(self, name: str) -> int:
        process = self.running.pop(name)
        process.terminate()
        return process.wait(40)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(f"http://{self.address}:{self.port}{path}", headers={"Host": HOST, **headers})
        try:
            answer = urllib.request.build_opener(_NoRedirect).open(request, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, dict(answer.headers), answer.read()

    def health(self) -> dict:
        try:
            return json.loads(self.get("/healthz")[2])
        except OSError:
            return {}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def substituted(value: str) -> str:
    """What is between ${ and } as an operator sets it, or its default."""
    operator = {"DESK_HOST": HOST, "EMAIL_URL": "smtp://127.0.0.1:9"}
    return re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda m: operator.get(m[1], m[2] or ""), value)


def make_roles(database: str, secrets_folder: Path) -> None:
    """As PostgreSQL's container does when it starts on an empty volume."""
    roles = ["psql", "--no-psqlrc", "--quiet", "--dbname", database, "--file", str(ROOT / "deploy/roles.sql")]
    subprocess.run(roles, env={**os.environ, "SECRETS": str(secrets_folder)}, check=True, stdout=subprocess.DEVNULL)


def server_of(database: str) -> str:
    """Host, port and name in an address."""
    return database.rpartition("@")[2]


def prepared(folder: Path, *, database: str, broker: str) -> dict[str, str]:
    """Secrets in the folder, the roles in the database, and what differs here from the containers.

    `database` is its address as superuser; it takes any password.
    """
    for secret in COMPOSE["secrets"]:
        (folder / secret).write_text(secrets.token_hex(32))
    make_roles(database, folder)
    return {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder / "var"),
        "STATIC_ROOT": str(folder / "static"),
        "BROKER_URL": broker,
        "TRUSTED_PROXIES": "127.0.0.1/32",
    }
