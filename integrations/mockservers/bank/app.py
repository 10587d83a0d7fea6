"""The mock bank's HTTP face: instructions, notices, statements, bookings, switches."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from ccezone.kernel.clock import SHANGHAI, Clock, SystemClock
from integrations.mockservers.bank.plans import BadSwitch
from integrations.mockservers.bank.stating import make_statements
from integrations.mockservers.bank.store import BankStore, Conflict

_EXTENSION = "bank"
_MOST = 500
_ACTIONS = ("settle", "credit", "pend", "release", "return")
_NAMED = ("id", "reference", "action", "account", "bank_reference", "currency", "amount", "converts")
_BOOKED = ("account", "currency", "bank_reference", "amount", "value_date", "payer", "kind")
_BENCH = ("/switches", "/health/live", "/counts", "/bookings", "/statements/make")

pages = Blueprint("mock_bank", __name__)


@dataclass(frozen=True)
class _Bank:
    store: BankStore
    clock: Clock

    def now(self) -> datetime:
        return self.clock.now()


def create_app(store: BankStore, clock: Clock | None = None) -> Flask:
    """Build the application around a store."""
    app = Flask(__name__)
    app.extensions[_EXTENSION] = _Bank(store, clock or SystemClock())
    app.register_blueprint(pages)
    return app


def _bank() -> _Bank:
    bank = current_app.extensions[_EXTENSION]
    if not isinstance(bank, _Bank):
        raise TypeError(f"{_EXTENSION} is not running")
    return bank


@pages.before_request
def stumble() -> Response | None:
    """Be away, when switched so."""
    away = request.path not in _BENCH and _bank().store.switches().down
    return Response("down", HTTPStatus.SERVICE_UNAVAILABLE) if away else None


@pages.post("/instructions")
def receive() -> tuple[Response, int]:
    """Take an instruction; the same again is answered the same and does nothing."""
    said, bank = request.get_json(silent=True), _bank()
    if not isinstance(said, dict) or any(name not in said for name in _NAMED) or said["action"] not in _ACTIONS:
        return jsonify(error="an instruction has " + ", ".join(_NAMED)), HTTPStatus.BAD_REQUEST
    if not _is_amount(str(said["amount"])):
        return jsonify(error="amount"), HTTPStatus.BAD_REQUEST
    try:
        bank.store.take(said, bank.now())
    except Conflict as conflict:
        return jsonify(error=str(conflict)), HTTPStatus.CONFLICT
    if bank.store.lost():
        return jsonify(error="the answer was lost"), HTTPStatus.BAD_GATEWAY
    return jsonify(taken=said["id"]), HTTPStatus.OK


@pages.get("/notices")
def tell() -> Response:
    """Tell what became of instructions after a notice's number."""
    after, limit = request.args.get("after", 0, int), min(request.args.get("limit", 100, int), _MOST)
    return jsonify(notices=_bank().store.notices(after, limit, _bank().now()))


@pages.get("/statements")
def statements() -> Response:
    """Return the statements after a number; those of days that are over are made first."""
    bank = _bank()
    make_statements(bank.store, bank.now().astimezone(SHANGHAI).date() - timedelta(days=1))
    after, limit = request.args.get("after", 0, int), min(request.args.get("limit", 100, int), _MOST)
    return jsonify(statements=bank.store.statements(after, limit))


@pages.post("/statements/make")
def make() -> Response:
    """Make the statements of all days until today, as if it were over."""
    return jsonify(made=make_statements(_bank().store, _bank().now().astimezone(SHANGHAI).date()))


@pages.post("/bookings")
def book() -> tuple[Response, int]:
    """Book money on an account."""
    said = request.get_json(silent=True)
    if not isinstance(said, dict) or any(not isinstance(said.get(name), str) or not said[name] for name in _BOOKED):
        return jsonify(error="a booking has " + ", ".join(_BOOKED)), HTTPStatus.BAD_REQUEST
    if not _is_amount(said["amount"]) or not _is_day(said["value_date"]):
        return jsonify(error="amount or value_date"), HTTPStatus.BAD_REQUEST
    try:
        new = _bank().store.book(said)
    except Conflict as conflict:
        return jsonify(error=str(conflict)), HTTPStatus.CONFLICT
    return jsonify(booked=said["bank_reference"], new=new), HTTPStatus.OK


@pages.get("/switches")
def show_switches() -> Response:
    """Show the switches."""
    return jsonify(_bank().store.switches().to_json())


@pages.put("/switches")
def throw_switches() -> tuple[Response, int]:
    """Set the switches that are named, leave the others."""
    try:
        found = _bank().store.throw(request.get_json(force=True))
    except BadSwitch as bad:
        return jsonify(error=str(bad)), HTTPStatus.BAD_REQUEST
    return jsonify(found.to_json()), HTTPStatus.OK


@pages.get("/counts")
def counts() -> Response:
    """Count instructions, planned answers, notices, bookings, statements."""
    return jsonify(_bank().store.counts())


@pages.get("/health/live")
def live() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


def _is_amount(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and Decimal(text) != 0
    except InvalidOperation:
        return False


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
