"""No secret reaches a log line."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import re._parser as sre_parser

import pytest

from config.logs import LONGEST_LINE, PATTERNS, hide_secrets, logging_settings


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
        "Authorization: Bearer desk_Sesam-42Sesam-42",
        "sent Bearer Sesam-42-Sesam-42 in vain",
        "https://qyapi.example/cgi-bin/webhook/send?key=Sesam-42",
        "https://oapi.example/robot/send?access_token=Sesam-42&sign=Sesam-42",
        "webhook secret was whsec_Sesam-42Sesam-42",
        "used desk_Sesam-42Sesam-42 twice",
        "smtp://Sesam-42@mail.example",
        "EMAIL_PASSWORD = 'Sesam-42'",
    ],
)
def test_a_secret_inside_a_text_is_hidden(text):
    event = hide_secrets(None, "info", {"event": text})["event"]
    assert "Sesam-42" not in event
    assert "[hidden]" in event


@pytest.mark.parametrize(
    "text",
    [
        "clock_check_failed /records/SM-20251125-001/ after 15 s",
        "monkey: see, monkey: do",
        "no such design: two columns",
        "mail to ana@example.org refused",
    ],
)
def test_an_ordinary_text_stays_as_it_is(text):
    assert hide_secrets(None, "info", {"event": text})["event"] == text


def test_what_lies_inside_other_values_is_hidden_too():
    event = hide_secrets(None, "info", {"event": "x", "body": {"token": "Sesam-42"}, "lines": [b"token=Sesam-42"]})
    assert "Sesam-42" not in repr(event)


def repetitions(parsed):
    """The upper bound of every repetition in a parsed pattern, also inside groups and branches."""
    for code, argument in parsed:
        if code in (sre_parser.MAX_REPEAT, sre_parser.MIN_REPEAT):
            yield int(argument[1])
        for part in argument if isinstance(argument, tuple | list) else [argument]:
            for each in part if isinstance(part, list) else [part]:
                if isinstance(each, sre_parser.SubPattern):
                    yield from repetitions(each)


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in PATTERNS], ids=range(len(PATTERNS)))
def test_every_repetition_of_a_pattern_has_a_bound_so_that_no_text_takes_long(pattern):
    bounds = list(repetitions(sre_parser.parse(pattern.pattern, pattern.flags)))
    assert bounds
    assert max(bounds) <= LONGEST_LINE


def test_a_pattern_without_a_bound_is_noticed():
    assert max(repetitions(sre_parser.parse("(a|(?:b[c]+))?"))) > LONGEST_LINE


def test_a_long_value_is_cut_before_it_is_looked_at():
    event = hide_secrets(None, "info", {"event": "x" * 1_000_000})
    assert len(event["event"]) <= LONGEST_LINE


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
