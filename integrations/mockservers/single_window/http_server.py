"""A small HTTP server for a WSGI application: a thread a connection, kept open between requests.

The one that comes with Flask closes every connection and waits ten milliseconds for what might still come on it; the hub
makes thousands of requests.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import TypeAlias
from urllib.parse import unquote
from wsgiref.types import WSGIApplication, WSGIEnvironment

from integrations.mockservers.single_window.unpacking import MAX_BYTES

_log = logging.getLogger("mock.access")
_OWN_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_Headers: TypeAlias = list[tuple[str, str]]


class HttpServer(ThreadingHTTPServer):
    """Serves an application on ``host:port``; port 0 is a free one."""

    request_queue_size = 128

    def __init__(self, host: str, port: int, application: WSGIApplication) -> None:
        super().__init__((host, port), _Handler)
        self.application = application


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120  # seconds that a connection may be idle
    disable_nagle_algorithm = True
    server: HttpServer

    def respond(self) -> None:
        """Read the request whole, so that the next one begins where this one ends; run the application; write its answer."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > MAX_BYTES:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            self.close_connection = True
            return
        body = self.rfile.read(int(length))
        started: list[tuple[str, _Headers]] = []

        def start(status: str, headers: _Headers, _: object = None) -> Callable[[bytes], object]:
            started.append((status, headers))
            return self.wfile.write  # the old way to answer, which Flask does not use

        chunks = self.server.application(self._environment(body), start)
        try:
            self._write(*started[-1], [chunk for chunk in chunks if chunk])
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    do_GET = do_HEAD = do_POST = do_PUT = respond  # noqa: N815  # names the standard library wants

    def _environment(self, body: bytes) -> WSGIEnvironment:
        path, _, query = self.path.partition("?")
        environment: WSGIEnvironment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "iso-8859-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self.server.server_name,
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": None,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            environment[_OWN_NAMES.get(name.lower()) or f"HTTP_{name.upper().replace('-', '_')}"] = value
        return environment

    def _write(self, status: str, headers: _Headers, chunks: list[bytes]) -> None:
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(sum(map(len, chunks))))
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(chunk)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep quiet about each request."""
        _log.debug("%s %s %s", self.requestline, code, size)
