import json
import socket
from pathlib import Path

import pytest

from schemas.messages.ceb.samples import sample, sample_transport
from schemas.messages.ceb.trades import party
from schemas.messages.dxp import encode
from tests.submit.conftest import Run
from tests.submit.hub import FakeHub, progress, taken

MERCHANT, PLATFORM, CARRIER = (party(key)["customs_code"] for key in ("furniture", "platform_export", "logistics_export"))
LINK = {"ebcCode": MERCHANT, "ebpCode": PLATFORM, "orderNo": "A-1", "logisticsCode": CARRIER, "logisticsNo": "W-1"}
PROBLEM = {"pointer": "/0/orderNo", "code": "too_long", "message": "too long", "remedy": "shorten it", "document": "A-1"}


@pytest.fixture
def order(tmp_path: Path) -> Path:
    path = tmp_path / "order.xml"
    path.write_bytes(sample("CEB303Message"))
    return path


def as_json(folder: Path, content: object) -> Path:
    path = folder / "bills.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_message_is_posted_with_the_token_of_the_sender_it_names(run: Run, hub: FakeHub, order: Path) -> None:
    result = run(order)
    assert result.exit_code == 0, result.output
    post = hub.asked[0]
    assert (post.path, post.token, post.media_type) == ("/api/v1/messages", "token-platform_export", "application/xml")
    assert post.body == order.read_bytes()
    assert "accepted 1, 重复 replayed 0, 拒绝 rejected 0" in result.output


def test_files_of_several_senders_go_out_in_one_call_each_in_its_own_name(
    run: Run, hub: FakeHub, order: Path, tmp_path: Path
) -> None:
    waybill = tmp_path / "waybill.xml"
    waybill.write_bytes(sample("CEB505Message"))
    assert run(order, waybill).exit_code == 0
    assert [asked.token for asked in hub.asked if asked.method == "POST"] == ["token-platform_export", "token-logistics_export"]


def test_a_message_in_a_transport_envelope_keeps_its_envelope(run: Run, hub: FakeHub, tmp_path: Path) -> None:
    path = tmp_path / "envelope.xml"
    path.write_bytes(encode(sample_transport()))
    assert run(path).exit_code == 0
    assert hub.asked[0].body == path.read_bytes()


def test_links_go_where_links_go_with_the_token_of_a_party_to_all_of_them(run: Run, hub: FakeHub, tmp_path: Path) -> None:
    other = {**LINK, "ebcCode": party("textiles")["customs_code"], "orderNo": "A-2"}
    assert run(as_json(tmp_path, [LINK, other])).exit_code == 0
    assert (hub.asked[0].path, hub.asked[0].token) == ("/api/v1/shipping-links", "token-platform_export")


def test_a_token_given_by_hand_is_the_one_that_is_used(run: Run, hub: FakeHub, order: Path) -> None:
    run(order, "--token", "mine")
    assert hub.asked[0].token == "mine"


def test_a_rejected_document_is_told_with_place_words_and_remedy_and_fails_the_call(run: Run, hub: FakeHub, order: Path) -> None:
    hub.will("POST", "/api/v1/messages", 202, taken(accepted=0, rejected=1, errors=[PROBLEM]))
    result = run(order, "--lang", "en")
    assert result.exit_code == 1
    assert "A-1 /0/orderNo: too long → shorten it" in result.output
    assert hub.asked[0].language == "en"


def test_a_delivery_refused_whole_is_told_with_its_line_and_the_other_files_still_go(
    run: Run, hub: FakeHub, order: Path, tmp_path: Path
) -> None:
    hub.will("POST", "/api/v1/messages", 422, {"detail": "bad", "errors": [{**PROBLEM, "line": 7}]})
    result = run(order, as_json(tmp_path, LINK))
    assert result.exit_code == 1
    assert f"{order}:7" in result.output
    assert [asked.path for asked in hub.asked if asked.method == "POST"] == ["/api/v1/messages", "/api/v1/shipping-links"]


def test_the_batch_is_followed_until_it_is_done(run: Run, hub: FakeHub, order: Path) -> None:
    for answered, done in ((0, False), (0, False), (1, True)):
        hub.will("GET", "/api/v1/batches/b-1", 200, progress(answered, done))
    result = run(order)
    assert [asked.method for asked in hub.asked] == ["POST", "GET", "GET", "GET"]
    assert "完成 done; 已匹配 matched 1, 海关已回执 answered 1" in result.output


def test_a_batch_that_waits_for_other_bills_is_left_after_the_given_time(run: Run, hub: FakeHub, order: Path) -> None:
    hub.will("GET", "/api/v1/batches/b-1", 200, progress(0, False))
    result = run(order, "--wait", "0.1")
    assert result.exit_code == 0
    assert "still waiting" in result.output


def test_an_unknown_token_is_one_clear_line(run: Run, hub: FakeHub, order: Path) -> None:
    hub.will("POST", "/api/v1/messages", 401, {"detail": "no", "errors": []})
    result = run(order)
    assert result.exit_code == 1
    assert "does not know this token (401)" in result.output
    assert "Traceback" not in result.output


def test_a_hub_that_does_not_run_is_one_clear_line(run: Run, order: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    result = run(order, url=f"http://127.0.0.1:{free}")
    assert result.exit_code == 1
    assert result.output.strip().splitlines() == [f"Error: http://127.0.0.1:{free}: 未运行或无法连接 not running or not reachable"]


def test_what_answers_but_is_no_hub_is_one_clear_line(run: Run, hub: FakeHub, order: Path) -> None:
    hub.will("POST", "/api/v1/messages", 200, b"<html>welcome</html>")
    result = run(order)
    assert result.exit_code == 1
    assert "no hub" in result.output


def test_a_sender_without_a_token_is_wrong_usage_that_names_it(run: Run, hub: FakeHub, tmp_path: Path) -> None:
    path = tmp_path / "payment.xml"
    path.write_bytes(sample("CEB403Message"))
    result = run(path)
    assert result.exit_code == 2
    assert party("payment_export")["customs_code"] in result.output
    assert hub.asked == []


@pytest.mark.parametrize("name", ["bills.pdf", "bills.xls", "bills"])
def test_other_files_are_wrong_usage_that_names_what_is_taken(run: Run, hub: FakeHub, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("x")
    result = run(path)
    assert result.exit_code == 2
    assert ".xml, .json" in result.output
    assert hub.asked == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("broken.xml", "<a", "not well-formed"),
        ("bomb.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DTD"),
        ("broken.json", "{", "JSON"),
        ("empty.json", "[]", "no document"),
        ("text.json", '"x"', "must be an object"),
    ],
)
def test_a_file_that_holds_no_bills_is_told_and_never_posted(
    run: Run, hub: FakeHub, tmp_path: Path, name: str, content: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    result = run(path, "--lang", "en")
    assert result.exit_code == 1
    assert f"{path}:" in result.output
    assert words in result.output
    assert hub.asked == []


def test_json_that_may_be_anything_asks_for_its_kind(run: Run, hub: FakeHub, tmp_path: Path) -> None:
    path = as_json(tmp_path, {"orderNo": "A-1"})
    assert run(path, "--token", "t").exit_code == 2
    assert run(path, "--token", "t", "--kind", "waybills").exit_code == 0
    assert hub.asked[0].path == "/api/v1/waybills"
