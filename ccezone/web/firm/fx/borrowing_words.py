"""The words of pages about yuan borrowed across the border."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

STATES: Mapping[str, tuple[LazyString, str]] = {
    "registered": (_l("已登记"), "info"),
    "drawn": (_l("已提款"), "warn"),
    "repaid": (_l("已还清"), "good"),
    "closed": (_l("已结清"), "neutral"),
}
STEPS: Mapping[str, LazyString] = {
    "register": _l("登记借款合同"),
    "draw": _l("登记提款"),
    "repay": _l("登记还款"),
    "close": _l("登记办结"),
}
SIDES: Mapping[str, LazyString] = {"office": _l("综试区"), "bank": _l("办理银行")}
"""Who said it."""
