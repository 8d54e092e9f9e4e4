"""Real servers on this machine that play the other side: a mail server and an https host."""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class MailSink(Controller):
    """A strict mail server that keeps what it took. `answers` maps recipients to the answer to RCPT, `to_data` to DATA.

    It refuses what a strict server refuses (`fault`), and after an error takes nothing before RSET.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self.to_data: dict[str, str] = {}
        self.connections = 0
        self.slow = 0.0
        super().__init__(self, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        self.connections += 1
        return SMTP(self, enable_SMTPUTF8=False)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if getattr(session, "has_failed", False):
            return "503 RSET first"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RSET(self, server: Any, session: Any, envelope: Any) -> str:
        session.has_failed = False
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        answer = self.answers.get(address, "250 OK")
        session.has_failed = answer[:3] != "250"
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        recipient = envelope.rcpt_tos[0]
        time.sleep(self.slow)
        found = fault(envelope.content)
        answer = f"554 5.6.0 {found}" if found else self.to_data.get(recipient, "250 OK")
        session.has_failed = answer[:3] != "250"
        if not session.has_failed:
            self.recipients.append(recipient)
            self.raw.append(envelope.content)
            self.mails.append(message_from_bytes(envelope.content, policy=default))
        return answer

    def _trigger_server(self) -> None:
        """The base class calls at the port that it was given; any free one was asked for."""
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


def fault(content: bytes) -> str:
    """What a strict server finds wrong with a message on the wire (RFC 5321, 5322, 2047); empty for nothing."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        return "bare line end"
    head, empty_line, _body = content.partition(b"\r\n\r\n")
    if not empty_line or not head.isascii() or any(len(line) > 998 for line in content.split(b"\r\n")):
        return "8-bit header, endless line or no body"
    for line in head.split(b"\r\n"):
        if not re.fullmatch(rb"[!-9;-~]+: ?\S.*|[ \t]+\S.*", line):
            return "wrongly folded header"
    if any(len(word) > 75 for word in re.findall(rb"=\?[^?]+\?[bqBQ]\?[^?]*\?=", head)):
        return "encoded word too long"
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if not line[:1].isspace()]
    once = {b"from", b"to", b"date", b"subject", b"message-id", b"mime-version", b"content-type"}
    return "" if all(names.count(name) == 1 for name in once) else "header missing or doubled"


Answer = tuple[int, bytes] | Callable[[Any], None]


class HttpsHost:
    """An https server for some names, under its own authority. `answers` are given in order, the last for good."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.ca_file, chain = folder / "ca.pem", folder / "host.pem"
        _certificates(self.ca_file, chain, names)
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.times: list[float] = []
        self.answers: list[Answer] = [(200, b'{"errcode":0,"code":0}')]
        self.names: list[str | None] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                host.requests.append((self.path, dict(self.headers), body))
                host.times.append(time.time())
                answer = host.answers.pop(0) if len(host.answers) > 1 else host.answers[0]
                if callable(answer):
                    answer(self)
                    return
                status, content = answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


def _certificates(ca_file: Path, chain: Path, names: tuple[str, ...]) -> None:
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    ca = _builder(issuer, issuer, ca_key.public_key()).add_extension(x509.BasicConstraints(True, None), True)
    ca = ca.add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), False)
    alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "host")])
    host = _builder(subject, issuer, key.public_key()).add_extension(alternatives, False)
    host = host.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False)
    ca_file.write_bytes(ca.sign(ca_key, SHA256()).public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(private + host.sign(ca_key, SHA256()).public_bytes(Encoding.PEM))


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(subject: x509.Name, issuer: x509.Name, key: Any) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    # Whatever time a test sets for the desk: TLS asks the machine.
    from_, until = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
    return builder.not_valid_before(from_).not_valid_after(until)
