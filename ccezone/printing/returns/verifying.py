"""Verifying a return's file: take its snapshot out, render it again, compare every byte before the seal, and judge the seal."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import orjson

from ccezone.printing.documents import Locale
from ccezone.printing.returns.document import ATTACHED, render_return
from ccezone.statistics.ports import ReturnSeal
from ccezone.statistics.queries.return_document import LAYOUT, LAYOUTS
from ccezone.statistics.rules.returns import differing

Render = Callable[[bytes, Locale], bytes]
_MOST = 5
_OTHER_LAYOUT = (
    "文件按版式 {drawn} 生成，本版本按版式 {ours} 重现，字节无从比较；请用当时的版本核验，或只看签章与数字 "
    "made by layout {drawn}, while this version renders layout {ours}: bytes cannot be compared; verify with the version of that "
    "time, or go by the seal and the figures"
)
_UNREADABLE = (KeyError, IndexError, TypeError, AttributeError, ValueError)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and whether it holds."""

    zh: str
    en: str
    holds: bool
    detail: str = ""


def verify_return(
    content: bytes, seal: ReturnSeal, registered: bytes | None, *, told: bool, render: Render = render_return
) -> Sequence[Finding]:
    """Look at everything a file claims. ``registered``: the hub's snapshot of that return; ``told``: whether the hub was asked."""
    carried = snapshot_in(content)
    if carried is None:
        return [Finding("文件含统计快照", "the file carries a snapshot", holds=False)]
    found = [_bytes(content, carried, render), *_seal(content, seal)]
    if told:
        found.append(_figures(carried, registered))
    return found


def snapshot_in(content: bytes) -> bytes | None:
    """Take the snapshot out of a file; ``None`` where there is none, or the file cannot be read."""
    try:
        names = _root(content)["/Names"]["/EmbeddedFiles"]["/Names"]
        for at in range(0, len(names), 2):
            if str(names[at]) == ATTACHED:
                found: bytes = names[at + 1]["/EF"]["/F"].data
                return found
    except _UNREADABLE:
        return None
    return None


def _root(content: bytes) -> Any:
    """Return the catalogue of a file. Raises ``ValueError`` where it cannot be read."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return PdfFileReader(io.BytesIO(content)).root
    except PdfError as error:
        raise ValueError(str(error)) from error


def _bytes(content: bytes, carried: bytes, render: Render) -> Finding:
    """Compare what stands before the seal with a fresh rendering, in whichever language it is."""
    zh, en = "逐字节重现", "every byte before the seal equals a fresh rendering"
    try:
        snapshot = orjson.loads(carried)
        made = {tool: version(tool) for tool in snapshot["made_with"]}
        fresh = {locale: render(carried, locale) for locale in _likely(content)}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, StopIteration) as error:
        return Finding(zh, en, holds=False, detail=repr(error))
    if any(content.startswith(each) for each in fresh.values()):
        return Finding(zh, en, holds=True)
    if (drawn := str(snapshot.get("layout"))) not in LAYOUTS:
        return Finding(zh, en, holds=False, detail=_OTHER_LAYOUT.format(drawn=drawn, ours=LAYOUT))
    first = max(_alike(content, each) for each in fresh.values())
    others = [f"{tool} {told} → {made[tool]}" for tool, told in snapshot["made_with"].items() if made[tool] != told]
    return Finding(zh, en, holds=False, detail="; ".join([f"第一处不同 first difference at byte {first}", *others]))


def _likely(content: bytes) -> Sequence[Locale]:
    """Return the languages a file may be in: the one it says, else both."""
    try:
        said = str(_root(content).get("/Lang", ""))
    except _UNREADABLE:
        said = ""
    return ("zh",) if said.startswith("zh") else ("en",) if said.startswith("en") else ("zh", "en")


def _alike(one: bytes, other: bytes) -> int:
    """Return how many bytes two files have in common from the front."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def _seal(content: bytes, seal: ReturnSeal) -> Sequence[Finding]:
    try:
        found = seal.look(content)
    except ValueError as error:
        return [Finding("电子签章", "seal", holds=False, detail=str(error))]
    if found is None:
        return [Finding("电子签章", "seal", holds=False, detail="没有签章 the file is not sealed")]
    return [
        Finding("签章完好", "no sealed byte was changed", holds=found.intact),
        Finding("签章覆盖全文", "the seal covers the whole file", holds=found.whole),
        Finding("签章人", "signer", holds=found.known, detail=f"{found.signer} {found.fingerprint}"),
    ]


def _figures(carried: bytes, registered: bytes | None) -> Finding:
    zh, en = "数字与平台一致", "figures equal the hub's"
    if registered is None:
        return Finding(zh, en, holds=False, detail="平台没有这份报表 the hub knows no such return")
    if carried == registered:
        return Finding(zh, en, holds=True)
    try:
        places = differing(orjson.loads(registered), orjson.loads(carried))
    except orjson.JSONDecodeError:
        places = ["/"]
    return Finding(zh, en, holds=False, detail=", ".join(places[:_MOST]))
