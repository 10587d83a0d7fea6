"""The mock's HTTP face: the exchange platform's message and mailbox addresses, and the bench of switches."""

import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Any

import psycopg
from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request
from marshmallow import ValidationError

from integrations.mockservers.single_window import mailroom, registry
from integrations.mockservers.single_window.records import Record, order_key, waybill_key
from integrations.mockservers.single_window.responses import ACCEPTED, response
from integrations.mockservers.single_window.service import SingleWindowService
from integrations.mockservers.single_window.summing import serial
from integrations.mockservers.single_window.switches import drawn
from integrations.mockservers.single_window.unpacking import MAX_BYTES, BadEnvelope, envelope_of

_EXTENSION = "single_window"
_MAX_WAIT_SECONDS = 30.0
_MAX_MAILBOX = 200
_GARBAGE = b"<html><body>502 Bad Gateway</body></html>"

pages = Blueprint("mock_single_window", __name__, template_folder="templates")


def create_app(service: SingleWindowService) -> Flask:
    """Build the application around a running service."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES
    app.extensions[_EXTENSION] = service
    app.register_blueprint(pages)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(psycopg.OperationalError, _database_lost)
    return app


def _service() -> SingleWindowService:
    service = current_app.extensions[_EXTENSION]
    if not isinstance(service, SingleWindowService):
        raise TypeError(f"{_EXTENSION} is not running")
    return service


def _invalid(error: ValidationError) -> tuple[Response, int]:
    return jsonify(errors=error.messages), HTTPStatus.BAD_REQUEST


def _database_lost(_: psycopg.OperationalError) -> Response:
    return _unavailable()


def _unavailable() -> Response:
    return Response("down", HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "1"}, content_type="text/plain")


@pages.before_request
def stumble() -> Response | None:
    """Play the switches that concern the line itself."""
    switches = _service().switchboard.switches
    if not request.path.startswith("/dxp/"):
        return None
    if switches.slow_seconds:
        time.sleep(switches.slow_seconds)
    return _unavailable() if switches.down else None


@pages.after_request
def spoil(answer: Response) -> Response:
    """Give garbage for an answer, now and then, after the work is done."""
    share = _service().switchboard.switches.garbage
    if share and request.path.startswith("/dxp/") and drawn(f"{time.time_ns()}") < share:
        return Response(_GARBAGE, HTTPStatus.OK, content_type="text/html")
    return answer


@pages.post("/dxp/messages")
def receive() -> Response:
    """Take an envelope; answer once it is durable. The same envelope again is answered the same and does nothing."""
    service = _service()
    now = service.clock.now()
    try:
        envelope = envelope_of(request.get_data(), request.headers.get("Content-Encoding", ""), service)
    except BadEnvelope as error:
        return _xml(response(error.code, now, error.envelope, error.note))
    if mailroom.receive(service.connections, envelope, now):
        service.processor.wake()
    return _xml(response(ACCEPTED, now, envelope))


def _xml(body: bytes) -> Response:
    return Response(body, content_type="application/xml; charset=utf-8")


@pages.get("/dxp/mailbox/<receiver>")
def mailbox(receiver: str) -> Response:
    """Hand out the oldest messages that are not acknowledged, waiting up to ``wait`` seconds for one."""
    service = _service()
    limit = max(1, min(request.args.get("limit", 50, int), _MAX_MAILBOX))
    deadline = time.monotonic() + min(request.args.get("wait", 0.0, float), _MAX_WAIT_SECONDS)
    while True:
        posts = mailroom.pending(service.connections, service.dxp_id, receiver, limit, service.clock.now())
        left = deadline - time.monotonic()
        if posts or left <= 0:
            return Response(_listed(posts), content_type="application/json")
        with service.processor.delivered:
            service.processor.delivered.wait(min(left, 0.5))


def _listed(posts: Sequence[bytes]) -> list[bytes]:
    """Join messages, each of many kilobytes, without copying them."""
    commas = (part for post in posts for part in (b",", post))
    return [b'{"messages":[', *islice(commas, 1, None), b"]}"]


@pages.post("/dxp/mailbox/<receiver>/ack")
def acknowledge(receiver: str) -> Response:
    """Take messages off the mailbox."""
    ids = _body().get("ids")
    if not isinstance(ids, list) or not all(str(each).isdecimal() for each in ids):
        raise ValidationError({"ids": ["a list of message ids"]})
    return jsonify(acknowledged=mailroom.acknowledge(_service().connections, receiver, [int(each) for each in ids]))


@pages.put("/treatments/<enterprise>")
def treat(enterprise: str) -> Response:
    """Take the inspection share a zone office asks for (ours: no such message exists)."""
    switches = _service().switchboard.treat(enterprise, _body().get("inspection_share"))
    return jsonify(enterprise=enterprise, inspection_share=switches.treatments[enterprise])


@pages.get("/switches")
def show_switches() -> Response:
    """Show the switches."""
    return jsonify(_service().switchboard.switches.to_json())


@pages.put("/switches")
def throw_switches() -> Response:
    """Set the switches that are named, leave the others."""
    return jsonify(_service().switchboard.throw(_body()).to_json())


@pages.post("/arrivals")
def arrive() -> Response:
    """Let goods arrive at the site (``departed``: leave the country too), by waybill or order number, or all that rest."""
    service, body = _service(), _body()
    waybills = {waybill_key(str(each["carrier_code"]), str(each["waybill_no"])) for each in body.get("waybills", [])}
    with service.connections.transaction() as connection:
        orders = registry.find(connection, "order_key", {order_key(str(each)) for each in body.get("order_nos", [])})
        resting = registry.resting(connection) if body.get("all") else []
    waybills |= {record.waybill_key for record in (*orders, *resting) if record.layout.role == "list"}
    moved = service.processor.move("arrival", waybills)
    if body.get("departed"):
        service.processor.move("departure", waybills)
    return jsonify(moved=moved)


@pages.get("/counts")
def show_counts() -> Response:
    """Count documents, envelopes, and what waits."""
    with _service().connections.transaction() as connection:
        return jsonify(mailroom.counts(connection))


@pages.get("/documents")
def show_documents() -> Response:
    """Show the documents that name an order number, or the list with a list number."""
    order_no, list_no = request.args.get("order_no", ""), request.args.get("list_no", "")
    with _service().connections.transaction() as connection:
        found = registry.find(connection, "order_key", {order_key(order_no)} - {0})
        found += [each for each in registry.find(connection, "number", {serial(list_no)}) if each.list_no == list_no]
    return jsonify(documents=_shown(found))


@pages.get("/")
def home() -> str:
    """A page with the counts and the switches, in Chinese and English."""
    service = _service()
    with service.connections.transaction() as connection:
        counts = mailroom.counts(connection)
    return render_template("mock_single_window.html", counts=counts, switches=service.switchboard.switches.to_json())


@pages.get("/health/live")
def live() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


def _body() -> Mapping[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ValidationError({"_schema": ["a JSON object"]})
    return body


def _shown(records: Sequence[Record]) -> list[dict[str, object]]:
    return [
        {
            "message_type": record.layout.message_type,
            "status": record.status,
            "guid": record.head["guid"],
            "order_no": record.head.get("order_no", ""),
            "eport_no": record.eport_no,
            "list_no": record.list_no,
        }
        for record in sorted(records, key=lambda each: each.layout.number)
    ]
