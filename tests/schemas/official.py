"""The official sample messages kept beside the tests (2018 and 202205 editions, synthetic data)."""

from pathlib import Path

FOLDER = Path(__file__).parent / "samples"
INVALID = FOLDER / "CEB603Message.202205-invalid.xml"
VALID = sorted(path for path in FOLDER.glob("*.xml") if path != INVALID)


def read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()
