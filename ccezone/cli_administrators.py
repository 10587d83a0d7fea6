"""``ccezone administrators``: the first three people of an office, each with one power; later ones are added on the site."""

from pathlib import Path

import click

from ccezone.accounts.queries import search_users
from ccezone.accounts.rules import Role, UserStatus
from ccezone.accounts.service import Invitation, IssuedLink, invite
from ccezone.announcing import Announcer
from ccezone.cli_backup import DATA, main_database
from ccezone.kernel.clock import SystemClock
from ccezone.kernel.errors import Refused
from ccezone.storage import Database, UnitOfWork
from schemas.codes.problems import text

_NAMES = {Role.ADMIN: "系统管理员", Role.SECURITY_ADMIN: "安全管理员", Role.AUDIT_ADMIN: "审计管理员"}


@click.command()
@click.option("--system", required=True, help="E-mail of who adds people of the office. 系统管理员邮箱")
@click.option("--security", required=True, help="E-mail of who grants roles. 安全管理员邮箱")
@click.option("--audit", required=True, help="E-mail of who reads the audit trail. 审计管理员邮箱")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Address of the site. 平台地址")
@DATA
def administrators(system: str, security: str, audit: str, url: str, data: Path) -> None:
    """Invite the three administrators of an office that has none of a kind, and print their one-time links. 首次设立三员

    They must be three people: nobody holds two of the powers.
    """
    logins = {Role.ADMIN: system, Role.SECURITY_ADMIN: security, Role.AUDIT_ADMIN: audit}
    if len({login.strip().lower() for login in logins.values()}) < len(logins):
        raise click.UsageError("三名管理员须为三个人 the three administrators must be three people")
    with main_database(data) as address:
        database = Database(address, Announcer().subscriptions())
        try:
            with database.begin() as uow:
                links = _invited(uow, logins)
        except Refused as refused:
            raise click.ClickException("; ".join(" ".join(text(fault, "zh")) for fault in refused.faults)) from refused
        finally:
            database.close()
    for role, link in links.items():
        click.echo(f"{_NAMES[role]} {role} {link.login}: {url.rstrip('/')}/link/{link.token}")


def _invited(uow: UnitOfWork, logins: dict[Role, str]) -> dict[Role, IssuedLink]:
    """Invite for every power that nobody can use; raise when somebody can use them all."""
    links = {}
    for role, login in logins.items():
        if all(user.status == UserStatus.DISABLED for user in search_users(uow.connection, roles=[role])):
            links[role] = invite(uow, Invitation(login, _NAMES[role], role), None, SystemClock())
    if not links:
        raise click.ClickException("三员均已设立，请在网站上增减 all three are there: add and remove people on the site")
    return links
