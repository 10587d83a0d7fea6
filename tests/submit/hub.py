"""A hub in name only: answers over HTTP what a test tells it to, and remembers what it was asked."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    token: str
    media_type: str
    language: str
    body: bytes


@dataclass
class FakeHub:
    """``answers`` by (method, path): the next one is given, the last one stays. Without one: accepted, and done at once."""

    url: str = ""
    answers: dict[tuple[str, str], list[tuple[int, object]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def will(self, method: str, path: str, status: int, body: object) -> None:
        """Queue an answer."""
        self.answers.setdefault((method, path), []).append((status, body))

    def answer(self, asked: Asked) -> tuple[int, object]:
        """Choose the answer to a request."""
        self.asked.append(asked)
        queued = self.answers.get((asked.method, asked.path))
        if queued:
            return queued.pop(0) if len(queued) > 1 else queued[0]
        if asked.method == "GET":
            return 200, progress()
        return 202, taken()


def taken(accepted: int = 1, rejected: int = 0, replayed: int = 0, errors: Sequence[object] = ()) -> dict[str, object]:
    """What the hub says of a batch it took."""
    return {"batch": "b-1", "accepted": accepted, "rejected": rejected, "replayed": replayed, "errors": list(errors)}


def progress(answered: int = 1, done: bool = True) -> dict[str, object]:
    """What the hub says of a batch it works on."""
    counts = {"documents": 1, "accepted": 1, "rejected": 0, "replayed": 0, "matched": answered, "answered": answered}
    return {"batch": "b-1", **counts, "done": done}


@contextmanager
def serving() -> Iterator[FakeHub]:
    """Serve a fake hub on a free port."""
    hub = FakeHub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536  # one packet an answer: two would wait for each other
        fake: ClassVar[FakeHub] = hub

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            media, language = self.headers.get("Content-Type", ""), self.headers.get("Accept-Language", "")
            status, content = self.fake.answer(Asked(self.command, self.path, token, media, language, body))
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
