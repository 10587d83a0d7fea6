"""Workbooks at the API: posted, followed, mended, posted again."""

import json
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from ccezone.background.service import run_next_job
from ccezone.bills.service.workbooks import JOB, TakeWorkbookIn
from integrations.workbooks import SheetWorkbooks
from tests.api.conftest import Api, problem
from tests.enterprises.authorities import authorise
from tests.workbooks.sheets import csv_text, orders, xlsx

pytestmark = pytest.mark.storage
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNIT = "计量单位"


def work(api: Api) -> None:
    """Let a worker do what waits."""
    hub = api.hub
    handler = TakeWorkbookIn(hub.database, hub.vault, hub.clock, hub.deliveries, SheetWorkbooks())
    while run_next_job(hub.database, {JOB: handler}, hub.clock):
        pass


def get(api: Api, path: str, **headers: str) -> TestResponse:
    """Ask in the name of the platform."""
    return api.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {api.token()}", **headers})


def spoiled(count: int) -> list[dict[str, object]]:
    """Rows of orders, the first order's with a unit that does not exist."""
    rows = orders(count)
    first = list(rows[0].values())[2]
    return [row | {UNIT: "999"} if list(row.values())[2] == first else row for row in rows]


def test_an_upload_is_followed_to_its_end_and_its_counts_add_up(api: Api) -> None:
    rows = spoiled(3)
    bad = sum(row[UNIT] == "999" for row in rows)
    answer = api.post("/batches", xlsx(rows), media_type=XLSX)
    assert (answer.status_code, answer.get_json()["state"]) == (202, "waiting")
    place = answer.headers["Location"].removeprefix("/api/v1")
    waiting = get(api, place).get_json()
    assert (waiting["kind"], waiting["done"], waiting["workbook"]["percent"]) == (None, False, None)
    work(api)
    found = get(api, place).get_json()
    counts = found["workbook"]
    assert (found["kind"], found["documents"], found["accepted"], found["rejected"]) == ("order", 3, 2, 1)
    assert counts["rows"] == len(rows) == counts["accepted"] + counts["replayed"] + counts["rejected"] + counts["blank"]
    assert counts["rejected"] == bad
    errors = get(api, f"{place}/errors").get_json()
    assert ({each["code"] for each in errors["errors"]}, errors["next"]) == ({"unknown_code"}, None)
    assert errors["errors"][0]["row"] == 2


def test_what_comes_back_is_a_workbook_to_mend_and_post_again(api: Api) -> None:
    place = api.post("/batches", xlsx(spoiled(2)), media_type=XLSX).headers["Location"].removeprefix("/api/v1")
    work(api)
    back = get(api, f"{place}/errors", Accept=XLSX)
    assert back.mimetype == XLSX
    cells = CalamineWorkbook.from_object(BytesIO(back.data)).get_sheet_by_index(0).to_python()
    mended = "\n".join(",".join(str(cell).replace("999", "011") for cell in row[4:]) for row in cells)
    api.post("/batches", mended.encode(), media_type="text/csv")
    work(api)
    assert api.hub.count("order_version") == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_taken_in_every_usual_spelling(api: Api, encoding: str, separator: str) -> None:
    api.post("/batches", csv_text(orders(2), separator).encode(encoding), media_type="text/csv")
    work(api)
    assert api.hub.count("order_version") == 2


def test_a_form_may_carry_the_file(api: Api) -> None:
    answer = api.client.post(
        "/api/v1/batches?message_type=CEB303Message",
        data={"file": (BytesIO(xlsx(orders(1))), "一月.xlsx")},
        headers={"Authorization": f"Bearer {api.token()}", "Idempotency-Key": "january"},
    )
    assert answer.status_code == 202, answer.text
    work(api)
    assert get(api, f"/batches/{answer.get_json()['batch']}").get_json()["workbook"]["name"] == "一月.xlsx"


def test_the_same_key_uploads_once(api: Api) -> None:
    token, content = api.token(), xlsx(orders(1))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "january", "Content-Type": XLSX}
    first, second = (api.client.post("/api/v1/batches", data=content, headers=headers) for _ in range(2))
    assert (second.get_json()["batch"], second.headers["Idempotent-Replayed"]) == (first.get_json()["batch"], "true")
    assert api.hub.count("background_job") == 1


def test_another_firms_upload_looks_like_none(api: Api) -> None:
    place = api.post("/batches", xlsx(orders(1)), media_type=XLSX).headers["Location"]
    rival = api.token("furniture")
    for path in (place, f"{place}/errors"):
        answer = api.client.get(path, headers={"Authorization": f"Bearer {rival}"})
        assert [error["code"] for error in problem(answer, 404)] == ["batch_not_found"]


def test_an_agent_sees_uploads_of_the_flows_it_is_let_see(api: Api) -> None:
    place = api.post("/batches", xlsx(spoiled(1)), "furniture", XLSX).headers["Location"].removeprefix("/api/v1")
    owner = api.hub.party("furniture").uscc
    authorise(api.hub, flows=["I"])
    for _ in ("waiting", "read"):
        for path in (place, f"{place}/errors"):
            assert [error["code"] for error in problem(api.get(path, "agent", On_Behalf_Of=owner), 404)] == ["batch_not_found"]
        work(api)
    assert api.get(place).get_json()["flow"] == "E"


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"", XLSX, 422, "file_empty"),
        (b"\x00\x01\x02", XLSX, 422, "file_kind"),
        (b"%PDF-1.7", XLSX, 422, "file_kind"),
        (b"{}", "application/json", 415, "unsupported_media_type"),
    ],
)
def test_what_is_no_table_is_refused_at_once(api: Api, body: bytes, media_type: str, status: int, code: str) -> None:
    assert [error["code"] for error in problem(api.post("/batches", body, media_type=media_type), status)] == [code]
    assert api.hub.count("background_job") == 0


def test_a_file_that_cannot_be_read_fails_as_a_whole_and_says_why(api: Api) -> None:
    place = api.post("/batches", b"a,b\n1,2\n", media_type="text/csv").headers["Location"].removeprefix("/api/v1")
    work(api)
    found = get(api, place).get_json()["workbook"]
    assert (found["state"], [error["code"] for error in found["errors"]]) == ("failed", ["workbook_no_heading"])
    assert json.dumps(found)


def test_templates_come_in_both_languages(api: Api) -> None:
    for language, heading in (("zh", "币制"), ("en", "Currency")):
        answer = get(api, f"/workbooks/CEB303Message?language={language}")
        assert answer.mimetype == XLSX
        assert heading in CalamineWorkbook.from_object(BytesIO(answer.data)).get_sheet_by_index(0).to_python()[0]
    assert get(api, "/workbooks/CEB999Message").status_code == 404
