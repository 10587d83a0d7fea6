"""Use cases of notices: put mail into the queue with the change it tells of, send what is due."""

from ccezone.notices.service.mail import queue_mail, send_due
from ccezone.notices.service.smtp import SmtpPostman

__all__ = ["SmtpPostman", "queue_mail", "send_due"]
