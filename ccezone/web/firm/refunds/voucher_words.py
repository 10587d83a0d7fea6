"""The words of pages about promotion-cost vouchers and the general-taxpayer pilot."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

STATES: Mapping[str, tuple[LazyString, str]] = {
    "recorded": (_l("待认证"), "info"),
    "certified": (_l("已认证，可使用"), "good"),
    "sent_back": (_l("已退回企业"), "bad"),
    "used": (_l("已使用"), "neutral"),
}
STEPS: Mapping[str, LazyString] = {
    "record": _l("企业登记凭证"),
    "certify": _l("综试区认证"),
    "send_back": _l("综试区退回"),
    "use": _l("企业使用凭证"),
}
BUTTONS: Mapping[str, LazyString] = {"certify": _l("认证"), "send_back": _l("退回"), "use": _l("登记使用")}
DONE: Mapping[str, LazyString] = {
    "certify": _l("凭证已认证。"),
    "send_back": _l("凭证已退回企业。"),
    "use": _l("已登记使用，凭证不能再次使用。"),
}
PILOTS: Mapping[str, tuple[LazyString, str]] = {
    "live": (_l("试点中"), "good"),
    "to_come": (_l("尚未开始"), "info"),
    "lapsed": (_l("试点期已满"), "warn"),
    "ended": (_l("已终止"), "neutral"),
}
