"""axe, as pages get it: half a megabyte of script, which a browser keeps compiled when it comes from an address.

A site that a test serves has it at ``PLACE``. Any other page is given the text, which is sent and compiled for each page anew.
"""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import BaseWSGIServer

PLACE = "/axe-core/axe.min.js"
_FOLDER = Path("node_modules/axe-core")
_LOAD = """
address => new Promise((loaded, failed) => {
    const script = Object.assign(document.createElement("script"), {src: address, onload: loaded, onerror: failed});
    document.head.append(script);
    script.remove();
})
"""
_sites: set[str] = set()


def serve_axe(server: BaseWSGIServer) -> str:
    """Let a server have axe beside its site; return the server's address."""
    assert server.app is not None
    server.app = SharedDataMiddleware(server.app, {"/axe-core": str(_FOLDER.absolute())}, cache_timeout=3600)
    address = f"http://127.0.0.1:{server.server_port}"
    _sites.add(address)
    return address


def bring_axe(page: Page) -> None:
    """Load axe into the page that is shown, unless it is there."""
    if page.evaluate("typeof axe") == "object":
        return
    if any(page.url.startswith(f"{site}/") for site in _sites):
        page.evaluate(_LOAD, PLACE)
    else:
        page.evaluate(_text())


@cache
def _text() -> str:
    return (_FOLDER / "axe.min.js").read_text(encoding="utf-8")
