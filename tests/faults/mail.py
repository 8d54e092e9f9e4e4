"""A mail server that can refuse and be slow, and remembers every message that it took."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

Letter = tuple[str, str]


class MailServer(Controller):
    """Takes a message when its last byte is there, and says so `delay` seconds later: whoever is killed in between
    cannot know. `refusing` answers 451 to every recipient."""

    def __init__(self) -> None:
        self.taken: list[tuple[Letter, str]] = []
        self.in_hand: dict[int, str] = {}
        self.delay = 0.05
        self.refusing = False
        self.refusals = 0
        super().__init__(self, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        return SMTP(self, enable_SMTPUTF8=True)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refusing:
            self.refusals += 1
            return "451 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        self.taken.append(((envelope.rcpt_tos[0], str(mail["Subject"])), str(mail["Message-ID"]).strip("<>")))
        port = session.peer[1]
        self.in_hand[port] = envelope.rcpt_tos[0]
        try:
            await asyncio.sleep(self.delay)
        finally:
            self.in_hand.pop(port, None)
        return "250 OK"

    @property
    def ids(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(message_id for _letter, message_id in self.taken)

    @property
    def differing(self) -> int:
        """Letters that came twice under different ids, which no recipient's program recognises as one."""
        ids: dict[Letter, set[str]] = defaultdict(set)
        for letter, message_id in self.taken:
            ids[letter].add(message_id)
        return sum(len(found) - 1 for found in ids.values())

    def _trigger_server(self) -> None:
        """The base class calls at the port that it was given; any free one was asked for."""
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()
