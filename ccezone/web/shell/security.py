"""Headers, forgery protection, body limit, rate limits (GB/T 22239-2019, 8.1.3.3; OWASP ASVS 5)."""

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

BODY_LIMIT = 51 * 1024 * 1024  # a workbook of 50 MB, and the form around it
FORM_LIMIT = 2 * 1024 * 1024

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def install(app: Flask, *, production: bool) -> None:
    """Configure cookies, limits and headers of an application."""
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        SESSION_COOKIE_NAME="ccezone_state",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf.init_app(app)
    limiter.init_app(app)
    headers = _headers(production=production)

    @app.after_request
    def protect(response: Response) -> Response:
        headers.set_headers(response)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _headers(*, production: bool) -> Secure:
    """No inline script, no inline style, nothing from elsewhere; pictures may be data addresses (Tabler's icons)."""
    policy = (
        ContentSecurityPolicy()
        .default_src("'self'")
        .img_src("'self'", "data:")
        .object_src("'none'")
        .base_uri("'self'")
        .form_action("'self'")
        .frame_ancestors("'none'")
    )
    return Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(31_536_000) if production else None,
        permissions=PermissionsPolicy().geolocation().camera().microphone(),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    )
