"""Use cases of notices: tell people, gather digests, read and choose, mail, webhooks."""

from ccezone.notices.service.bankers import notify_bankers
from ccezone.notices.service.digests import Tally, count, tell_digests
from ccezone.notices.service.letters import Letterhead
from ccezone.notices.service.mail import queue_mail, send_due
from ccezone.notices.service.mailing import mail_notices
from ccezone.notices.service.notifying import Audience, Tidings, notify
from ccezone.notices.service.reading import choose, read, read_all
from ccezone.notices.service.security import tell_security
from ccezone.notices.service.smtp import FolderPostman, SmtpPostman, postman

__all__ = [
    "Audience",
    "FolderPostman",
    "Letterhead",
    "SmtpPostman",
    "Tally",
    "Tidings",
    "choose",
    "count",
    "mail_notices",
    "notify",
    "notify_bankers",
    "postman",
    "queue_mail",
    "read",
    "read_all",
    "send_due",
    "tell_digests",
    "tell_security",
]
