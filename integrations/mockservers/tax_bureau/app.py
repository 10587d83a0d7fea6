"""The mock bureau's HTTP face: messages, notices, switches, demands to pay back."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from ccezone.kernel.clock import Clock, SystemClock
from integrations.mockservers.tax_bureau.plans import BadSwitch, recovery, reversal
from integrations.mockservers.tax_bureau.store import BureauStore, Conflict

_EXTENSION = "tax_bureau"
_MOST = 500
_KINDS = ("submit", "answer", "withdraw", "repay", "account")
_BENCH = ("/switches", "/health/live", "/counts")

pages = Blueprint("mock_tax_bureau", __name__)


@dataclass(frozen=True)
class _Bureau:
    store: BureauStore
    clock: Clock

    def now(self) -> datetime:
        return self.clock.now()


def create_app(store: BureauStore, clock: Clock | None = None) -> Flask:
    """Build the application around a store."""
    app = Flask(__name__)
    app.extensions[_EXTENSION] = _Bureau(store, clock or SystemClock())
    app.register_blueprint(pages)
    return app


def _bureau() -> _Bureau:
    bureau = current_app.extensions[_EXTENSION]
    if not isinstance(bureau, _Bureau):
        raise TypeError(f"{_EXTENSION} is not running")
    return bureau


@pages.before_request
def stumble() -> Response | None:
    """Be away, when switched so."""
    away = request.path not in _BENCH and _bureau().store.switches().down
    return Response("down", HTTPStatus.SERVICE_UNAVAILABLE) if away else None


@pages.post("/messages")
def receive() -> tuple[Response, int]:
    """Take a message; the same again is answered the same and does nothing."""
    said, bureau = request.get_json(silent=True), _bureau()
    if not isinstance(said, dict) or said.get("kind") not in _KINDS or not isinstance(said.get("body"), dict):
        return jsonify(error="a message has id, kind, claim and body"), HTTPStatus.BAD_REQUEST
    owes_amount = said["kind"] in ("submit", "repay") and not said["body"].get("amount")
    if not said.get("id") or not said.get("claim") or owes_amount:
        return jsonify(error="id, claim or amount is missing"), HTTPStatus.BAD_REQUEST
    if not _written_well(said.get("written_at")):
        return jsonify(error="written_at is a moment with its zone"), HTTPStatus.BAD_REQUEST
    try:
        bureau.store.take(said, bureau.now())
    except Conflict as conflict:
        return jsonify(error=str(conflict)), HTTPStatus.CONFLICT
    if bureau.store.lost():
        return jsonify(error="the answer was lost"), HTTPStatus.BAD_GATEWAY
    return jsonify(taken=said["id"]), HTTPStatus.OK


def _written_well(written: object) -> bool:
    try:
        return written is None or datetime.fromisoformat(str(written)).tzinfo is not None
    except ValueError:
        return False


@pages.get("/notices")
def tell() -> Response:
    """Tell what happened after a notice's number."""
    after, limit = request.args.get("after", 0, int), min(request.args.get("limit", 100, int), _MOST)
    return jsonify(notices=_bureau().store.notices(after, limit, _bureau().now()))


@pages.post("/claims/<claim>/recovery")
def demand(claim: str) -> Response:
    """Demand a refund back, or offset it."""
    said = request.get_json(force=True)
    _bureau().store.demand(claim, recovery(str(said["amount"]), offset=bool(said.get("offset"))), _bureau().now())
    return jsonify(demanded=claim)


@pages.post("/claims/<claim>/reversal")
def reverse(claim: str) -> Response:
    """Find in a second check that a refund, or a part of it, was wrong."""
    said = request.get_json(force=True)
    _bureau().store.demand(claim, reversal(str(said["amount"])), _bureau().now())
    return jsonify(reversed=claim)


@pages.get("/switches")
def show_switches() -> Response:
    """Show the switches."""
    return jsonify(_bureau().store.switches().to_json())


@pages.put("/switches")
def throw_switches() -> tuple[Response, int]:
    """Set the switches that are named, leave the others."""
    try:
        found = _bureau().store.throw(request.get_json(force=True))
    except BadSwitch as bad:
        return jsonify(error=str(bad)), HTTPStatus.BAD_REQUEST
    return jsonify(found.to_json()), HTTPStatus.OK


@pages.get("/counts")
def counts() -> Response:
    """Count messages, claims, planned steps, notices."""
    return jsonify(_bureau().store.counts())


@pages.get("/health/live")
def live() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")
