"""The reader's language: chosen by switch, remembered in a cookie and on the user; Chinese when nothing is said."""

from typing import Literal

from flask import Flask, has_request_context, request
from flask_babel import Babel

from ccezone.web.shell.access import principal_or_none

Language = Literal["zh", "en"]
COOKIE = "ccezone_language"
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def language() -> Language:
    """Return the reader's language: the cookie, else what the user chose, else Chinese."""
    if has_request_context():
        principal = principal_or_none()
        for said in (request.cookies.get(COOKIE, ""), principal.locale if principal else ""):
            if said == "en":
                return "en"
            if said == "zh":
                return "zh"
    return "zh"


def install(app: Flask) -> None:
    """Let Babel ask us, and show times in Asia/Shanghai."""
    Babel(
        app,
        default_locale="zh",
        default_timezone="Asia/Shanghai",
        default_translation_directories="translations",
        locale_selector=language,
    )
