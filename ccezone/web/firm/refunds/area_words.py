"""The words of pages about special-area export."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.tax_refunds.queries.area import LotRow

TABS: Mapping[str, LazyString] = {
    "": _l("全部"),
    "stock": _l("在区有货"),
    "open": _l("有已送未报"),
    "empty": _l("已全部出区"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "draft": (_l("待申报"), "info"),
    "declared": (_l("已申报"), "good"),
    "withdrawn": (_l("已撤回"), "neutral"),
}
USES: Mapping[str, tuple[LazyString, str]] = {
    "claimed": (_l("已列入退税申报"), "good"),
    "exempt": (_l("已按免税办理"), "neutral"),
    "open": (_l("可申报退税"), "info"),
    "gone": (_l("入区报关单已撤销"), "bad"),
}


def use(row: LotRow) -> tuple[LazyString, str]:
    """Word what the entry of a lot is used for, with its tone."""
    if row.claim_id:
        return USES["claimed"]
    if row.exempt:
        return USES["exempt"]
    return USES["open" if row.stands else "gone"]


DONE: Mapping[str, LazyString] = {
    "deliver": _l("出区已登记。"),
    "remove": _l("出区已撤回。"),
    "gather": _l("已汇集本周期未申报的出区，请向海关申报后登记报关单号。"),
    "declare": _l("集中申报已登记。"),
    "withdraw": _l("集中申报已撤回，其中的出区可重新汇集。"),
}
