"""``ccezone message``: what a person at a terminal sees."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from ccezone.cli_message import message
from integrations.signatures import verify
from integrations.signatures.keys import PublicKeys
from schemas.messages.ceb import MESSAGE_TYPES, definition
from schemas.messages.checking import check
from tests.schemas.official import INVALID, VALID


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(message, [str(argument) for argument in arguments])


def test_check_tells_good_from_bad_by_line_element_and_exit_code() -> None:
    good = _run("check", VALID[1])
    assert (good.exit_code, good.output) == (0, f"{VALID[1]}: valid CEB311Message, 6 documents\n")
    bad = _run("check", VALID[1], INVALID)
    assert bad.exit_code == 1
    assert f"{INVALID}:721: BaseTransfer: element BaseTransfer is repeated\n" in bad.output
    assert "节点 BaseTransfer 重复" in _run("check", "--lang", "zh", INVALID).output


def test_check_without_files_or_with_a_missing_one_is_a_usage_error(tmp_path: Path) -> None:
    assert _run("check").exit_code == 2
    assert _run("check", tmp_path / "none.xml").exit_code == 2


def test_check_prints_doubts_as_warnings_and_stays_good() -> None:
    result = _run("check", VALID[0])
    assert result.exit_code == 0
    assert f"{VALID[0]}:27: warning: unit: code “aaa” is not in the list “Units of measure”\n" in result.output


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_a_round_trip_is_a_valid_message(path: Path) -> None:
    assert check(_run("roundtrip", path).stdout_bytes).errors == ()


def test_a_bad_file_has_no_round_trip() -> None:
    assert _run("roundtrip", INVALID).exit_code == 1


def test_xsd_prints_a_schema_or_the_types() -> None:
    etree.XMLSchema(etree.fromstring(_run("xsd", "CEB621Message").stdout_bytes))
    assert "CEB621Message" in _run("xsd").output
    assert _run("xsd", "CEB999Message").exit_code == 2


@pytest.mark.parametrize("message_type", [*MESSAGE_TYPES, "DxpMsg"])
def test_a_sample_of_every_type_is_valid(message_type: str) -> None:
    result = check(_run("sample", message_type).stdout_bytes)
    assert (result.message_type, result.errors, result.warnings) == (message_type, (), ())


@pytest.mark.parametrize("message_type", [each for each in MESSAGE_TYPES if definition(each).signature])
def test_a_sample_that_can_be_signed_carries_a_signature_that_verifies(message_type: str, tmp_path: Path) -> None:
    xml = _run("sample", message_type, "--keys", tmp_path).stdout_bytes
    assert verify(xml, PublicKeys(tmp_path / "public")).valid
    assert not verify(xml.replace(b"<ceb:appStatus>2", b"<ceb:appStatus>1"), PublicKeys(tmp_path / "public")).valid


def test_more_documents_than_a_message_holds_are_a_usage_error() -> None:
    assert _run("sample", "CEB711Message", "--documents", "2").exit_code == 2
    assert check(_run("sample", "CEB303Message", "--documents", "100").stdout_bytes).count == 100
