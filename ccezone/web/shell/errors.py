"""Error pages in the reader's language; problem+json (RFC 9457) under ``/api``."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from flask import Flask, Response, g, json, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ccezone.kernel.errors import NotAllowed, NotFound, Refused, Stale
from ccezone.web.shell.i18n import Language, language
from schemas.codes.problems import text
from schemas.rest import problems

_log = structlog.get_logger("ccezone.web")


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says: what happened, and what to do."""

    title: LazyString
    remedy: LazyString


WORDS = {
    400: Words(_l("请求无法处理"), _l("请返回上一页，刷新后重试。")),
    401: Words(_l("请先登录"), _l("登录后再打开本页。")),
    403: Words(_l("没有权限"), _l("您的账号不能打开本页。如需权限，请联系综试区管理人员。")),
    404: Words(_l("页面不存在"), _l("地址可能有误，或记录不属于您的企业。请从首页重新进入。")),
    405: Words(_l("不支持的操作"), _l("请从页面上的按钮进行操作。")),
    409: Words(_l("内容已被他人修改"), _l("请刷新页面，查看最新内容后重新修改。")),
    413: Words(_l("内容过大"), _l("单次上传不得超过 50 MB，请拆分后重新上传。")),
    422: Words(_l("无法办理"), _l("请按提示修改后重新提交。")),
    429: Words(_l("操作过于频繁"), _l("请稍候几分钟再试。")),
    500: Words(_l("系统出错"), _l("错误已记录。请稍后重试；如仍出现，请把下面的请求编号告知管理人员。")),
    503: Words(_l("服务暂不可用"), _l("请稍后重试。")),
}


def install(app: Flask) -> None:
    """Answer every error with a page, or with problem+json under ``/api``."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(NotFound, lambda _: _answer(404))
    app.register_error_handler(NotAllowed, lambda _: _answer(403))
    app.register_error_handler(Stale, lambda _: _answer(409))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Exception, _crashed)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    response = _answer(error.code or 500, allowed=getattr(error, "valid_methods", None) or ())
    for name, value in error.get_headers():
        if name in ("Retry-After", "Allow"):
            response.headers[name] = value
    return response


def _forged(_: CSRFError) -> ResponseReturnValue:
    return _answer(400, _l("页面已过期，请刷新后重新提交。"))


def _refused(error: Refused) -> ResponseReturnValue:
    """A refusal that a page did not show beside its form: say every reason."""
    return _answer(422, " ".join(" ".join(text(fault, language())) for fault in error.faults))


def _crashed(error: Exception) -> ResponseReturnValue:
    _log.error("request_crashed", request_id=g.get("request_id"), endpoint=request.endpoint, exc_info=error)
    return _answer(500)


def _answer(status: int, remedy: LazyString | str | None = None, allowed: Iterable[str] = ()) -> Response:
    words = WORDS.get(status, WORDS[500] if status >= 500 else WORDS[400])
    remedy = remedy or words.remedy
    if request.path.startswith("/api/"):
        response = _problem(status, allowed)
    else:
        reason = HTTPStatus(status).phrase
        page = render_template("shell/error.html", status=status, reason=reason, title=words.title, remedy=remedy)
        response = Response(page)
    response.status_code = status
    return response


def _problem(status: int, allowed: Iterable[str]) -> Response:
    """The answer of the API to what no resource of it answers itself."""
    spoken: Language = "en" if request.accept_languages.best_match(["zh", "en"], "zh") == "en" else "zh"
    number = g.get("request_id", "")
    named = ", ".join(sorted(allowed))
    fault = problems.plain(status, path=request.path, method=request.method, allowed=named, request_id=number)
    body = json.dumps(problems.problem(status, [fault], spoken, number), ensure_ascii=False)
    return Response(body, mimetype=problems.MEDIA_TYPE, headers={"Content-Language": spoken})
