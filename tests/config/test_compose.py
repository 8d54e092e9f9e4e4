"""The compose file starts a hardened desk, as far as that can be told without an engine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ledger.keys import DIGITS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ["migrate", "web", "worker", "beat"]


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_compose_itself_accepts_the_file():
    result = subprocess.run(
        ["docker-compose", "config", "--quiet"],
        cwd=ROOT,
        env={**os.environ, "DESK_HOST": "desk.example.org", "EMAIL_URL": "smtp://mail.example.org"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


def test_the_file_names_every_process_of_the_desk():
    assert {"proxy", "web", "worker", "beat", "postgres", "redis"} <= set(SERVICES)


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_a_service_that_stays_says_whether_it_is_well(name):
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_our_processes_may_do_nothing_but_their_work(name):
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]
    assert "ports" not in service
    assert service["environment"]["EMBEDDED"] == "false"


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_only_the_proxy_and_the_worker_reach_the_outside():
    reaching = {name: set(service["networks"]) - {"inside"} for name, service in SERVICES.items()}
    assert {name: networks for name, networks in reaching.items() if networks} == {
        "proxy": {"outside"},
        "worker": {"outgoing"},
    }


@pytest.mark.parametrize("name", OURS)
def test_secrets_come_from_files_and_stand_nowhere_else(name):
    environment = SERVICES[name]["environment"]
    for secret in ("SECRET_KEY", "ENCRYPTION_KEYS", "DATABASE_PASSWORD", "BROKER_PASSWORD", "EMAIL_PASSWORD"):
        assert secret not in environment
    files = {value.removeprefix("/run/secrets/") for key, value in environment.items() if key.endswith("_FILE")}
    assert files == set(SERVICES[name]["secrets"]) <= set(COMPOSE["secrets"])
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())


def test_only_the_migration_signs_in_as_owner_and_nobody_as_superuser():
    assert [name for name in OURS if "owner_password" in SERVICES[name]["secrets"]] == ["migrate"]
    assert [name for name, service in SERVICES.items() if "superuser_password" in service.get("secrets", [])] == [
        "postgres"
    ]
    role = SERVICES["migrate"]["environment"]["APPLICATION_ROLE"]
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["environment"]["DATABASE_URL"].startswith(f"postgres://{role}:")
        assert "APPLICATION_ROLE" not in SERVICES[name]["environment"]
    environment = SERVICES["postgres"]["environment"]
    assert environment["POSTGRES_USER"] not in {role, "desk_owner"}
    assert "POSTGRES_PASSWORD" not in environment


def test_only_the_worker_has_the_key_of_the_checkpoints_and_its_copy_lies_off_the_database():
    assert [name for name, service in SERVICES.items() if "checkpoint_key" in service.get("secrets", [])] == ["worker"]
    copy = SERVICES["worker"]["environment"]["CHECKPOINT_COPY"]
    assert any(copy.startswith(volume.partition(":")[2] + "/") for volume in SERVICES["worker"]["volumes"])
    assert not any(volume.startswith("checkpoints:") for volume in SERVICES["postgres"]["volumes"])


@pytest.mark.parametrize("name", ["web", "worker"])
def test_every_folder_that_a_process_writes_to_is_there_and_its_own(name):
    """A named volume takes its owner from the image; without the folder there it would belong to root."""
    image = (ROOT / "deploy/Dockerfile").read_text()
    [made] = [line for line in image.splitlines() if "install -d -o desk" in line]
    assert {volume.partition(":")[2] for volume in SERVICES[name]["volumes"]} <= set(made.split())


def test_what_must_last_lies_in_volumes():
    assert any(volume.startswith("database:") for volume in SERVICES["postgres"]["volumes"])
    assert any(volume.startswith("files:") for volume in SERVICES["web"]["volumes"])
    assert any(volume.startswith("files:") for volume in SERVICES["worker"]["volumes"])


def test_the_image_ends_as_an_ordinary_user():
    lines = (ROOT / "deploy/Dockerfile").read_text().splitlines()
    last_user = [line.split()[1] for line in lines if line.startswith("USER ")][-1]
    assert last_user not in {"0", "root"}
    assert lines.index(f"USER {last_user}") > max(i for i, line in enumerate(lines) if line.startswith("FROM "))


def test_making_the_secrets_again_changes_none(tmp_path):
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    subprocess.run(["bash", "deploy/make-secrets"], cwd=tmp_path, check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert made.pop("mail_password") == ""
    assert all(len(secret.strip()) >= 50 for secret in made.values())
    assert DIGITS.fullmatch(made["checkpoint_key"].strip())
    (tmp_path / "secrets/mail_password").write_text("sesame")
    subprocess.run(["bash", "deploy/make-secrets"], cwd=tmp_path, check=True, capture_output=True)
    again = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert again == {**made, "mail_password": "sesame"}
