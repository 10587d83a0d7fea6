"""Request ids, JSON log lines without personal data, and Prometheus figures."""

import logging
import re
import sys
import time

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

from ccezone.kernel.ids import uuidv7
from ccezone.web.shell.access import principal_or_none

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
_log = structlog.get_logger("ccezone.web")


def configure_logs(level: int = logging.INFO) -> None:
    """Write log events as JSON lines to standard error; for entry points, once per process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def install(app: Flask) -> CollectorRegistry:
    """Number, time, log and count every request; return the registry that ``/metrics`` shows."""
    registry = CollectorRegistry()
    requests = Counter("ccezone_http_requests", "HTTP requests", ["endpoint", "method", "status"], registry=registry)
    seconds = Histogram("ccezone_http_request_seconds", "Time to answer", ["endpoint"], registry=registry)

    @app.before_request
    def number() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.match(given) else str(uuidv7())
        g.started = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        spent = time.perf_counter() - g.get("started", time.perf_counter())
        response.headers["X-Request-Id"] = g.get("request_id", "")
        endpoint = request.endpoint or "unknown"
        requests.labels(endpoint, request.method, response.status_code).inc()
        seconds.labels(endpoint).observe(spent)
        if endpoint not in app.config["QUIET_ENDPOINTS"]:
            _note(endpoint, response.status_code, spent)
        return response

    return registry


def _note(endpoint: str, status: int, spent: float) -> None:
    """Log the endpoint, never the address: paths and queries may hold document numbers and names."""
    principal = principal_or_none()
    _log.info(
        "request",
        request_id=g.get("request_id"),
        endpoint=endpoint,
        method=request.method,
        status=status,
        milliseconds=round(spent * 1000, 1),
        actor=principal.actor if principal else None,
    )
