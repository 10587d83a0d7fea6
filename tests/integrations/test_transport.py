"""The session to counterparties: it waits only so long, checks certificates, can be traced, and tells logs no names."""

import logging

import pytest
import requests

from integrations import transport
from integrations.transport import CarefulRetry, redacted, redacted_headers
from tests.integrations.answers import Answers


def test_every_request_has_a_timeout_and_a_trace() -> None:
    line = Answers()
    line.session().get("http://x/")
    assert line.timeouts == [(transport.CONNECT_SECONDS, transport.READ_SECONDS)]
    assert line.asked[0].headers[transport.TRACE_HEADER].startswith("00-")


def test_a_trace_that_is_there_is_carried_on() -> None:
    line = Answers()
    line.session().get("http://x/", headers={transport.TRACE_HEADER: "00-aa-bb-01"})
    assert line.asked[0].headers[transport.TRACE_HEADER] == "00-aa-bb-01"


def test_each_server_is_reached_as_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "inside")
    made = transport.session()
    for _ in range(2):
        outside = made.merge_environment_settings("http://outside/x", {}, None, None, None)
        inside = made.merge_environment_settings("http://inside/x", {}, None, None, None)
        named = made.merge_environment_settings("http://outside/x", {"http": "http://other"}, None, None, None)
        assert (outside["proxies"]["http"], inside["proxies"].get("http")) == ("http://proxy:3128", None)
        assert named["proxies"]["http"] == "http://other"


def test_certificate_checks_cannot_be_switched_off() -> None:
    with pytest.raises(ValueError, match="certificate checks stay on"):
        transport.session(verify=False)
    assert transport.session().verify is True
    assert transport.session("/etc/bundle.pem").verify == "/etc/bundle.pem"


def test_only_what_is_safe_is_repeated() -> None:
    retry = CarefulRetry()
    assert retry.is_retry("GET", 503)
    assert not retry.is_retry("POST", 503)
    assert not retry.is_retry("GET", 500)
    assert retry.read == 0


def test_a_failure_is_logged_without_persons(caplog: pytest.LogCaptureFixture) -> None:
    line = Answers(failure=requests.ConnectionError("<buyerName>张三</buyerName> at 360702199001011234"))
    with caplog.at_level(logging.INFO), pytest.raises(requests.ConnectionError):
        line.session().post("http://x/")
    assert "http_failed" in caplog.text
    assert "张三" not in caplog.text
    assert "360702199001011234" not in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        "<ceb:consigneeAddress>张三</ceb:consigneeAddress>",
        '{"payerName": "张三"}',
        "buyerName=张三&x=1",
        "telephone: 张三",
    ],
)
def test_personal_values_are_hidden_in_every_spelling(text: str) -> None:
    assert "张三" not in redacted(text)
    assert "***" in redacted(text)


def test_credentials_are_hidden_among_headers() -> None:
    assert redacted_headers({"Authorization": "Bearer x", "Accept": "y"}) == {"Authorization": "***", "Accept": "y"}
