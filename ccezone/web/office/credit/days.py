"""The term a form of credit states: since when, until when."""

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l

from ccezone.kernel.errors import Refused
from ccezone.web.office.credit.reading import today
from ccezone.web.registering.fields import BadDay, day_or_none
from ccezone.web.shell.forms import Field

TERM = (
    Field("valid_from", _l("有效期起"), "date", required=True),
    Field("valid_to", _l("有效期止"), "date", help=_l("留空表示长期有效，直到有新的结果。")),
)


def term_of(values: Mapping[str, str]) -> tuple[date, date | None]:
    """Read the term; today where its begin is left out, which the form refuses by itself. Raises ``Refused``: no day."""
    try:
        return day_or_none(values["valid_from"], "/valid_from") or today(), day_or_none(values["valid_to"], "/valid_to")
    except BadDay as bad:
        raise Refused(bad.fault) from None
