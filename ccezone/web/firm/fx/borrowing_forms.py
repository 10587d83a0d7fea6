"""Forms about yuan borrowed across the border, for officers and banks, and how they are read."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from ccezone.fx.rules.borrowing import Contract, Step
from ccezone.fx.service.borrowing import Said
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.shell.forms import Field, faults_of_form, required_number
from ccezone.web.shell.moments import read_day

TERMS = (
    Field("lender", _l("境外贷款人"), required=True, max_length=100),
    Field("contract_no", _l("借款合同编号"), required=True, max_length=60),
    Field("amount", _l("合同金额（元）"), "decimal", required=True),
    Field("begins_on", _l("合同生效日"), "date", required=True),
    Field("due_on", _l("合同到期日"), "date", required=True),
    Field("document", _l("依据单证"), required=True, max_length=200, help=_l("如：借款合同、银行登记回单编号。")),
)
"""A contract, whoever registers it."""
SAID = (
    Field("on_day", _l("发生日期"), "date", required=True),
    Field("amount", _l("金额（元）"), "decimal", help=_l("办结时不填。")),
    Field("document", _l("依据单证"), required=True, max_length=200, help=_l("如：银行回单编号。")),
)
"""What became of it."""


def read_contract(fields: tuple[Field, ...], values: Mapping[str, str], bank: str) -> Contract:
    """Read a contract with ``bank``. Raises ``Refused``."""
    if faults := faults_of_form(fields, dict(values)):
        raise Refused(*faults)
    days = read_day(values["begins_on"], "/begins_on"), read_day(values["due_on"], "/due_on")
    return Contract(bank, values["lender"], values["contract_no"], required_number(values["amount"]), *days)


def read_said(values: Mapping[str, str], step: str) -> Said:
    """Read what became of a contract. Raises ``Refused``; ``step`` is the button that was pressed."""
    if faults := faults_of_form(SAID, dict(values)):
        raise Refused(*faults)
    if step not in list(Step):
        raise Refused(Fault("/step", "fx_borrowing_step"))
    amount = required_number(values["amount"]) if values["amount"] else None
    return Said(Step(step), read_day(values["on_day"], "/on_day"), amount, values["document"])
