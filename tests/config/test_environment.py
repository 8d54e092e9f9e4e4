"""Settings and .env.example tell the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "config/settings.py").read_text()
PRINT_SETTINGS = """
import json
from config import settings
names = ["ALLOWED_HOSTS", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "SESSION_COOKIE_SECURE",
         "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CELERY_BROKER_URL", "SECRET_KEY"]
from config.messages import HostCookieStorage
values = {name: getattr(settings, name) for name in names}
values["messages"] = HostCookieStorage.cookie_name
values["hsts"] = getattr(settings, "SECURE_HSTS_SECONDS", 0)
values["database"] = settings.DATABASES["default"]
print(json.dumps(values))
"""


def settings_with(tmp_path: Path, **environment: str) -> dict:
    """The settings of a process with this environment and no other."""
    base = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(tmp_path / "var"),
    }
    command = [sys.executable, "-c", PRINT_SETTINGS]
    return json.loads(subprocess.check_output(command, cwd=ROOT, env={**base, **environment}))


def test_every_variable_that_the_settings_read_is_listed_with_a_line_about_it():
    read = set(re.findall(r'(?:_text|env\.\w+)\("([A-Z_]+)"', SOURCE))
    for name in re.findall(r'_secret\("([A-Z_]+)"\)', SOURCE):
        read |= {name, f"{name}_FILE"}
    for name in re.findall(r'_address\("([A-Z]+)"\)', SOURCE):
        read |= {f"{name}_{kind}{file}" for kind in ("URL", "PASSWORD") for file in ("", "_FILE")}
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == read
    # A _FILE stands below its plain variable and shares its line.
    told = set(re.findall(r"^# .+\n([A-Z_]+)=", example, re.MULTILINE))
    assert told | {f"{name}_FILE" for name in told} >= read


def test_the_example_itself_is_a_good_environment(tmp_path):
    example = settings_with(tmp_path, ENV_FILE=str(ROOT / ".env.example"))
    assert example == settings_with(tmp_path)


def test_a_secret_may_lie_in_a_file(tmp_path):
    (tmp_path / "key").write_text("from-a-file\n")
    assert settings_with(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key"))["SECRET_KEY"] == "from-a-file"


def test_a_secret_in_a_file_is_no_name_of_a_variable(tmp_path):
    (tmp_path / "key").write_text("$PATH\n")
    assert settings_with(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key"))["SECRET_KEY"] == "$PATH"


def test_only_secrets_are_read_from_files(tmp_path):
    (tmp_path / "no").write_text("false")
    (tmp_path / "url").write_text("https://desk.example.org")
    files = {"EMBEDDED_FILE": str(tmp_path / "no"), "PUBLIC_URL_FILE": str(tmp_path / "url")}
    assert settings_with(tmp_path, **files) == settings_with(tmp_path)


def test_a_password_with_special_characters_comes_through_an_address(tmp_path):
    (tmp_path / "password").write_text("p@ss/w:rd%\n")
    database = settings_with(
        tmp_path,
        DATABASE_URL="postgres://desk:{password}@db:5432/desk",
        DATABASE_PASSWORD_FILE=str(tmp_path / "password"),
    )["database"]
    assert database["PASSWORD"] == "p@ss/w:rd%"
    assert database["HOST"] == "db"


def test_the_embedded_key_is_random_and_stays_the_same(tmp_path):
    first = settings_with(tmp_path)["SECRET_KEY"]
    assert len(first) >= 50
    assert settings_with(tmp_path)["SECRET_KEY"] == first
    assert settings_with(tmp_path / "another")["SECRET_KEY"] != first
    assert (tmp_path / "var/secret_key").stat().st_mode & 0o077 == 0


@pytest.fixture
def production(tmp_path):
    return settings_with(tmp_path, EMBEDDED="false", PUBLIC_URL="https://desk.example.org", SECRET_KEY="x" * 50)


def test_cookies_of_production_are_bound_to_the_host_and_to_https(production):
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        assert production[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert production[f"{kind}_COOKIE_SECURE"]
    assert production["messages"] == "__Host-messages"
    assert production["SESSION_COOKIE_HTTPONLY"]
    assert production["hsts"] >= 31536000


def test_production_answers_to_its_public_name_only(production):
    assert production["ALLOWED_HOSTS"] == ["desk.example.org"]


def test_the_embedded_desk_works_over_plain_http_on_loopback(tmp_path):
    embedded = settings_with(tmp_path)
    assert not embedded["SESSION_COOKIE_SECURE"]
    assert set(embedded["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost", "[::1]"}
