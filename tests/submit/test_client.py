import pytest

from ccezone.demo.posting import as_json
from ccezone.submission import Body, Client, HubUnreachable, Refusal
from ccezone.submission.bodies import XML, kind_of
from schemas.messages.ceb.samples import sample_values
from tests.submit.hub import FakeHub, taken

BODY = Body("messages", XML, b"<a/>")


def test_a_patient_client_tries_again_while_the_hub_is_busy(hub: FakeHub) -> None:
    hub.will("POST", "/api/v1/messages", 503, b"busy")
    hub.will("POST", "/api/v1/messages", 202, taken())
    client = Client(hub.url, patience=5)
    assert client.send(BODY, "t").accepted == 1
    client.close()
    assert len(hub.asked) == 2


def test_an_impatient_client_says_at_once_that_the_hub_is_busy(hub: FakeHub) -> None:
    hub.will("POST", "/api/v1/messages", 503, b"busy")
    client = Client(hub.url)
    with pytest.raises(Refusal, match="503"):
        client.send(BODY, "t")
    client.close()
    assert len(hub.asked) == 1


@pytest.mark.parametrize("url", ["nonsense", "http://", "ftp://127.0.0.1"])
def test_a_bad_address_is_not_tried_for_long(url: str) -> None:
    client = Client(url, patience=60)
    with pytest.raises(HubUnreachable, match="bad address"):
        client.send(BODY, "t")
    client.close()


@pytest.mark.parametrize(
    ("message_type", "kind"),
    [
        *[("CEB303Message", "orders"), ("CEB403Message", "payments"), ("CEB505Message", "waybills")],
        *[("CEB311Message", "orders"), ("CEB411Message", "payments"), ("CEB511Message", "waybills")],
    ],
)
def test_json_bills_of_each_kind_are_told_apart_by_their_elements(message_type: str, kind: str) -> None:
    (values,) = sample_values(message_type)
    bill = as_json(message_type, values)
    assert kind_of(bill) == kind
    assert kind_of({**bill, "appStatu": "2", "flow": "I"}) == kind  # a slip of the pen does not change what it is


def test_a_probe_tells_a_hub_from_something_else(hub: FakeHub) -> None:
    client = Client(hub.url)
    client.probe()
    hub.will("GET", "/health/live", 404, b"nothing here")
    with pytest.raises(HubUnreachable, match="no hub"):
        client.probe()
    client.close()
