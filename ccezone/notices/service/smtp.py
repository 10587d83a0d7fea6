"""Mail over SMTP with TLS. Address: ``smtps://user:password@host:465?from=hub@example.org`` or ``smtp://`` (STARTTLS)."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from ccezone.notices.ports import Mail, MailNotSent

_TIMEOUT = 20


class SmtpPostman:
    """Delivers mail to one server. Without TLS only when the address says ``?tls=no`` (a relay on the same machine)."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "from" not in query:
            raise ValueError("the mail address must be smtp:// or smtps://, with a host and ?from=")
        self._host = parts.hostname
        self._port = parts.port or (465 if parts.scheme == "smtps" else 587)
        self._implicit = parts.scheme == "smtps"
        self._tls = query.get("tls") != ["no"]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = query["from"][0]

    def deliver(self, mail: Mail) -> None:
        """Hand one mail over. Raises ``MailNotSent``; its text holds no address."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        message.set_content(mail.body)
        try:
            with self._connect() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        if self._implicit:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT, context=ssl.create_default_context())
        server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT)
        if self._tls:
            server.starttls(context=ssl.create_default_context())
        return server
