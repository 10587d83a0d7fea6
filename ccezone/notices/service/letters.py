"""Letters: messages worded as a mail in the reader's language, as plain text and as HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import cast
from uuid import UUID

from ccezone.notices.ports import Mail
from ccezone.notices.queries.centre import NoticeView
from ccezone.notices.queries.kinds import Locale
from schemas.codes import rows

LISTED = 30
_ADDRESS = re.compile(r"https?://[^\s<]+")
_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="margin:0;padding:24px;background:#f5f7fa;color:#1b2430;font-family:sans-serif;font-size:16px;line-height:1.6">
<div style="max-width:40rem;margin:0 auto;padding:24px;background:#fff;border:1px solid #d5dbe3">{content}</div>
</body></html>
"""
_LINK = '<a href="{address}" style="color:#0b4f8a">{words}</a>'


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose letters these are: address of the site, and its name in both languages."""

    public_url: str
    name_zh: str
    name_en: str

    @property
    def choices_url(self) -> str:
        return f"{self.public_url.rstrip('/')}/profile/notices"

    def message_url(self, notice_id: UUID | None = None) -> str:
        """Where a message opens, or all of them."""
        return f"{self.public_url.rstrip('/')}/messages" + (f"/{notice_id}" if notice_id else "")

    def name(self, locale: Locale) -> str:
        return self.name_zh if locale == "zh" else self.name_en


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter goes to."""

    user_id: UUID
    login: str
    name: str
    locale: Locale


def letter(head: Letterhead, reader: Reader, notices: Sequence[NoticeView], *, daily: bool = False) -> Mail:
    """Word one mail that tells of these messages: the first ones each with its link, the others as a number."""
    locale = reader.locale
    if daily or len(notices) > 1:
        topic = words("daily" if daily else "several", locale, number=f"{len(notices):,}")
    else:
        topic = notices[0].title(locale)
    shown, more = notices[:LISTED], len(notices) - LISTED
    items = [(each.title(locale), each.text(locale), head.message_url(each.id)) for each in shown]
    closing = [(words("more", locale, number=f"{more:,}"))] if more > 0 else []
    greeting = words("greeting", locale, name=reader.name or reader.login)
    why = words("why", locale, site=head.name(locale))
    subject = " ".join(f"[{head.name(locale)}] {topic}".split())
    return Mail(
        to=reader.login,
        subject=subject,
        body=_plain(greeting, items, closing, why, head, locale),
        html=_html(subject, greeting, items, closing, why, head, locale),
        choices_url=head.choices_url,
    )


def words(code: str, locale: Locale, **values: str) -> str:
    """Return a text of ``mail_words.csv``, filled."""
    row = next(row for row in rows("mail_words") if row["code"] == code)
    return row[f"text_{locale}"].format_map(values)


def html_of(subject: str, body: str) -> str:
    """Turn a plain letter into HTML: a paragraph a block of lines, addresses as links."""
    blocks = [escape(block).replace("\n", "<br>") for block in body.strip().split("\n\n")]
    linked = [_ADDRESS.sub(lambda found: _LINK.format(address=found[0], words=found[0]), block) for block in blocks]
    lang = "zh-CN" if re.search(r"[一-鿿]", body) else "en"
    return _PAGE.format(lang=lang, title=escape(subject), content="".join(f"<p>{block}</p>" for block in linked))


def locale_of(spoken: str) -> Locale:
    """Return the language of a letter: what the person chose, else Chinese."""
    return cast(Locale, spoken if spoken in ("zh", "en") else "zh")


_Item = tuple[str, str, str]


def _plain(greeting: str, items: Sequence[_Item], closing: Sequence[str], why: str, head: Letterhead, locale: Locale) -> str:
    blocks = [greeting, *(f"{title}\n{text}\n{address}" for title, text, address in items), *closing]
    blocks += [f"{words('centre', locale)}: {head.message_url()}"] if len(items) > 1 else []
    return "\n\n".join([*blocks, f"--\n{why}\n{words('choices', locale)}: {head.choices_url}"]) + "\n"


def _html(
    subject: str,
    greeting: str,
    items: Sequence[_Item],
    closing: Sequence[str],
    why: str,
    head: Letterhead,
    locale: Locale,
) -> str:
    told = [
        f"<h2 style='font-size:18px;margin:24px 0 4px'>{escape(title)}</h2><p style='margin:0'>{escape(text)}</p>"
        f"<p style='margin:4px 0'>{_LINK.format(address=escape(address), words=words('open', locale))}</p>"
        for title, text, address in items
    ]
    centre = [_LINK.format(address=escape(head.message_url()), words=words("centre", locale))] if len(items) > 1 else []
    choices = _LINK.format(address=escape(head.choices_url), words=words("choices", locale))
    paragraphs = [f"<p>{text}</p>" for text in (*map(escape, closing), *centre)]
    foot = f"<hr><p style='color:#5b6675;font-size:14px'>{escape(why)}<br>{choices}</p>"
    content = "".join([f"<p>{escape(greeting)}</p>", *told, *paragraphs, foot])
    return _PAGE.format(lang="zh-CN" if locale == "zh" else "en", title=escape(subject), content=content)
