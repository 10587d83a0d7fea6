"""A site on which firms declare by form, and what a person types into it."""

from html import unescape
from re import findall, search

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.zone_site import zone_site

EXPORT = {
    "order_no": "FORM-0001",
    "platform_code": "无",
    "platform_name": "无",
    "currency": "502",
    "lines-0-item_no": "NIGHTSTAND",
    "lines-0-item_name": "木制床头柜",
    "lines-0-unit": "011",
    "lines-0-qty": "2",
    "lines-0-price": "46.80",
}
"""What a merchant types of an export, beyond what is known."""

GENERAL = {
    "declaration_no": "400320260000000001",
    "flow": "E",
    "trade_mode": "9710",
    "customs_code": "4003",
    "declared_on": "2026-01-04",
    "currency": "502",
    "total_value": "9000",
    "lines-0-hs_code": "9403609990",
    "lines-0-goods_name": "木制床头柜",
    "lines-0-qty": "100",
    "lines-0-unit": "011",
    "lines-0-total_price": "9000",
}
"""What a merchant records of a general declaration."""


declaring_site = zone_site
"""The site on which firms declare by form."""


def begun(browser: FlaskClient, mode: str = "9610/E") -> str:
    """Start a draft; return its address."""
    answer = browser.post(f"/declare/new/{mode}")
    assert answer.status_code == 302, answer.text
    return answer.location


def standing(page: str) -> dict[str, str]:
    """What stands in a form, as a browser would send it."""
    form = page[page.index('id="declaration"') :]
    form = form[: form.index("</form>")]
    values = {}
    for tag in findall(r"<input [^>]*>", form):
        name, value = search(r' name="([^"]*)"', tag), search(r' value="([^"]*)"', tag)
        if name and not name[1].startswith("q_"):
            values[unescape(name[1])] = unescape(value[1]) if value else ""
    for tag, options in findall(r"<select ([^>]*)>(.*?)</select>", form.replace("\n", " ")):
        name = search(r'name="([^"]*)"', tag)
        chosen = search(r'value="([^"]*)" selected', options)
        if name:
            values[name[1]] = chosen[1] if chosen else ""
    return values


def typed(browser: FlaskClient, address: str, do: str = "save", **values: str) -> TestResponse:
    """Type into a draft's form and press a button."""
    form = standing(browser.get(address).text)
    return browser.post(address, data={**form, **values, "do": do})
