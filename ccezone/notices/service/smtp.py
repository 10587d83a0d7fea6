"""Who carries mail: SMTP with TLS, or a folder on this machine for demonstrations.

Addresses: ``smtps://user:password@host:465?from=hub@example.org``, ``smtp://`` (STARTTLS), ``maildir:///path``.
"""

import mailbox
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from ccezone.notices.ports import Mail, MailNotSent, Postman

_TIMEOUT = 20
_FOLDER_SENDER = "ccezone@localhost"


class SmtpPostman:
    """Delivers mail to one server. Without TLS only when the address says ``?tls=no`` (a relay on the same machine);
    ``?ca=FILE`` names the authority of a server with a certificate of one's own.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "from" not in query:
            raise ValueError("the mail address must be smtp:// or smtps://, with a host and ?from=")
        self._host = parts.hostname
        self._port = parts.port or (465 if parts.scheme == "smtps" else 587)
        self._implicit = parts.scheme == "smtps"
        self._tls = query.get("tls") != ["no"]
        self._authority = query.get("ca", [None])[0]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = query["from"][0]

    def deliver(self, mail: Mail) -> None:
        """Hand one mail over. Raises ``MailNotSent``; its text holds no address."""
        try:
            with self._connect() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(message(mail, self._sender))
        except (OSError, ValueError, smtplib.SMTPException) as error:  # ValueError: an address no header can hold
            raise MailNotSent(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        if self._implicit:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT, context=self._trust())
        server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT)
        if self._tls:
            server.starttls(context=self._trust())
        return server

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._authority)


class FolderPostman:
    """Puts mail into a Maildir folder, where a demonstration's mail can be looked at and nothing leaves the machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, mail: Mail) -> None:
        """Keep one mail. Raises ``MailNotSent``."""
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            mailbox.Maildir(self._folder).add(mailbox.MaildirMessage(message(mail, _FOLDER_SENDER)))
        except OSError as error:
            raise MailNotSent(type(error).__name__) from error


def postman(url: str) -> Postman:
    """Return who carries mail to this address. Raises ``ValueError`` for an address of no known form."""
    parts = urlsplit(url)
    return FolderPostman(Path(unquote(parts.path))) if parts.scheme == "maildir" else SmtpPostman(url)


def message(mail: Mail, sender: str) -> EmailMessage:
    """Spell a mail as RFC 5322 has it: both forms, and where to choose not to get it (RFC 2369)."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, mail.to, mail.subject
    made["Date"], made["Message-ID"] = formatdate(), make_msgid(domain=sender.rsplit("@", 1)[-1])
    made["Auto-Submitted"] = "auto-generated"
    if mail.choices_url:
        made["List-Unsubscribe"] = f"<{mail.choices_url}>"
    made.set_content(mail.body)
    if mail.html:
        made.add_alternative(mail.html, subtype="html")
    return made
