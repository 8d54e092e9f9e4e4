"""Writes the messages that leave the portal: letters to people, short pushes to robots."""

from __future__ import annotations

from base64 import encodebytes
from datetime import date, datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from accounts.models import User
from base.clock import now
from base.wording import duration
from base.zones import zone_of
from notifications import wording
from notifications.kinds import kind_of
from notifications.models import Notification
from notifications.products import Push
from notifications.sealing import unseal

PATHS = {"declaration": "records/%s/", "article": "knowledge/%s/", "review": "audit/%s/findings/"}
_PLAIN_TEXT = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "base64",
}


def letter(row: Notification) -> bytes:
    """The e-mail to a person of the firm or of a customer, in the reader's language; plain text in UTF-8.

    Raises whatever is wrong with the row, `CannotOpen` among it: the caller gives that one up and goes on. The headers
    are the library's `Header`, not its message classes, which lose blanks and quotes
    (docs/decisions/0051-letters-by-header.md).
    """
    reader = row.user or row.contact
    with override((reader.language if reader else "") or settings.LANGUAGE_CODE), _in_zone_of(row.user):
        heads = {
            "Subject": _folded("Subject", one_line(_subject(row))),
            "From": mailbox("From", *sender()),
            "To": mailbox("To", *_recipient(row)),
            "Date": format_datetime(row.created_at),
            "Message-ID": f"<{one_line(row.message_id)}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **({"X-Desk-Repeat": str(row.repeats)} if row.repeats else {}),
            **_PLAIN_TEXT,
        }
        body = _body(row)
    head = "".join(f"{name}: {value}\r\n" for name, value in heads.items()) + "\r\n"
    return head.encode("ascii") + encodebytes(body.replace("\n", "\r\n").encode()).replace(b"\n", b"\r\n")


def _in_zone_of(reader: User | None) -> timezone.override:
    """Colleagues read times on their own clock, customers on that of the firm."""
    return timezone.override((zone_of(reader.zone) if reader else None) or timezone.get_default_timezone())


def sender() -> tuple[str, str]:
    """Name and address that the desk's mails come from."""
    return _parsed(settings.DEFAULT_FROM_EMAIL)


_parsed = lru_cache(maxsize=8)(parseaddr)


@lru_cache(maxsize=1000)
def mailbox(header: str, name: str, address: str) -> str:
    """Name and address for that header; raises ValueError where the address is not one plain address."""
    if not address.isascii() or one_line(address) != address or set(address) & set(' ,;:<>()[]"\\'):
        raise ValueError("not one plain address")
    plain = one_line(name)
    # A name that looks like an encoded word would be shown as what it decodes to.
    is_shown_as_written = plain.isascii() and "=?" not in plain
    return formataddr((plain, address)) if is_shown_as_written else f"{_folded(header, plain)} <{address}>"


def _folded(header: str, text: str) -> str:
    """The text in encoded words, on lines of at most 76 signs that end as they do on the wire."""
    return Header(text, "utf-8", maxlinelen=76, header_name=header).encode(linesep="\r\n")


def push(row: Notification) -> Push:
    """What goes to a robot: number, level, time left and the link, never more (domain.md section 7)."""
    with override(settings.LANGUAGE_CODE):
        lines = [*_facts(row)]
        return Push(
            delivery_id=row.message_id.partition("@")[0],
            title=_sentence(row),
            lines=tuple(lines),
            link=link(row),
            link_words=_("Open it in the desk"),
            facts=_program_facts(row),
        )


def link(row: Notification) -> str:
    """The page of what the message is about; empty where there is none."""
    page = PATHS.get(row.stream.partition(":")[0], "")
    return f"{settings.PUBLIC_URL}/{page % quote(row.number, safe='')}" if page else ""


def one_line(text: str) -> str:
    """A text fit for a header: no line breaks, no other control signs."""
    seen = text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(seen.split())


def _recipient(row: Notification) -> tuple[str, str]:
    person = row.user or row.contact
    return (person.name, person.email) if person else ("", "")


def _sentence(row: Notification) -> str:
    """The event without its due time, which stands below in full: a letter may be read tomorrow."""
    facts = {key: value for key, value in row.data.items() if key not in ("due_at", "reached_at")}
    return wording.sentence(row.event, number=row.number, threshold=row.threshold, data=facts)


def _subject(row: Notification) -> str:
    if row.event in wording.CLOSED:
        return _("Set your password for the service desk")
    return _("%(number)s: news about your case") % {"number": row.number} if row.contact else _sentence(row)


def _in_full(value: date) -> str:
    if not isinstance(value, datetime):
        # Translators: a date format of Django for letters, without the time of day.
        return date_format(value, pgettext("date format", "j F Y"))
    # Translators: a date format of Django for letters, with date and time.
    return date_format(localtime(value), pgettext("date format", "j F Y H:i"))


def _body(row: Notification) -> str:
    if row.event in wording.CLOSED:
        return _with_link(row)
    return _to_contact(row) if row.contact else _to_staff(row)


def _with_link(row: Notification) -> str:
    """The letter that carries the secret of a password link, which stands nowhere but in its enclosure."""
    assert row.user is not None
    link = row.enclosure.link
    values = {"account": row.user.username, "time": _in_full(link.expires_at)}
    parts = [
        _("%(name)s, hello:") % {"name": row.user.get_full_name()},
        _("Open this address to set the password of your account %(account)s. It works once, until %(time)s.") % values,
        settings.PUBLIC_URL.rstrip("/") + reverse("password-link", args=[unseal(row.enclosure.sealed)]),
        _("Did you not expect this letter? Then leave the address alone: your password stays as it is."),
        _("Sent by the service desk itself; nobody reads an answer."),
    ]
    return "\n\n".join(parts) + "\n"


def _to_staff(row: Notification) -> str:
    address = link(row)
    parts = [_sentence(row), "\n".join(_facts(row)), address]
    return "\n\n".join([*filter(None, parts), _("Sent by the service desk itself; nobody reads an answer.")]) + "\n"


def _to_contact(row: Notification) -> str:
    """The text that the desk wrote for the customer, or what the desk tells by itself (reading A-30)."""
    assert row.contact is not None
    news = row.text or _told_customer(row)
    greeting = _("%(name)s, hello:") % {"name": row.contact.name}
    desk = _("%(department)s service desk") % {"department": row.contact.customer.department.name}
    number = _("Please name %(number)s when you call or write.") % {"number": row.number}
    return "\n\n".join([greeting, news, number, desk]) + "\n"


def _told_customer(row: Notification) -> str:
    due = wording.moment(row.data.get("expected_at") or row.data.get("due_at"))
    if not isinstance(due, datetime):
        return _("There is news about your case %(number)s.") % {"number": row.number}
    return words_to_customer(row.number, due, now(), row.contact.language if row.contact else "")


def words_to_customer(number: str, due: datetime, at: datetime, language: str = "") -> str:
    """What the desk tells a customer at `at` by itself when time runs out (A-30), in the contact's language and on the
    clock of the firm, whoever has it written."""
    with override(language or settings.LANGUAGE_CODE), _in_zone_of(None):
        values = {"number": number, "time": _in_full(due)}
        if due <= at:
            return _late(values)
        return (
            _(
                "We are working on your case %(number)s and want it solved by %(time)s. It is taking longer than "
                "usual; we go on with it and tell you as soon as there is news."
            )
            % values
        )


def _late(values: dict[str, str]) -> str:
    return (
        _(
            "Your case %(number)s should have been solved by %(time)s and is not solved yet. We go on with it and "
            "tell you as soon as there is news."
        )
        % values
    )


def _facts(row: Notification) -> list[str]:
    """Level and time left, each a line, where the row has them."""
    lines = []
    if isinstance(level := row.data.get("level"), int):
        lines.append(_("Level %(level)s") % {"level": level})
    if (due := wording.moment(row.data.get("due_at"))) is not None:
        lines.append(_left(due, now()))
    if isinstance(count := row.data.get("count"), int):
        lines.append(ngettext("%(count)s time", "%(count)s times", count) % {"count": count})
    return lines


def _left(due: date, at: datetime) -> str:
    if not isinstance(due, datetime):
        return _("Due %(time)s") % {"time": _in_full(due)}
    words = {"time": _in_full(due), "span": duration(due - at)}
    return (_("Due %(time)s, in %(span)s") if due > at else _("Was due %(time)s, %(span)s ago")) % words


def _program_facts(row: Notification) -> dict[str, Any]:
    """The body of a webhook, as docs/webhooks.md lists it."""
    return {
        "type": row.event,
        "timestamp": row.created_at.isoformat().replace("+00:00", "Z"),
        "data": {
            "kind": str(kind_of(row.event).value),
            "number": row.number,
            "level": row.data.get("level"),
            "threshold": row.threshold or None,
            "due_at": row.data.get("due_at"),
            "link": link(row) or None,
        },
    }
