"""``/api/v1/bank/background-checks``: a bank's own system reports what it found when it checked a firm (M4)."""

from collections.abc import Mapping
from typing import Any

from ccezone.accounts.rules import Permission
from ccezone.api.operations import Example, Resource
from ccezone.api.services import BankCaller, services
from ccezone.api.v1.credit import known_code
from ccezone.risk.rules.background import Checker
from ccezone.risk.service.background import BackgroundReport, report_background
from schemas.rest.background import BackgroundAnswer, BackgroundBody
from schemas.rest.words import Words

RESOURCE = Resource("银行", "Banks")


def _clear() -> dict[str, object]:
    said = {"uscc": known_code(), "purpose": "loan", "outcome": "clear", "checked_on": "2026-01-02"}
    return {**said, "valid_to": "2026-12-31", "document": "授信调查报告 2026-018", "note": ""}


@RESOURCE.post(
    "/bank/background-checks",
    "reportBackgroundCheck",
    Words("银行报送背景调查结果", "Report a background check as a bank"),
    details=Words(
        "仅限银行的接口凭证；调查机构为凭证所属的银行，登记后综试区可见，撤回须由综试区办理。",
        "For credentials of banks; the institution is the bank that calls. The office sees the report, and takes one back.",
    ),
    permission=Permission.BACKGROUND_WRITE,
    bank=True,
    body=BackgroundBody,
    status=201,
    answer=BackgroundAnswer,
    examples=[Example("clear", Words("未见异常", "Nothing found"), _clear)],
)
def post_background(by: BankCaller, body: Mapping[str, Any]) -> dict[str, object]:
    """Record a report in the bank's own name."""
    work, uscc = services(), body["uscc"].strip().upper()
    said = {name: body[name] for name in ("purpose", "outcome", "document", "note", "checked_on", "valid_to")}
    with work.database.begin() as uow:
        report = BackgroundReport(institution=by.bank.name, kind=Checker.BANK, **said)
        number = report_background(uow, uscc, report, by.principal, work.clock)
    return {"id": number, "uscc": uscc, "institution": by.bank.name}
