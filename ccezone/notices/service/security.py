"""Security messages: what was done to an account or a credential, told to whom it belongs (GB/T 22239-2019, 8.1.4.3 audit)."""

from uuid import UUID

from ccezone.accounts.rules import Purpose
from ccezone.accounts.service import Audited
from ccezone.notices.service.notifying import Audience, Tidings, notify
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch

KINDS = {
    "credential.issue": "credential_issued",
    "credential.rotate": "credential_issued",
    "credential.revoke": "credential_revoked",
    "user.password": "password_changed",
    "link.accept": "password_changed",
    "second_factor.enable": "second_factor_changed",
    "second_factor.disable": "second_factor_changed",
}
_CREDENTIAL = "SELECT enterprise_id, name FROM api_credential WHERE id = %(id)s"
_LATEST_LINK = "SELECT purpose FROM one_time_link WHERE user_id = %(user)s AND used_at IS NOT NULL ORDER BY used_at DESC LIMIT 1"


def tell_security(uow: UnitOfWork, news: object) -> None:
    """Tell of an audited act when it is one of ``KINDS``; a first password, set by invitation, is no news."""
    if not isinstance(news, Audited) or news.action not in KINDS:
        return
    uow.session.flush()  # the row the act made may not be written yet
    subject_kind, _, subject = news.subject.partition(":")
    kind = KINDS[news.action]
    if subject_kind == "credential":
        for enterprise_id, name in fetch(uow.connection, _CREDENTIAL, {"id": UUID(subject)}):
            notify(uow, Audience(enterprise_id=enterprise_id), Tidings(kind, news.at, "credential", subject, {"name": name}))
        return
    first = news.action == "link.accept" and fetch(uow.connection, _LATEST_LINK, {"user": UUID(subject)}) == [(Purpose.INVITE,)]
    if not first:
        notify(uow, Audience(user_id=UUID(subject)), Tidings(kind, news.at, "account", subject))
