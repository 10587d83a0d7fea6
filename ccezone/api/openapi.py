"""The published description of the API: OpenAPI 3.1, made from the operations and schemas that serve the requests.

Texts are kept in both languages (``Words``) until the description is asked for in one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import Any

import flask_smorest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin
from marshmallow import Schema

from ccezone.api.describing import Converter
from ccezone.api.mounting import PROBLEMS, SECURITY
from schemas.codes import Locale, rows
from schemas.rest.answers import Problem
from schemas.rest.problems import MEDIA_TYPE
from schemas.rest.webhook_events import EVENTS
from schemas.rest.words import Words

VERSION = "3.1.0"
_TITLE = Words("跨境电商综试区线上综合服务平台接口", "API of the cross-border e-commerce pilot zone's service platform")
_INFO = Words(
    "企业系统报送三单、查询比对与清单、维护商品资料。令牌以 Authorization: Bearer 提供；"
    "错误为 application/problem+json，其代码是约定。",
    "Report bills, follow their matching and lists, keep products. Send the token as Authorization: Bearer; errors are "
    "application/problem+json and their codes are the contract.",
)
_TAKEN = Words("已收到，不再重发", "Taken: it is not sent again")
_GONE = Words("不再接收，推送地址随即停用", "Gone: the endpoint is disabled")
_SECONDS = Words("多少秒后重试", "Seconds after which to try again")


class _Plugin(MarshmallowPlugin):
    Converter = Converter


@dataclass
class Description:
    """The description of one application's API; made when it is first asked for."""

    app: Flask
    blueprint: Any
    tags: tuple[Words, ...]
    _made: dict[Locale, dict[str, Any]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def document(self, locale: Locale) -> dict[str, Any]:
        """Return the OpenAPI document in a language."""
        with self._lock:
            if locale not in self._made:
                self._made[locale] = said_in(_finished(self._spec().to_dict()), locale)
            return self._made[locale]

    def _spec(self) -> APISpec:
        spec = APISpec(
            title="ccezone",
            version="1",
            openapi_version=VERSION,
            plugins=[FlaskPlugin(), _Plugin()],
            info={"title": _TITLE, "description": _INFO},
            servers=[{"url": "/"}],
            tags=[{"name": tag.en, "x-label": tag} for tag in self.tags],
            webhooks={kind: _called(kind, schema) for kind, schema in EVENTS.items()},
        )
        for schema in EVENTS.values():
            spec.components.schema(schema.__name__, schema=schema)
        spec.components.security_scheme(SECURITY, {"type": "http", "scheme": "bearer"})
        for number, name in (*PROBLEMS.items(), (0, flask_smorest.Api.DEFAULT_ERROR_RESPONSE_NAME)):
            response: dict[str, Any] = {"description": HTTPStatus(number).phrase if number else "Problem"}
            response["content"] = {MEDIA_TYPE: {"schema": Problem}}
            if number == HTTPStatus.TOO_MANY_REQUESTS:
                response["headers"] = {"Retry-After": {"description": _SECONDS, "schema": {"type": "integer"}}}
            spec.components.response(name, response)
        self.blueprint.register_views_in_doc(flask_smorest.Api, self.app, spec, name=self.blueprint.name, parameters=[])
        return spec


def _called(kind: str, schema: type[Schema]) -> dict[str, Any]:
    """What a firm's endpoint is sent when something of this kind happens."""
    row = next(row for row in rows("webhook_kinds") if row["code"] == kind)
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema.__name__}"}}}
    return {
        "post": {
            "operationId": kind,
            "summary": Words(row["label_zh"], row["label_en"]),
            "description": Words(row["text_zh"], row["text_en"]),
            "requestBody": {"required": True, "content": content},
            "responses": {"2XX": {"description": _TAKEN}, "410": {"description": _GONE}},
        }
    }


def said_in(node: Any, locale: Locale) -> Any:
    """Return a copy of a description with every text in one language."""
    if isinstance(node, Words):
        return node.zh if locale == "zh" else node.en
    if isinstance(node, Mapping):
        return {key: said_in(value, locale) for key, value in node.items() if value is not None or key in ("value", "example")}
    if isinstance(node, list | tuple):
        return [said_in(value, locale) for value in node]
    return node


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    """Put in place what flask-smorest has no place for: headers of requests, links and other media types of answers."""
    for path in document["paths"].values():
        for operation in (each for each in path.values() if isinstance(each, dict)):
            operation.setdefault("parameters", []).extend(operation.pop("x-header-parameters", []))
            others, links = operation.pop("x-answers", []), operation.pop("x-links", {})
            good = [response for status, response in operation["responses"].items() if str(status).startswith("2")]
            for response in good:
                if others:
                    response.setdefault("content", {}).update({each: {} for each in others})
                if links:
                    response["links"] = links
    return document
