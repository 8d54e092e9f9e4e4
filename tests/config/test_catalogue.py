"""Chinese is complete: every message of code and pages has its translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.utils.translation import override
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
ROOMS = [app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()]
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with (ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def messages_of_the_code() -> Iterator[tuple[str, str | None, str]]:
    """Place, context and message id of everything that code and templates want translated."""
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for found in extract_python(BytesIO(path.read_bytes()), KEYWORDS, [], {}):
            yield from _named(path, *found[:3])
    pages = [ROOT / "templates", ROOT / "jinja", *(ROOT / room / "templates" for room in ROOMS)]
    for path in sorted(path for folder in pages for path in folder.rglob("*.*") if path.suffix in {".html", ".txt"}):
        source = templatize(path.read_text(), origin=str(path))
        for found in extract_javascript(BytesIO(source.encode()), KEYWORDS, [], {}):
            yield from _named(path, *found[:3])


def _named(path: Path, line: int, function: str, message: object) -> Iterator[tuple[str, str | None, str]]:
    parts = [message] if isinstance(message, str) else list(message)
    context = parts.pop(0) if "pgettext" in function else None
    if parts and parts[0] and (context or "pgettext" not in function):
        yield f"{path.relative_to(ROOT)}:{line}", context, parts[0]


def test_every_message_is_in_the_catalogue(chinese):
    missing = [
        f"{place}: {context or ''} {message!r}"
        for place, context, message in messages_of_the_code()
        if chinese.get(message, context) is None
    ]
    assert not missing, f"{len(missing)} messages are not in the catalogue:\n" + "\n".join(missing)


def test_no_message_is_untranslated_or_fuzzy(chinese):
    open_ones = [
        str(message.id) for message in chinese if message.id and (message.fuzzy or not all(_strings(message.string)))
    ]
    assert not open_ones


def test_every_translation_keeps_the_placeholders_of_its_message(chinese):
    broken = [
        str(message.id)
        for message in chinese
        if message.id
        for string in _strings(message.string)
        if set(PLACEHOLDER.findall(string)) - set(PLACEHOLDER.findall(" ".join(_strings(message.id))))
        or set(PLACEHOLDER.findall(_strings(message.id)[-1])) - set(PLACEHOLDER.findall(string))
    ]
    assert not broken


def _strings(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_nothing_is_translated_that_nobody_says(chinese):
    said = {(context, message) for _place, context, message in messages_of_the_code()}
    assert [str(each.id) for each in chinese if each.id and (each.context, _strings(each.id)[0]) not in said] == []


def test_what_django_says_of_a_password_is_chinese_and_rules_are_no_refusals():
    with override("zh-hans"):
        assert MinimumLengthValidator(10).get_error_message() == "密码太短，至少需要 10 个字符。"
        helps = (CommonPasswordValidator().get_help_text(), UserAttributeSimilarityValidator().get_help_text())
    assert helps == ("密码不能是常见的密码。", "密码不能与您的个人信息过于相似。")
