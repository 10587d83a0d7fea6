"""Read models of notices: kinds and their words, a person's messages and choices, mail, webhooks."""

from ccezone.notices.queries.centre import Filter, NoticeView, choices_of, notice, notices_of, unread_count
from ccezone.notices.queries.kinds import Kind, Locale, kind_named, kinds, kinds_for
from ccezone.notices.queries.mail import MailCounts, MailView, mail_counts, mail_log

__all__ = [
    "Filter",
    "Kind",
    "Locale",
    "MailCounts",
    "MailView",
    "NoticeView",
    "choices_of",
    "kind_named",
    "kinds",
    "kinds_for",
    "mail_counts",
    "mail_log",
    "notice",
    "notices_of",
    "unread_count",
]
