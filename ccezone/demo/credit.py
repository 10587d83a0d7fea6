"""Credit of the demo's cast: what made-up authorities and a made-up rater state, a firm on the red list, two under notice."""

from datetime import date, timedelta
from uuid import UUID

from ccezone.credit.queries import evidence_of
from ccezone.credit.rules.listing import ListKind, Step
from ccezone.credit.service import Proposal, Statement, open_listing, rejudge, state, take_step
from ccezone.credit.service.persons import PersonStatement, state_about_person
from ccezone.credit.service.recognising import ForeignGrade, note_foreign_grade
from ccezone.enterprises.queries import directory
from ccezone.kernel.check_digits import complete_resident_id, complete_uscc
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.personal import PersonalVault
from schemas.codes import rows

MADE_UP = "演示数据，非真实文件 / demo data, no real document"
_ISSUERS = {
    "customs_class": "赣州海关（演示）",
    "tax_class": "赣州市税务局（演示）",
    "fx_class": "国家外汇管理局赣州市分局（演示）",
    "market_risk": "赣州市市场监督管理局（演示）",
    "third_party": "江右信用评级（演示）",
}
CLASSES: dict[str, dict[str, str]] = {
    "furniture": {"customs_class": "advanced", "tax_class": "A", "fx_class": "A", "market_risk": "A", "third_party": "AAA"},
    "oranges": {"customs_class": "certified", "tax_class": "B", "fx_class": "A", "market_risk": "B"},
    "textiles": {"customs_class": "regular", "tax_class": "M", "fx_class": "A", "market_risk": "B"},
    "electronics": {"customs_class": "regular", "tax_class": "C", "fx_class": "B", "market_risk": "C", "third_party": "BBB"},
    "cosmetics": {"customs_class": "advanced", "tax_class": "A", "fx_class": "A"},
    "milk": {"customs_class": "regular", "tax_class": "B", "fx_class": "A"},
}
_STRANGER = complete_uscc("91360796MAYYY0900")
DIRECTOR = str(complete_resident_id("36070219750612003"))
VICTIM = str(complete_resident_id("36070219900101004"))
_FOREIGN = {
    "furniture": ("zone", "某综试区信用平台（演示）", "AA"),
    "electronics": ("authority", "某市商务主管部门（演示）", "C"),
    "cosmetics": ("rater", "江右信用评级（演示）", "A+"),
}
_AGO = timedelta(days=90)


def found_credit(database: Database, zone: str, clock: Clock, vault: PersonalVault | None = None) -> int:
    """State what is known of the cast, once; return how many firms were judged. Persons are sealed, so they need the vault."""
    with database.begin() as uow:
        known = {row["key"]: directory(uow.connection).find(row["uscc"]) for row in rows("example_parties")}
        firms = {key: found.id for key, found in known.items() if found is not None and key in CLASSES}
        if not firms or any(evidence_of(uow.connection, each, limit=1) for each in firms.values()):
            return 0
        begun = clock.now().astimezone(SHANGHAI).date() - _AGO
        for key, firm in firms.items():
            for factor, value in CLASSES[key].items():
                state(uow, firm, Statement(factor, value, _ISSUERS[factor], MADE_UP, begun), "demo", clock)
        rejudge(uow, zone, sorted(firms.values()), clock)
        _lists(uow, zone, firms["cosmetics"], firms["milk"], clock)
        for key, given in _FOREIGN.items():
            note_foreign_grade(uow, firms[key], ForeignGrade(*given, MADE_UP, begun), None, clock)
        if vault is not None:
            _people(uow, vault, directory(uow.connection).by_id[firms["milk"]].uscc, begun, clock)
    return len(firms)


def _people(uow: UnitOfWork, vault: PersonalVault, firm: str, begun: date, clock: Clock) -> None:
    """A legal representative with a record, and a buyer whose identity was used by others."""
    capacity = PersonStatement(
        "钟某某", DIRECTOR, "legal_representative", "赣州市市场监督管理局（演示）", MADE_UP, begun, None, firm
    )
    state_about_person(uow, vault, capacity, None, clock)
    judged = PersonStatement("钟某某", DIRECTOR, "judgment_unpaid", "某人民法院（演示）", MADE_UP, begun)
    state_about_person(uow, vault, judged, None, clock)
    victim = PersonStatement("罗某某", VICTIM, "identity_stolen", "赣州海关（演示）", MADE_UP, begun)
    state_about_person(uow, vault, victim, None, clock)


def _lists(uow: UnitOfWork, zone: str, honoured: UUID, noticed: UUID, clock: Clock) -> None:
    codes = directory(uow.connection).by_id
    praise = Proposal(ListKind.RED, codes[honoured].uscc, "", "连续三年申报无差错，参与标准制定", MADE_UP)
    open_listing(uow, zone, praise, None, clock)
    doubt = Proposal(ListKind.NEGATIVE, codes[noticed].uscc, "", "两批货物收件信息涉嫌虚假，待核实", MADE_UP)
    number = open_listing(uow, zone, doubt, None, clock)
    appeal = "收件人为同一小区团购代收，已补充签收凭证。"
    take_step(uow, zone, number, Step.APPEAL, appeal, None, clock, enterprise_id=noticed)
    stranger = Proposal(ListKind.NEGATIVE, _STRANGER, "某虚构外贸有限公司（演示）", "冒用他人身份信息下单", MADE_UP)
    open_listing(uow, zone, stranger, None, clock)
