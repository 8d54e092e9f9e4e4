"""No secret reaches a log line."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest

from config.logs import hide_secrets, logging_settings


@pytest.fixture
def lines(settings):
    """What the loggers of production write, one parsed line after another."""
    stream = io.StringIO()
    production = logging_settings(json=True, level="INFO")
    production["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(production)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize(
    "key", ["password", "new_password1", "csrfmiddlewaretoken", "Authorization", "session_cookie", "api_key", "token"]
)
def test_a_value_with_the_name_of_a_secret_is_hidden(key):
    assert hide_secrets(None, "info", {"event": "sign-in", key: "Sesam-42"})[key] == "[hidden]"


@pytest.mark.parametrize(
    "text",
    [
        "cannot reach postgres://desk:Sesam-42@postgres:5432/desk",
        "cannot reach redis://:Sesam-42@redis:6379/0",
        "body was username=ana&password=Sesam-42&next=/",
        '{"token": "Sesam-42"}',
        "Not Found: /t/Sesam-42-Sesam-42-Sesam-42/",
    ],
)
def test_a_secret_inside_a_text_is_hidden(text):
    event = hide_secrets(None, "info", {"event": text})["event"]
    assert "Sesam-42" not in event
    assert "[hidden]" in event


def test_an_ordinary_text_stays_as_it_is():
    text = "clock_check_failed /records/SM-20251125-001/ after 15 s"
    assert hide_secrets(None, "info", {"event": text})["event"] == text


def test_a_traceback_tells_the_place_but_not_the_values(lines):
    def check(password):
        raise ValueError("went wrong")

    try:
        check("".join(["Sesam", "-42"]))
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: /")
    [line] = lines()
    assert "went wrong" in line["exception"]
    assert "Sesam-42" not in json.dumps(line)


def test_every_line_says_when_where_and_how_grave(lines):
    logging.getLogger("desk").warning("Hello %s", "世界")
    [line] = lines()
    assert line["event"] == "Hello 世界"
    assert line["level"] == "warning"
    assert line["logger"] == "desk"
    assert line["timestamp"].endswith("Z")
