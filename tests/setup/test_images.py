"""Dockerfile and compose.yaml: what they copy exists, what they run is a command, and the checks would notice otherwise."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import pytest
import yaml

from ccezone.cli import main

_ROOT = Path(__file__).resolve().parents[2]


def instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    """Each instruction's name and the rest of its (joined) line."""
    joined = re.sub(r"\\\n\s*", " ", "\n".join(line for line in dockerfile.splitlines() if not line.startswith("#")))
    for line in joined.splitlines():
        if line.strip():
            name, _, rest = line.partition(" ")
            yield name.upper(), rest.strip()


def missing_sources(dockerfile: str, root: Path) -> list[str]:
    """Sources that are copied from the checkout but are not there, or that .dockerignore keeps out."""
    allowed = {line[1:] for line in (root / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    missing = []
    for name, rest in instructions(dockerfile):
        words = shlex.split(rest)
        if name == "COPY" and not any(word.startswith("--from") for word in words):
            missing += [source for source in words[:-1] if not (root / source).exists() or source not in allowed]
    return missing


def command_fault(words: Sequence[str]) -> str | None:
    """Why ``ccezone WORDS`` is no command line, or ``None``. Nothing is run."""
    group: click.Command = main
    rest = list(words)
    context = click.Context(main, info_name="ccezone")
    try:
        while isinstance(group, click.Group):
            if not rest:
                return "no command"
            found = group.get_command(context, rest[0])
            if found is None:
                return f"no such command: {rest[0]}"
            group, rest = found, rest[1:]
        group.make_context(group.name, rest, parent=context).close()
    except click.ClickException as fault:
        return fault.format_message()
    return None


def services() -> Mapping[str, Mapping[str, object]]:
    loaded = yaml.safe_load((_ROOT / "compose.yaml").read_text())["services"]
    assert isinstance(loaded, dict)
    return loaded


def ours() -> list[str]:
    return [name for name, service in services().items() if service.get("image") == "ccezone"]


def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), _ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


def test_every_copied_source_exists() -> None:
    assert missing_sources((_ROOT / "Dockerfile").read_text(), _ROOT) == []


def test_a_source_that_is_not_there_is_seen() -> None:
    assert missing_sources("FROM x\nCOPY README.md scripts \\\n  ./\n", _ROOT) == ["scripts"]


def test_the_image_runs_a_command_that_exists_and_not_as_root() -> None:
    last: dict[str, str] = dict(instructions((_ROOT / "Dockerfile").read_text()))
    assert yaml.safe_load(last["ENTRYPOINT"]) == ["ccezone"]
    assert command_fault(yaml.safe_load(last["CMD"])) is None
    assert last["USER"].split(":")[0].isdigit()
    assert int(last["USER"].split(":")[0]) > 0
    assert "/health/live" in last["HEALTHCHECK"]


@pytest.mark.parametrize("name", ours())
def test_every_service_runs_a_command_that_exists(name: str) -> None:
    command = services()[name]["command"]
    assert isinstance(command, list)
    assert command_fault(command) is None


@pytest.mark.parametrize("words", [["wbe"], ["web", "--no-such-option"], ["mock", "nobody"], []])
def test_a_command_that_does_not_exist_is_seen(words: list[str]) -> None:
    assert command_fault(words) is not None


def test_compose_runs_every_part_of_the_system() -> None:
    first_words = {command[0] for service in services().values() if isinstance(command := service["command"], list)}
    assert first_words >= {"web", "worker", "scheduler", "migrate", "mock", "postgres"}


def test_every_listening_service_has_a_health_check_of_its_own_or_the_image_s() -> None:
    without = {name for name, service in services().items() if service.get("healthcheck") == {"disable": True}}
    assert without == {"migrate", "worker", "scheduler"}


def test_services_wait_only_for_services_that_exist() -> None:
    for service in services().values():
        awaited = service.get("depends_on", {})
        assert isinstance(awaited, dict)
        assert set(awaited) <= set(services())
