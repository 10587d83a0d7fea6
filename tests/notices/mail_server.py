"""A real SMTP server on this machine (aiosmtpd), plain or with TLS and a password."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ccezone.deployment import free_port


@dataclass
class MailServer:
    """What a server received, and where it is. ``authority`` is the file that vouches for its certificate."""

    url: str = ""
    authority: str = ""
    received: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Know everybody but one."""
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep what came."""
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        return "250 OK"


def served(server: MailServer, folder: Path | None = None) -> Controller:
    """Start a server on a free port; with a folder for its certificate it asks for TLS and a password."""
    options: dict[str, Any] = {}
    if folder is not None:
        server.authority = str(folder / "server.pem")
        options = {
            "tls_context": certified(folder / "server.pem"),
            "require_starttls": True,
            "auth_required": True,
            "authenticator": _judge,
        }
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    server.url = f"smtp://127.0.0.1:{controller.port}"
    return controller


def _judge(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"hub", b"right"), handled=False)


def certified(path: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate of its own for this address."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(*form) + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def said(message: EmailMessage, form: str = "plain") -> str:
    """What one form of a mail says."""
    body = message.get_body((form,))
    assert body is not None
    return str(body.get_content())
