"""Production does not start with weak settings."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.checks import refuse_unfit, strong_settings
from ledger import rights, triggers

# Only the checks read them; the connections of the test stay as they are.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")


@pytest.fixture
def production(settings):
    """Settings that a desk may run with."""
    settings.EMBEDDED = False
    settings.DEBUG = False
    settings.SECRET_KEY = "kQ7w-2vXc_9dLmN4pRs6tUy8zAb1eFg3hJi5oKqWxYv0rTnMlPcSdGf"
    settings.ENCRYPTION_KEYS = ["kQ7w2vXc9dLmN4pRs6tUy8zAb1eFg3hJ"]
    settings.PUBLIC_URL = "https://desk.example.org"
    settings.ALLOWED_HOSTS = ["desk.example.org"]
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "d8Jq2LmZx0"}}
    settings.CELERY_BROKER_URL = "redis://:secret@redis:6379/0"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 3600
    return settings


def findings() -> list[str]:
    return [str(error.id) for error in strong_settings()]


def test_strong_settings_have_no_findings(production):
    assert findings() == []


@pytest.mark.parametrize(
    ("setting", "value", "finding"),
    [
        ("DEBUG", True, "desk.E011"),
        ("SECRET_KEY", "short", "desk.E012"),
        ("SECRET_KEY", "a" * 80, "desk.E012"),
        ("ENCRYPTION_KEYS", [], "desk.E019"),
        ("ENCRYPTION_KEYS", ["kQ7w2vXc9dLmN4pRs6tUy8zAb1eFg3hJ", "short"], "desk.E019"),
        ("PUBLIC_URL", "http://desk.example.org", "desk.E013"),
        ("ALLOWED_HOSTS", ["*"], "desk.E014"),
        ("ALLOWED_HOSTS", [".example.org", "*.example.org"], "desk.E014"),
        ("ALLOWED_HOSTS", [], "desk.E014"),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3", "PASSWORD": "d8Jq2LmZx0"}}, "desk.E015"),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": ""}}, "desk.E016"),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "postgres"}}, "desk.E016"),
        ("SECRET_KEY", "django-insecure-kQ7w-2vXc_9dLmN4pRs6tUy8zAb1eFg3hJi5oKqWxYv0rTn", "desk.E012"),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "123456"}}, "desk.E016"),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "1234567890"}}, "desk.E016"),
        ("EMAIL_HOST_PASSWORD", "secret", "desk.E020"),
        ("TRUSTED_PROXIES", ["0.0.0.0/0"], "desk.E021"),
        ("TRUSTED_PROXIES", ["172.30.77.0/24", "::/0"], "desk.E021"),
        ("CELERY_BROKER_URL", "filesystem://", "desk.E017"),
        ("SESSION_COOKIE_SECURE", False, "desk.E018"),
        ("SECURE_HSTS_SECONDS", 0, "desk.E018"),
    ],
)
def test_a_weak_setting_is_named(production, setting, value, finding):
    setattr(production, setting, value)
    assert findings() == [finding]


@pytest.fixture
def embedded(settings):
    settings.EMBEDDED = True
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    return settings


def test_the_embedded_desk_may_be_plain(embedded):
    assert findings() == []


def test_the_embedded_desk_answers_on_loopback_only(embedded):
    embedded.ALLOWED_HOSTS = ["127.0.0.1", "desk.example.org"]
    assert findings() == ["desk.E010"]


@pytest.mark.django_db
def test_no_process_starts_with_a_weak_setting(production):
    production.SECRET_KEY = "short"
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        refuse_unfit()


@pytest.mark.django_db
def test_no_worker_starts_without_the_key_of_the_checkpoints(production, monkeypatch):
    # The tests sign in to PostgreSQL as its superuser; what that refuses is tried in tests/services/test_roles.py.
    monkeypatch.setattr(rights, "require", lambda: None)
    production.CHECKPOINT_KEY_FILE = ""
    refuse_unfit()
    with pytest.raises(ImproperlyConfigured, match="make-secrets"):
        refuse_unfit(signs=True)


@pytest.mark.django_db
def test_no_process_starts_on_a_ledger_without_guards(embedded):
    refuse_unfit()
    with triggers.lifted(), pytest.raises(ImproperlyConfigured, match="guard"):
        refuse_unfit()
