"""The words of pages about pledges of refund accounts."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

STATES: Mapping[str, tuple[LazyString, str]] = {
    "asked": (_l("待企业答复"), "warn"),
    "live": (_l("托管中"), "good"),
    "refused": (_l("企业已谢绝"), "bad"),
    "dropped": (_l("银行已撤回申请"), "neutral"),
    "released": (_l("已解除托管"), "neutral"),
}
STEPS: Mapping[str, tuple[LazyString, str]] = {
    "ask": (_l("银行申请托管"), "info"),
    "agree": (_l("企业同意托管"), "good"),
    "refuse": (_l("企业谢绝"), "bad"),
    "drop": (_l("银行撤回申请"), "neutral"),
    "release": (_l("银行解除托管"), "info"),
}
DONE: Mapping[str, LazyString] = {
    "agree": _l("已同意托管，退税款今后只汇入该账户。"),
    "refuse": _l("已谢绝。"),
    "drop": _l("申请已撤回。"),
    "release": _l("已解除托管。"),
}
