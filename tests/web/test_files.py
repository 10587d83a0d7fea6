"""Files handed out keep their names on the way, whatever script they are in and whatever they contain."""

import pytest
from flask import Flask
from werkzeug.http import parse_options_header

from ccezone.web.shell.files import attachment


@pytest.mark.parametrize("name", ["orders.xlsx", "一月订单-待更正.xlsx", 'a "quoted"; name.csv', "Größe.csv", "two\r\nlines.csv"])
def test_a_file_keeps_its_name_in_a_header_of_ascii(name: str) -> None:
    with Flask(__name__).test_request_context():
        header = attachment(b"", name, "text/csv").headers["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    kind, names = parse_options_header(header)
    assert kind == "attachment"
    assert names["filename"] == name
