"""Open data by API: no token, one content at one address, kept by caches, read by any site; the dictionary names every field."""

import csv
import io

import pytest

from ccezone.statistics.queries.open_data import TABLES
from tests.api.conftest import Api, problem
from tests.statistics.returned import compiled, traded
from tests.statistics.test_returns import published

pytestmark = pytest.mark.storage


def test_every_table_comes_as_json_and_csv_with_the_fields_of_its_dictionary(api: Api) -> None:
    traded(api.hub)
    published(api.hub, compiled(api.hub))
    listed = api.client.get("/api/v1/open-data").get_json()
    assert [each["name"] for each in listed["tables"]] == list(TABLES)
    assert listed["least_firms"] == 3
    for each in listed["tables"]:
        told = api.client.get(each["json"])
        rows = told.get_json()["rows"]
        names = [field["name"] for field in api.client.get(each["dictionary"]).get_json()["fields"]]
        heads, *lines = csv.reader(io.StringIO(api.client.get(each["csv"]).data.decode("utf-8-sig")))
        assert heads == names
        assert len(lines) == len(rows)
        assert all(list(row) == names for row in rows)
        assert (told.headers["Access-Control-Allow-Origin"], told.cache_control.max_age) == ("*", 300)
        again = api.client.get(each["json"], headers={"If-None-Match": told.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    months = api.client.get("/api/v1/open-data/months")
    assert [row["period"] for row in months.get_json()["rows"]] == ["2026-01", "2026-01"]
    assert all((row["value"] is None) is row["withheld"] for row in months.get_json()["rows"])
    assert months.last_modified is not None
    assert "Access-Control-Allow-Origin" not in api.get("/codes").headers
    problem(api.client.get("/api/v1/open-data/secrets"), 404)
    problem(api.client.get("/api/v1/open-data/months?since=x"), 422)
