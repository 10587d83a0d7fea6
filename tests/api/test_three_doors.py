"""Page, workbook and API judge alike: every field of every bill, every way a value can be wrong, from the one definition.

What is tried is made of the message's definition: a field or a rule that is added there is tried here by itself.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TypeAlias

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.web.shell.forms import field_of
from schemas.derive.workbook import sheet
from schemas.messages.ceb.definition import Field, definition
from schemas.messages.ceb.judging import Rule, rule
from schemas.rest.bills import HUB_FILLED
from schemas.rest.documents import spelled
from tests.api.conftest import Api
from tests.api.test_workbooks import XLSX, work
from tests.hub.bills import Bill, order, payment, waybill
from tests.hub.people import PASSWORD, let_in
from tests.workbooks.sheets import grid

pytestmark = pytest.mark.storage

BILLS = [order(), payment(), waybill(), order(1, "I"), payment(1, "I"), waybill(1, "I")]
PATHS = {"order": "orders", "payment": "payments", "waybill": "waybills"}
FILLED_IN = {("line", "gnum"), ("line", "currency")}  # a workbook numbers its lines, and takes the currency of the order
_NOTE = re.compile(r'<p class="field-error" id="([^"]+)-error">(.*?)</p>', re.DOTALL)
_SAID = re.compile(r'<span>(.*?)</span>(?: <span class="remedy">(.*?)</span>)?', re.DOTALL)

Place: TypeAlias = tuple[str, str]
"""Whether a field is the head's or a line's, and its element."""
Change: TypeAlias = tuple[Place, str]
Told: TypeAlias = tuple[str, str, str, str]
"""What a door says of a field: its name in the form, code, message, remedy."""


def wrong_values(demand: Rule) -> Iterator[str]:
    """Every way a value can break its rule; texts are as long as allowed where something else is wrong."""
    if demand.kind in ("decimal", "integer"):
        yield "12a"
        yield "1." + "1" * ((demand.decimals or 0) + 1)
        if demand.digits is not None:
            yield "9" * (demand.digits + 1)
        return
    if demand.max_length is not None:
        yield "X" * (demand.max_length + 1)
    if demand.min_length > 1:
        yield "X" * (demand.min_length - 1)
    if demand.codes:
        yield "?" * max(demand.min_length, 1)
    if demand.time_format:
        yield "9" * demand.time_length


def fields_of(bill: Bill) -> list[tuple[str, Field]]:
    """The fields a firm fills in, each with its part."""
    message = definition(bill.message_type)
    head = [("head", field) for field in message.head.written if field.element not in HUB_FILLED]
    return head + [("line", field) for field in (message.lines_node.written if message.lines_node else ())]


def rounds(bill: Bill) -> Iterator[Sequence[Change]]:
    """Changes to make to a good bill, many fields at once; an empty text leaves a field out.

    What must not be left out is, half of it at a time: a line of which nothing is left is no line.
    """
    known = [((part, field.element), rule(field, strict=True)) for part, field in fields_of(bill)]
    changes = [[(place, text) for text in wrong_values(demand)] for place, demand in known]
    yield from ([change for change in found if change] for found in zip_longest(*changes))
    needed = [(place, "") for place, demand in known if demand.required and place not in FILLED_IN]
    yield from (needed[::2], needed[1::2])


@dataclass
class Paper:
    """A bill as texts by element, head and only line apart."""

    bill: Bill
    head: dict[str, str]
    line: dict[str, str]

    @classmethod
    def of(cls, bill: Bill, changes: Sequence[Change]) -> "Paper":
        body = spelled(bill.message_type, bill.values)
        lines = body.pop("lines", None)
        line = lines[0] if isinstance(lines, list) and lines else {}
        head = {name: str(text) for name, text in body.items() if name not in HUB_FILLED}
        paper = cls(bill, head, {name: str(text) for name, text in line.items()})
        for (part, element), text in changes:
            (paper.head if part == "head" else paper.line)[element] = text
        return paper

    def by_api(self, api: Api) -> set[Told]:
        """What the API answers."""
        body: dict[str, object] = {name: text for name, text in self.head.items() if text}
        if self.line:
            body["lines"] = [{name: text for name, text in self.line.items() if text}]
        path = f"/{PATHS[self.bill.kind.value]}?flow={self.bill.flow}"
        answer = api.call("POST", path, self.bill.sender, [body])
        assert answer.status_code == 202, answer.text
        return told(answer.get_json()["errors"], "/0")

    def by_workbook(self, api: Api) -> set[Told]:
        """What comes back of an uploaded workbook."""
        columns = sheet(self.bill.message_type).columns
        cells = [(self.head if column.part == "head" else self.line).get(column.name, "") for column in columns]
        content = grid([[column.label_zh for column in columns], cells])
        path = f"/batches?message_type={self.bill.message_type}"
        place = api.post(path, content, self.bill.sender, XLSX).headers["Location"].removeprefix("/api/v1")
        work(api)
        answer = api.get(f"{place}/errors?limit=1000", self.bill.sender)
        assert answer.status_code == 200, answer.text
        return told(answer.get_json()["errors"], "")

    def by_page(self, browser: FlaskClient) -> set[tuple[str, str, str]]:
        """What stands beside the fields of the form: it shows no codes."""
        typed = {**self.head, **{f"lines-0-{name}": text for name, text in self.line.items()}}
        answer = browser.post(f"/bills/{self.bill.kind.value}/new/{self.bill.flow}", data=typed)
        assert answer.status_code == 422, answer.status
        notes = {name: _SAID.findall(note) for name, note in _NOTE.findall(answer.text)}
        return {(name, html.unescape(said), html.unescape(remedy)) for name, all_ in notes.items() for said, remedy in all_}


def told(errors: Sequence[Mapping[str, str]], before: str) -> set[Told]:
    """What a list of errors says, by the form's names of the fields."""
    return {(field_of(each["pointer"].removeprefix(before)), each["code"], each["message"], each["remedy"]) for each in errors}


def browser_of(api: Api, key: str) -> FlaskClient:
    """A browser in which one of the cast is signed in."""
    api.app.config.update(WTF_CSRF_ENABLED=False)
    login = f"{key.replace('_', '-')}@example.org"
    with api.hub.database.begin() as uow:
        let_in(uow, Invitation(login, key, Role.FIRM, api.hub.party(key).id), api.hub.clock)
    browser = api.app.test_client()
    assert browser.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 302
    return browser


@pytest.mark.parametrize("bill", BILLS, ids=lambda bill: bill.message_type)
def test_every_wrong_value_of_every_field_is_told_alike_by_page_workbook_and_api(api: Api, bill: Bill) -> None:
    browser = browser_of(api, bill.sender)
    for changes in rounds(bill):
        paper = Paper.of(bill, changes)
        said = paper.by_api(api)
        wrong = {element if part == "head" else f"lines-0-{element}" for (part, element), _ in changes}
        assert {field for field, *_ in said} == wrong, "each wrong value is told, and nothing else"
        assert paper.by_workbook(api) == said
        assert paper.by_page(browser) == {(field, message, remedy) for field, _, message, remedy in said}


def test_the_good_bills_that_are_spoiled_there_are_good(api: Api) -> None:
    for bill in BILLS:
        assert Paper.of(bill, ()).by_api(api) == set(), bill.message_type


def test_every_field_of_every_bill_is_spoiled_and_every_kind_of_fault_comes_up(api: Api) -> None:
    for bill in BILLS:
        tried = {place for place, _ in chain.from_iterable(rounds(bill))}
        assert tried == {(part, field.element) for part, field in fields_of(bill)}, bill.message_type
    codes = {code for bill in BILLS for changes in rounds(bill) for _, code, *_ in Paper.of(bill, changes).by_api(api)}
    assert codes == {
        *("required", "too_long", "wrong_length", "unknown_code", "bad_time"),
        *("not_a_number", "not_an_integer", "too_many_decimals", "too_many_digits"),
    }
