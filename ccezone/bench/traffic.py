"""The load of the pipeline benchmark: signed messages of three parties, made beforehand, posted by a process of its own."""

import json
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue

import requests

from ccezone.kernel.clock import SHANGHAI
from integrations.signatures import KeyRing, Sm2Signer
from schemas.messages.ceb.samples import sample, sample_values
from schemas.messages.ceb.trades import party

PACK = 100
_EXPORT = (("CEB303Message", "platform_export"), ("CEB403Message", "payment_export"), ("CEB505Message", "logistics_export"))
_IMPORT = (("CEB311Message", "platform_import"), ("CEB411Message", "payment_import"), ("CEB511Message", "logistics_import"))


@dataclass(frozen=True, slots=True)
class Post:
    """One request to be made: the party's key, the path, the body."""

    party: str
    path: str
    content_type: str
    body: bytes


def write_traffic(folder: Path, keys: KeyRing, declarations: int, share_import: float, seed: int) -> int:
    """Write the requests of that many declarations as files and return how many requests there are."""
    folder.mkdir(parents=True)
    imports = int(declarations * share_import) // PACK * PACK
    start = datetime.now(SHANGHAI).replace(microsecond=0)
    number = 0
    for first in range(1, declarations - imports + 1, PACK):
        for post in _export_posts(keys, first, min(PACK, declarations - imports - first + 1), seed, start):
            number = _write(folder, number, post)
    for first in range(1, imports + 1, PACK):
        for message_type, sender in _IMPORT:
            number = _write(folder, number, _signed(keys, message_type, sender, first, PACK, seed, start))
    return number


def _export_posts(keys: KeyRing, first: int, count: int, seed: int, start: datetime) -> list[Post]:
    posts = [_signed(keys, message_type, sender, first, count, seed, start) for message_type, sender in _EXPORT]
    waybills = list(sample_values("CEB505Message", count, seed, first, start=start))
    orders = sample_values("CEB303Message", count, seed, first, start=start)
    links = [
        {
            "ebcCode": order["merchant_code"], "ebpCode": order["platform_code"], "orderNo": order["order_no"],
            "logisticsCode": waybill["carrier_code"], "logisticsNo": waybill["waybill_no"],
        }
        for order, waybill in zip(orders, waybills, strict=True)
    ]  # fmt: skip
    body = json.dumps(links, ensure_ascii=False).encode()
    return [*posts, Post("platform_export", "/api/v1/shipping-links?flow=E", "application/json", body)]


def _signed(keys: KeyRing, message_type: str, sender: str, first: int, count: int, seed: int, start: datetime) -> Post:
    signer = Sm2Signer(keys.pair(party(sender)["customs_code"]))
    body = signer.sign(sample(message_type, count, seed, first, start=start))
    return Post(sender, "/api/v1/messages", "application/xml", body)


def _write(folder: Path, number: int, post: Post) -> int:
    head = json.dumps([post.party, post.path, post.content_type]).encode()
    (folder / f"{number:07d}").write_bytes(head + b"\n" + post.body)
    return number + 1


def read_post(path: Path) -> Post:
    """Read one request back."""
    head, body = path.read_bytes().split(b"\n", 1)
    sender, where, content_type = json.loads(head)
    return Post(sender, where, content_type, body)


def post_all(folder: Path, url: str, tokens: dict[str, str], connections: int) -> list[float]:
    """Post every request over a few connections; return each one's seconds. Raises ``RuntimeError`` on any refusal."""
    queue: SimpleQueue[Path] = SimpleQueue()
    for path in sorted(folder.iterdir()):
        queue.put(path)
    seconds: list[float] = []
    failures: list[str] = []
    threads = [threading.Thread(target=_drain, args=(queue, url, tokens, seconds, failures)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} requests failed, the first: {failures[0]}")
    return seconds


def _drain(queue: SimpleQueue[Path], url: str, tokens: dict[str, str], seconds: list[float], failures: list[str]) -> None:
    with requests.Session() as session:
        session.trust_env = False
        while not failures:
            try:
                post = read_post(queue.get_nowait())
            except Empty:
                return
            headers = {"Authorization": f"Bearer {tokens[post.party]}", "Content-Type": post.content_type}
            began = time.perf_counter()
            answer = session.post(url + post.path, post.body, headers=headers, timeout=60)
            seconds.append(time.perf_counter() - began)
            if answer.status_code != 202 or answer.json()["rejected"]:
                failures.append(f"{answer.status_code} {answer.text[:500]}")


def main(arguments: Sequence[str]) -> None:
    """``python -m ccezone.bench.traffic FOLDER URL TOKENS CONNECTIONS``: post, print seconds of each request as JSON."""
    folder, url, tokens, connections = arguments
    found = post_all(Path(folder), url, json.loads(Path(tokens).read_text()), int(connections))
    print(json.dumps({"requests": len(found), "seconds": sorted(found)}))


if __name__ == "__main__":
    main(sys.argv[1:])
