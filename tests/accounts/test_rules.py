"""Passwords, logins and roles."""

from uuid import UUID

import pytest

from ccezone.accounts.rules import FIRM, PERMISSIONS, Permission, Role, password_faults, user_faults


@pytest.mark.parametrize("weak", ["short", "1234567890", "Password123", "aaaaaaaaaaaa", "ababababab", "mei@example.org"])
def test_a_weak_password_is_refused(weak: str) -> None:
    assert password_faults(weak, "mei@example.org")


@pytest.mark.parametrize("good", ["three-parties-one-list", "橡木餐桌六把椅子一张单子"])
def test_a_long_unusual_password_is_taken_whatever_its_letters(good: str) -> None:
    assert password_faults(good, "mei@example.org") == []


def test_an_endless_password_is_refused() -> None:
    assert [fault.code for fault in password_faults("x1y2" * 1000, "mei@example.org")] == ["too_long"]


def test_firm_users_have_an_enterprise_and_office_users_none() -> None:
    assert user_faults("a@b.cn", "梅", Role.FIRM, UUID(int=1)) == []
    assert user_faults("a@b.cn", "关", Role.ZONE_OFFICER, None) == []
    assert [fault.code for fault in user_faults("a@b.cn", "梅", Role.FIRM, None)] == ["enterprise_for_firm_only"]
    assert [fault.code for fault in user_faults("a@b.cn", "关", Role.AUDITOR, UUID(int=1))] == ["enterprise_for_firm_only"]


def test_no_enterprise_permission_reaches_users_or_registrations() -> None:
    assert not FIRM & {Permission.USERS_WRITE, Permission.ENTERPRISES_WRITE, Permission.AUDIT_READ}


def test_an_auditor_changes_nothing_and_reveals_nothing() -> None:
    assert all(permission.endswith(":read") for permission in PERMISSIONS[Role.AUDITOR])
