"""The mail server: connections that are used again, and what its answers mean."""

from __future__ import annotations

import smtplib
import ssl
from collections import deque
from contextlib import suppress

from django.conf import settings

from notifications.models import Reason
from notifications.outcomes import Later, Never, Outcome, Sent, trimmed

TIMEOUT = 10.0


class MailServer:
    """The server of the environment. Any number of threads may send; each uses a connection that nobody else uses.

    Once it could not be reached it is `down` and answers so at once: a message less waits for a time-out.
    """

    def __init__(self) -> None:
        self._idle: deque[smtplib.SMTP] = deque()
        self.down: Later | None = None

    def send(self, sender: str, recipient: str, content: bytes) -> Outcome:
        """Hand one message over; the outcome is known when this returns."""
        if self.down is not None:
            return self.down
        session = self._idle.pop() if self._idle else None
        if session is not None:
            outcome = _hand_over(session, sender, recipient, content)
            if outcome is not None:
                return self._keep(session, outcome)
        try:
            session = _open()
        except (OSError, smtplib.SMTPException) as error:
            self.down = _failure(error, doubtful=False)
            return self.down
        return self._keep(session, _hand_over(session, sender, recipient, content) or Later(Reason.UNREACHABLE))

    def close(self) -> None:
        """Say good-bye on every connection."""
        while self._idle:
            with suppress(OSError, smtplib.SMTPException):
                self._idle.pop().quit()

    def _keep(self, session: smtplib.SMTP, outcome: Outcome) -> Outcome:
        if session.sock is not None:
            self._idle.append(session)
        return outcome


def _open() -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.EMAIL_USE_SSL:
        session: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=TIMEOUT, context=context
        )
    else:
        session = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=TIMEOUT)
    try:
        if settings.EMAIL_USE_TLS:
            session.starttls(context=context)
        if settings.EMAIL_HOST_USER:
            session.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        session.ehlo_or_helo_if_needed()
    except BaseException:
        session.close()
        raise
    return session


def _hand_over(session: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Outcome | None:
    """MAIL, RCPT, DATA. None if the connection was gone before anything was said on it: take another."""
    data_began = False
    try:
        for command, address in ((session.mail, sender), (session.rcpt, recipient)):
            code, words = command(address)
            if code == 421:
                session.close()
                return None
            if code not in (250, 251):
                return _refused(session, code, words)
        data_began = True
        code, words = session.data(content)
        return Sent() if code == 250 else _refused(session, code, words)
    except smtplib.SMTPDataError as error:
        return _refused(session, error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        session.close()
        return _failure(error, doubtful=data_began) if data_began or _is_slow(error) else None


def _refused(session: smtplib.SMTP, code: int, words: object) -> Outcome:
    """What the answer means; the server forgets this message, or the connection is not used for another one."""
    try:
        is_clear = code != 421 and session.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        is_clear = False
    if not is_clear:
        session.close()
    return _refusal(code, words)


def _refusal(code: int, words: object) -> Outcome:
    detail = trimmed(f"{code} {trimmed(words)}")
    return Never(Reason.REFUSED, detail) if code >= 500 else Later(Reason.TEMPORARY, detail)


def _failure(error: Exception, *, doubtful: bool) -> Later:
    if isinstance(error, smtplib.SMTPResponseException):
        return Later(Reason.TEMPORARY, trimmed(f"{error.smtp_code} {trimmed(error.smtp_error)}"), doubtful=doubtful)
    return Later(Reason.SLOW if _is_slow(error) else Reason.UNREACHABLE, type(error).__name__, doubtful=doubtful)


def _is_slow(error: Exception) -> bool:
    """Whether a time-out is behind it; smtplib tells one as a lost connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
