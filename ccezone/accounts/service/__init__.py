"""Use cases of accounts: invite, accept, sign in and out, reset, disable, credentials, audit."""

from ccezone.accounts.rules import SEEN_AGAIN
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.credentials import IssuedCredential, issue_credential, revoke_credential
from ccezone.accounts.service.links import IssuedLink, accept, issue_link, request_reset
from ccezone.accounts.service.sessions import SignedIn, end_other_sessions, keep_alive, sign_in, sign_out
from ccezone.accounts.service.users import Invitation, change_password, choose_locale, create_user, invite, set_enabled

__all__ = [
    "SEEN_AGAIN",
    "Invitation",
    "IssuedCredential",
    "IssuedLink",
    "SignedIn",
    "accept",
    "change_password",
    "choose_locale",
    "create_user",
    "end_other_sessions",
    "invite",
    "issue_credential",
    "issue_link",
    "keep_alive",
    "record",
    "request_reset",
    "revoke_credential",
    "set_enabled",
    "sign_in",
    "sign_out",
]
