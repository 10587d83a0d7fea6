"""``ccezone submit``: post files of bills to a running hub and follow them until customs has answered."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from ccezone.demo.zone import load_logins
from ccezone.submission import Answer, Body, Client, Finding, HubUnreachable, Progress, Refusal, Rows, Unrecognised, read_body
from ccezone.submission.bodies import KINDS, WORKBOOKS
from ccezone.submission.client import DEFAULT_URL
from schemas.codes import Locale
from schemas.codes.problems import text

_POLL_SECONDS = 0.3
_BACK = "-to-mend"
_UNAUTHORISED, _NOT_FOUND = 401, 404


@dataclass(slots=True)
class Sent:
    """A file the hub took, and how far it has got."""

    name: str
    answer: Answer
    token: str
    progress: Progress | None = None


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", envvar="CCEZONE_URL", default=DEFAULT_URL, show_default=True, help="Address of the hub. 平台地址")
@click.option("--token", envvar="CCEZONE_TOKEN", help="API token; without it, the demo's token of the sender. 接口令牌")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CCEZONE_DATA",
    default=Path("var"),
    show_default=True,
    help="Data folder with the demo's credentials. 数据目录",
)
@click.option("--kind", type=click.Choice(KINDS), help="What a JSON file holds, where it is not plain. JSON 单据种类")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of findings. 语言")
@click.option("--wait", type=click.FloatRange(0), default=60.0, show_default=True, help="Seconds to follow the batches. 跟踪秒数")
def submit(files: tuple[Path, ...], url: str, token: str | None, data: Path, kind: str | None, lang: Locale, wait: float) -> None:
    """Post FILES (official XML, bare or in a DxpMsg; JSON bills; workbooks) and follow them to the end. 报送单据。

    Rows of a workbook that the hub sends back are saved beside it as NAME-to-mend.xlsx: mend them and submit that file.

    Exit status 0: everything was taken; 1: something was refused or the hub did not answer; 2: wrong usage.
    """
    bodies, good = _bodies(files, kind, lang)
    tokens = [_token(body, token, data) for _, body in bodies]
    client = Client(url, lang)
    try:
        sent: list[Sent] = []
        for (name, body), own in zip(bodies, tokens, strict=True):
            answer = _send(client, name, body, own)
            if answer is not None and body.resource == WORKBOOKS:
                answer = _take(client, Sent(name, answer, own), wait)
            good = good and answer is not None and not answer.rejected
            if answer is not None:
                sent.append(Sent(name, answer, own))
        _follow(client, [each for each in sent if each.answer.accepted], wait)
    except HubUnreachable as error:
        raise click.ClickException(str(error)) from error
    finally:
        client.close()
    sys.exit(0 if good else 1)


def _bodies(files: Sequence[Path], kind: str | None, lang: Locale) -> tuple[list[tuple[str, Body]], bool]:
    """Read all files before anything is sent; those that cannot be read are reported and left out."""
    bodies, good = [], True
    for path in files:
        try:
            bodies.append((str(path), read_body(path, kind)))
        except OSError as error:
            raise click.UsageError(f"{path}: {error.strerror}") from error
        except Unrecognised as unrecognised:
            if unrecognised.usage:
                raise click.UsageError(unrecognised.usage) from unrecognised
            good = False
            for line, fault in unrecognised.found:
                message, remedy = text(fault, lang)
                _report(str(path), Finding(fault.pointer, fault.code, message, remedy, line=line))
    return bodies, good


def _token(body: Body, given: str | None, data: Path) -> str:
    """The token to send with: the one given, else the demo's of the enterprise the file names as sender."""
    if given:
        return given
    logins = load_logins(data)
    for code in body.senders:
        for login in logins:
            if code in (login.code, login.uscc) and login.token:
                return login.token
    named = "、".join(body.senders) or "?"
    raise click.UsageError(
        f"没有 {named} 的令牌，请给出 --token 或 CCEZONE_TOKEN no token of {named}: give --token or CCEZONE_TOKEN"
    )


def _send(client: Client, name: str, body: Body, token: str) -> Answer | None:
    try:
        answer = client.send(body, token)
    except Refusal as refusal:
        if refusal.status == _UNAUTHORISED:
            raise click.ClickException(f"{name}: 令牌无效 the hub does not know this token (401)") from refusal
        click.echo(f"{name}: 拒收 refused ({refusal})")
        for finding in refusal.findings:
            _report(name, finding)
        return None
    if body.resource == WORKBOOKS:
        return answer
    fresh = answer.accepted - answer.replayed
    click.echo(f"{name}: 接受 accepted {fresh}, 重复 replayed {answer.replayed}, 拒绝 rejected {answer.rejected}  [{answer.batch}]")
    for finding in answer.findings:
        _report(name, finding)
    return answer


def _take(client: Client, sent: Sent, wait: float) -> Answer | None:
    """Follow a workbook until its rows are settled, and save those that come back. Returns counts of documents."""
    rows = _settled(client, sent, wait)
    if rows is None or not rows.over:
        click.echo(f"{sent.name}: 仍在处理 still being taken in  [{sent.answer.batch}]")
        return None
    taken = f"新收下 accepted {rows.accepted} + 重复 replayed {rows.replayed}"
    others = f"退回 sent back {rows.rejected} + 空行 blank {rows.blank}"
    click.echo(f"{sent.name}: {rows.rows} 行 rows = {taken} + {others}  [{sent.answer.batch}]")
    for finding in rows.findings:
        _report(sent.name, finding)
    if rows.rejected:
        path = Path(sent.name)
        back = path.with_name(f"{path.stem.removesuffix(_BACK)}{_BACK}.xlsx")
        back.write_bytes(client.result(sent.answer.batch, sent.token))
        click.echo(f"{sent.name}: 请更正后重新报送 mend and submit again: {back}")
    documents = sent.progress.accepted if sent.progress else 0
    return Answer(sent.answer.batch, documents, 0, rows.rejected) if rows.state == "done" else None


def _settled(client: Client, sent: Sent, wait: float) -> Rows | None:
    """Ask until the hub has settled the rows or the time is up."""
    deadline = time.monotonic() + wait
    with click.progressbar(length=100, label="读取 reading") as bar:
        while _ask(client, sent) and sent.progress and (rows := sent.progress.workbook):
            bar.update(max(rows.percent, 100 if rows.over else 0) - bar.pos)
            if rows.over or time.monotonic() > deadline:
                return rows
            time.sleep(_POLL_SECONDS)
    return None


def _report(name: str, finding: Finding) -> None:
    place = f"{name}:{finding.line}" if finding.line is not None else name
    subject = " ".join(filter(None, (finding.document, finding.pointer)))
    remedy = f" → {finding.remedy}" if finding.remedy else ""
    click.echo(f"  {place}: {subject + ': ' if subject else ''}{finding.message or finding.code}{remedy}")


def _follow(client: Client, sent: Sequence[Sent], wait: float) -> None:
    """Ask for each batch's progress until all are done or the time is up."""
    waiting = [each for each in sent if _ask(client, each)]
    if not waiting or not wait:
        return
    deadline = time.monotonic() + wait
    with click.progressbar(length=sum(each.answer.accepted for each in waiting), label="处理 processing") as bar:
        while True:
            bar.update(sum(_finished(each) for each in waiting) - bar.pos)
            open_ones = [each for each in waiting if each.progress and not each.progress.done]
            if not open_ones or time.monotonic() > deadline:
                break
            time.sleep(_POLL_SECONDS)
            for each in open_ones:
                _ask(client, each)
    for each in waiting:
        _conclude(each)


def _ask(client: Client, sent: Sent) -> bool:
    """Refresh one batch's progress; False where the hub does not tell (its token may write only)."""
    try:
        sent.progress = client.progress(sent.answer.batch, sent.token)
    except Refusal as refusal:
        if refusal.status != _NOT_FOUND:
            click.echo(f"{sent.name}: {refusal}")
        return False
    return True


def _finished(sent: Sent) -> int:
    if sent.progress is None:
        return 0
    return sent.answer.accepted if sent.progress.done else min(sent.progress.answered, sent.answer.accepted)


def _conclude(sent: Sent) -> None:
    if sent.progress is None:
        return
    state = "完成 done" if sent.progress.done else "仍在等待 still waiting (other bills, or customs)"
    click.echo(f"{sent.name}: {state}; 已匹配 matched {sent.progress.matched}, 海关已回执 answered {sent.progress.answered}")
