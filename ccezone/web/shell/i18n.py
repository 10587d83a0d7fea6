"""The reader's language: named in the address, or chosen by switch and remembered in a cookie and on the user; else Chinese."""

from typing import Literal

from flask import Flask, has_request_context, request
from flask_babel import Babel

from ccezone.web.shell.access import principal_or_none

Language = Literal["zh", "en"]
COOKIE = "ccezone_language"
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def language() -> Language:
    """Return the reader's language: said in the address (``?lang=en``), by the cookie, by the user, else Chinese."""
    if has_request_context():
        principal = principal_or_none()
        for said in (request.args.get("lang", ""), request.cookies.get(COOKIE, ""), principal.locale if principal else ""):
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
