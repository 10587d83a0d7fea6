"""``ccezone code check`` tells in both languages, and by its exit status."""

import pytest
from click.testing import CliRunner

from ccezone.cli_code import code


@pytest.mark.parametrize(
    ("kind", "value", "status", "words"),
    [
        ("uscc", "91310115MA1K3BTP2B", 0, "有效 valid"),
        ("uscc", "91310115MA1K3BTP2A", 1, "position 18 should be B"),
        ("resident-id", "11010519491231002X", 0, "有效 valid"),
        ("resident-id", "110105194912310021", 1, "末位应为“X”"),
        ("hs", "9503008900", 0, "有效 valid"),
        ("hs", "9503.0089.00", 1, "不含分隔符"),
        ("customs-registration", "1105910159", 0, "有效 valid"),
        ("customs-registration", "11059", 1, "must be 10 long"),
        ("hs", "", 1, "10位数字"),
        ("passport", "G12345678", 2, "passport"),
    ],
)
def test_a_code_is_judged_with_a_reason_and_an_exit_status(kind: str, value: str, status: int, words: str) -> None:
    result = CliRunner().invoke(code, ["check", kind, value])
    assert result.exit_code == status
    assert words in result.output
