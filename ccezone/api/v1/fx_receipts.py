"""``/api/v1/fx-accounts`` and ``/api/v1/fx-receipts``: money that came, told one by one or together, and followed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.api.bodies import JSON
from ccezone.api.operations import Example, Media, Resource
from ccezone.api.paging import as_uuid, cut, read_cursor
from ccezone.api.problems import Problem, described
from ccezone.api.services import Caller, services
from ccezone.api.v1.bills import documents
from ccezone.api.v1.fx_shown import row_shown, whole_shown
from ccezone.fx.queries.receipts import accounts_of, search_receipts
from ccezone.fx.service.arriving import Arrived, take_receipts
from ccezone.fx.service.receipts import Money, add_account
from ccezone.fx.service.statements import take_parked_of
from ccezone.kernel.errors import Fault
from schemas.rest.faults import faults_of
from schemas.rest.fx import FxAccount, FxAccounts, FxDelivery, FxReceipt, FxReceiptPage, FxReceiptsQuery
from schemas.rest.fx_inputs import MOST_RECEIPTS, FxAccountBody, FxReceiptBody
from schemas.rest.words import Words

RESOURCE = Resource("跨境收汇", "Foreign exchange")
READ, WRITE = Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE
KNOWN_ACCOUNT = "36001234567890"
RECEIPT = {"receipt_id": {"description": Words("收汇标识", "The receipt's id")}}
_ACCOUNT = {"account": {"description": Words("账号", "Account number"), "examples": {"dollar": {"value": KNOWN_ACCOUNT}}}}
_SHAPE = {"anyOf": [FxReceiptBody, {"type": "array", "items": FxReceiptBody, "minItems": 1, "maxItems": MOST_RECEIPTS}]}


def _one(reference: str = "BR20251201001") -> dict[str, object]:
    return {
        "account": KNOWN_ACCOUNT, "bank_reference": reference, "currency": "502", "amount": "120.00", "kind": "platform",
        "payer": "EXAMPLE MARKETPLACE LTD", "value_date": "2025-12-01", "settlement_reference": "",
    }  # fmt: skip


@RESOURCE.get(
    "/fx-accounts",
    "listFxAccounts",
    Words("收汇账户列表", "List accounts"),
    permission=READ,
    answer=FxAccounts,
)
def get_accounts(by: Caller) -> dict[str, object]:
    """All accounts of the firm."""
    by.demand_whole(READ)
    with services().database.reading() as connection:
        return {"accounts": [asdict(each) for each in accounts_of(connection, by.enterprise.id)]}


@RESOURCE.put(
    "/fx-accounts/<string:account>",
    "putFxAccount",
    Words("登记收汇账户", "Register an account"),
    details=Words(
        "登记后，此前暂存的该账户对账单随即读入；账户不能改币制或银行。",
        "Statements that waited for it are taken in at once. Its bank and currency stay.",
    ),
    permission=WRITE,
    body=FxAccountBody,
    answer=FxAccount,
    made=True,
    parameters=_ACCOUNT,
    examples=[Example("dollar", Words("美元账户", "A dollar account"), lambda: {"bank": "中国银行赣州分行", "currency": "502"})],
)
def put_account(by: Caller, body: Mapping[str, Any], account: str) -> Any:
    """Register an account, unless it is the firm's already."""
    by.demand_whole(WRITE)
    work, firm, actor = services(), by.enterprise.id, by.principal.actor
    with work.database.begin() as uow:
        known = next((each for each in accounts_of(uow.connection, firm) if each.number == account), None)
        if known is not None and (known.bank, known.currency) == (body["bank"], body["currency"]):
            return asdict(known)
        add_account(uow, firm, account, body["bank"], body["currency"], actor, work.clock)
        take_parked_of(uow, account, actor, work.clock)
        record(uow, by.principal, "fx.account", f"fx_account:{account}", work.clock)
        made = next(each for each in accounts_of(uow.connection, firm) if each.number == account)
    return asdict(made), 201


@RESOURCE.get(
    "/fx-receipts",
    "listFxReceipts",
    Words("收汇列表", "List receipts of money"),
    permission=READ,
    query=FxReceiptsQuery,
    links=[("getFxReceipt", "receipt_id", "/receipts/0/id")],
    answer=FxReceiptPage,
)
def get_receipts(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of receipts, the newest first."""
    by.demand_whole(READ)
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        rows = search_receipts(connection, by.enterprise.id, query["tab"], query["text"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"receipts": [row_shown(row) for row in page], "next": following}


@RESOURCE.post(
    "/fx-receipts",
    "postFxReceipts",
    Words("报送收汇", "Tell of receipts of money"),
    details=Words(
        "一个对象或数组（最多 1,000 笔）。逐笔判断：好的登记，坏的在 errors 中说明第几笔、位置、代码与处理办法。"
        "同一账户的同一银行业务编号只登记一次，重复报送相同内容无害。银行对账单到达后按银行业务编号确认。",
        "One object or an array (1,000 at most). Each is judged for itself: the good ones are kept, for the others errors says "
        "which, where, what and how to mend it. A bank's reference counts once an account; the same again does no harm. The "
        "bank's statement confirms a receipt by that reference.",
    ),
    permission=WRITE,
    media=[
        Media(
            media_type,
            _SHAPE,
            [
                Example("one", Words("一笔收汇", "One receipt"), _one),
                Example("many", Words("两笔收汇", "Two receipts"), lambda: [_one("BR20251201002"), _one("BR20251201003")]),
            ],
        )
        for media_type in JSON
    ],
    links=[("getFxReceipt", "receipt_id", "/receipts/0/id")],
    answer=FxDelivery,
)
def post_receipts(by: Caller) -> dict[str, object]:
    """Take one object or an array of them."""
    by.demand_whole(WRITE)
    bodies = documents()
    if len(bodies) > MOST_RECEIPTS:
        raise Problem(413, [Fault("", "too_many_documents", {"max": str(MOST_RECEIPTS)})])
    judged = [_judged(place, body) for place, body in enumerate(bodies)]
    moneys = [(each.position, each.money) for each in judged if isinstance(each, _Good)]
    work, firm = services(), by.enterprise.id
    with work.database.begin() as uow:
        taken = take_receipts(uow, firm, moneys, "api", by.principal.actor, work.clock)
        for each in taken:
            if each.id and not each.replayed:
                record(uow, by.principal, "fx.report", f"fx_receipt:{each.id}", work.clock)
    return delivery([*taken, *(each for each in judged if isinstance(each, Arrived))])


@RESOURCE.get(
    "/fx-receipts/<uuid:receipt_id>",
    "getFxReceipt",
    Words("一笔收汇", "A receipt of money"),
    details=Words(
        "含匹配的订单、办理申请、过程，以及按现行规则可以办理什么、依据是什么、还缺什么。",
        "With the orders it pays, instructions, steps, and what may be done by the rule in force and what is lacking.",
    ),
    permission=READ,
    answer=FxReceipt,
    parameters=RECEIPT,
)
def get_receipt(by: Caller, receipt_id: UUID) -> dict[str, object]:
    """One receipt with all that belongs to it."""
    by.demand_whole(READ)
    with services().database.reading() as connection:
        return whole_shown(connection, by.enterprise.id, receipt_id)


class _Good:
    """A receipt whose body can be read."""

    def __init__(self, position: int, money: Money) -> None:
        self.position, self.money = position, money


def _judged(place: int, body: object) -> _Good | Arrived:
    try:
        values: Mapping[str, Any] = FxReceiptBody().load(body if isinstance(body, Mapping) else {"": body})
    except ValidationError as error:
        faults = faults_of(error.messages_dict) if isinstance(body, Mapping) else [Fault("", "not_an_object")]
        return Arrived(place, faults=faults)
    return _Good(place, Money(**values))


def delivery(arrived: Sequence[Arrived]) -> dict[str, object]:
    """Spell what became of receipts told together, in the order they were told."""
    turn = sorted(arrived, key=lambda each: each.position)
    good = [each for each in turn if each.id]
    return {
        "accepted": len(good),
        "replayed": sum(each.replayed for each in good),
        "rejected": len(turn) - len(good),
        "receipts": [
            {"position": each.position, "id": each.id, "reference": each.reference, "replayed": each.replayed} for each in good
        ],
        "errors": [described(fault, {"position": each.position}) for each in turn for fault in each.faults],
    }
