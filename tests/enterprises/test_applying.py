"""Applying to be registered, deciding, mending, amending; certificates that verify."""

from datetime import date

import pytest
from sqlalchemy import text

from ccezone.accounts.queries import audit_of, search_users
from ccezone.enterprises.queries import directory, live_paper, paper
from ccezone.enterprises.queries.applications import known_of, steps_of
from ccezone.enterprises.queries.licences import licences_of, profile_of
from ccezone.enterprises.rules.applying import Licence
from ccezone.enterprises.rules.changing import changes
from ccezone.enterprises.rules.checking import Tone, findings
from ccezone.enterprises.service import (
    add_licence,
    certify,
    open_by_code,
    open_by_link,
    refuse,
    registered,
    renew_link,
    save_section,
    send_back,
    start_amendment,
    withdraw,
)
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import Refused, Stale
from ccezone.storage import Database
from ccezone.storage.copying import run
from ccezone.storage.personal import PersonalVault
from tests.enterprises.applications import FACTS, OFFICER_AT_WORK, PEOPLE, REQUIRED, USCC, Desk

pytestmark = pytest.mark.storage


@pytest.fixture
def desk(database: Database, clock: FixedClock) -> Desk:
    return Desk(database, clock, PersonalVault(bytes(32)))


def test_an_approval_registers_the_firm_with_its_people_licences_and_first_user(desk: Desk) -> None:
    approved = desk.approve(desk.submitted())
    with desk.database.reading() as connection:
        firm = directory(connection).find(USCC)
        profile = profile_of(connection, desk.vault, approved.enterprise_id)
        [licence] = licences_of(connection, approved.enterprise_id)
        [user] = search_users(connection, enterprise_id=approved.enterprise_id)
    assert firm is not None
    assert firm.active
    assert firm.roles == {"merchant"}
    assert profile is not None
    assert profile.facts["goods_categories"] == "家具"
    assert profile.personal["contact_name"] == "张三丰"
    assert licence.expires_on == date(2030, 4, 30)
    assert approved.link is not None
    assert user.login == approved.link.login == "zhang@example.org"


def test_a_draft_opens_by_its_code_and_by_a_link_that_works_once(desk: Desk) -> None:
    started = desk.draft()
    with desk.database.begin() as uow:
        assert open_by_code(uow, started.reference.lower(), started.code.lower()) == started.id
        assert open_by_code(uow, started.reference, "AAAA-AAAA-AAAA-AAAA") is None
        assert open_by_code(uow, "BA00000000XXXXXX", started.code) is None
        assert open_by_link(uow, started.link, desk.clock) == started.id
        assert open_by_link(uow, started.link, desk.clock) is None


def test_a_lost_link_is_renewed_for_the_mail_address_it_belongs_to_and_ends_after_two_days(desk: Desk) -> None:
    started = desk.draft()
    with desk.database.begin() as uow:
        assert renew_link(uow, desk.vault, started.reference, "thief@example.org", desk.clock) is None
        renewed = renew_link(uow, desk.vault, started.reference, "Zhang@example.org", desk.clock)
        assert renewed is not None
        assert open_by_link(uow, started.link, desk.clock) is None
        desk.clock.advance(hours=49)
        assert open_by_link(uow, renewed.link, desk.clock) is None


def test_nothing_personal_is_stored_in_clear(desk: Desk) -> None:
    desk.approve(desk.submitted())
    with desk.database.engine.connect() as connection:
        for table in ("application", "application_step", "enterprise", "issued_paper", "audit_entry"):
            stored = connection.execute(text(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%张三丰%'"))  # noqa: S608
            assert stored.scalar_one() == 0, table


def test_an_incomplete_application_is_refused_with_every_reason(desk: Desk) -> None:
    started = desk.draft({**FACTS, "customs_code": "", "uscc": "91360700MA35CAM0X9"}, {**PEOPLE, "contact_phone": "call me"})
    with pytest.raises(Refused) as refused:
        desk.submit(started.id)
    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == {
        ("/customs_code", "required"),
        ("/uscc", "bad_uscc"),
        ("/contact_phone", "bad_phone"),
        ("/licences", "licence_needed"),
    }


def test_a_file_is_judged_by_its_content_and_size(desk: Desk) -> None:
    started = desk.draft()
    for content, code in (
        (b"MZ\x90\x00 a program", "file_kind"),
        (b"", "file_empty"),
        (b"%PDF-" + bytes(11 << 20), "file_too_large"),
    ):
        with pytest.raises(Refused) as refused:
            desk.add_licence(started.id, scan=content)
        assert [fault.code for fault in refused.value.faults] == [code]


def test_a_return_names_fields_and_the_next_submission_shows_what_changed(desk: Desk) -> None:
    application_id = desk.submitted()
    with desk.database.begin() as uow:
        send_back(uow, desk.vault, application_id, {"goods_categories": "请写明品类"}, "", OFFICER_AT_WORK, desk.clock)
    version = desk.read(application_id).row.version
    with desk.database.begin() as uow:
        save_section(uow, desk.vault, application_id, version, {"goods_categories": "实木家具"}, {}, desk.clock)
    desk.submit(application_id)
    with desk.database.reading() as connection:
        steps = steps_of(connection, desk.vault, application_id)
    assert [step.action for step in steps] == ["submitted", "returned", "resubmitted"]
    assert steps[1].reasons == {"goods_categories": "请写明品类"}
    assert steps[0].stated is not None
    assert steps[2].stated is not None
    [change] = changes(steps[0].stated, steps[2].stated)
    assert (change.field, change.before, change.after) == ("goods_categories", ["家具"], ["实木家具"])


def test_two_who_edit_one_draft_are_told(desk: Desk) -> None:
    started = desk.draft()
    version = desk.read(started.id).row.version
    with desk.database.begin() as uow:
        save_section(uow, desk.vault, started.id, version, {"name": "第一位"}, {}, desk.clock)
    with pytest.raises(Stale), desk.database.begin() as uow:
        save_section(uow, desk.vault, started.id, version, {"name": "第二位"}, {}, desk.clock)
    assert desk.read(started.id).facts["name"] == "第一位"


def test_only_what_waits_is_decided_and_only_with_a_reason(desk: Desk) -> None:
    application_id = desk.submitted()
    with pytest.raises(Refused, match="reason_needed"), desk.database.begin() as uow:
        refuse(uow, desk.vault, application_id, " ", OFFICER_AT_WORK, desk.clock)
    with desk.database.begin() as uow:
        refuse(uow, desk.vault, application_id, "不在本区经营", OFFICER_AT_WORK, desk.clock)
    with pytest.raises(Refused, match="application_decided"):
        desk.approve(application_id)
    with pytest.raises(Refused, match="application_not_editable"):
        desk.submit(application_id)


def test_what_is_submitted_cannot_be_changed_but_withdrawn(desk: Desk) -> None:
    application_id = desk.submitted()
    with pytest.raises(Refused, match="application_not_editable"):
        desk.add_licence(application_id)
    with desk.database.begin() as uow:
        withdraw(uow, application_id, "applicant", desk.clock)
    assert desk.read(application_id).row.state == "withdrawn"


def test_a_code_or_mail_that_is_taken_keeps_an_application_from_being_approved(desk: Desk) -> None:
    desk.approve(desk.submitted())
    again = desk.submitted()
    with pytest.raises(Refused, match="code_taken"):
        desk.approve(again)
    other = desk.submitted({**FACTS, "uscc": complete_uscc("91360700MA35CAM01"), "customs_code": "3607960002"})
    with pytest.raises(Refused) as refused:
        desk.approve(other)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/contact_mail", "login_taken")]


def test_the_second_check_tells_what_the_register_and_the_codes_say(desk: Desk) -> None:
    desk.approve(desk.submitted())
    again = desk.submitted({**FACTS, "customs_code": "4403960001"})
    found = desk.read(again)
    with desk.database.reading() as connection:
        known = known_of(connection, found, "3601")
    told = {
        (each.field, each.code): each.tone
        for each in findings(found.facts, found.row.roles, found.licences, [*REQUIRED, "customs_filing"], known, date(2030, 4, 1))
    }
    assert told["uscc", "uscc_right"] == Tone.GOOD
    assert told["uscc", "uscc_registered"] == Tone.BAD
    assert told["uscc", "uscc_elsewhere"] == Tone.WARN
    assert told["customs_code", "other_place"] == Tone.WARN
    assert told["contact_mail", "login_taken"] == Tone.BAD
    assert told["licences", "licence_missing"] == Tone.BAD
    assert told["licences", "licence_expires_soon"] == Tone.WARN


def test_an_amendment_starts_from_what_is_registered_and_is_applied_on_approval(desk: Desk) -> None:
    approved = desk.approve(desk.submitted())
    firm_user = OFFICER_AT_WORK
    with desk.database.begin() as uow:
        amendment = start_amendment(uow, desk.vault, approved.enterprise_id, firm_user, desk.clock)
        add_licence(uow, desk.vault, amendment, Licence("customs_filing", "HG-1"), ("a.pdf", b"%PDF-x"), 10, desk.clock)
        save_section(
            uow,
            desk.vault,
            amendment,
            2,
            {"name": "赣南家居有限公司", "goods_categories": "灯具"},
            {"contact_name": "赵六"},
            desk.clock,
        )
    with pytest.raises(Refused, match="amendment_under_way"), desk.database.begin() as uow:
        start_amendment(uow, desk.vault, approved.enterprise_id, firm_user, desk.clock)
    desk.submit(amendment)
    with desk.database.begin() as uow:
        wanted = steps_of(uow.connection, desk.vault, amendment)[-1].stated
        assert wanted is not None
        changed = {each.field for each in changes(registered(uow, desk.vault, approved.enterprise_id), wanted)}
        run(uow.connection, "UPDATE licence SET reminded_days = 30")
    assert changed == {"name", "goods_categories", "contact_name", "licences"}
    second = desk.approve(amendment)
    with desk.database.reading() as connection:
        firm = directory(connection).by_id[approved.enterprise_id]
        former, live = paper(connection, approved.certificate), live_paper(connection, "registration", str(firm.id))
        reminded = {each.kind: each.reminded_days for each in licences_of(connection, firm.id)}
    assert reminded == {"business_licence": 30, "customs_filing": None}, "what stayed is not reminded of anew"
    assert firm.name == "赣南家居有限公司"
    assert second.link is None
    assert former is not None
    assert not former.live
    assert former.revoke_reason == "replaced"
    assert live is not None
    assert live.code == second.certificate
    assert live.facts["name"] == "赣南家居有限公司"


def test_a_certificate_is_found_by_its_code_however_it_is_typed(desk: Desk) -> None:
    approved = desk.approve(desk.submitted())
    with desk.database.reading() as connection:
        found = paper(connection, approved.certificate.lower().replace("-", " "))
        assert found is not None
        assert found.live
        assert len(found.digest) == 32
        assert paper(connection, "AAAA-AAAA-AAAA-AAAA") is None
        assert paper(connection, "") is None


def test_certifying_again_without_a_change_gives_the_same_code(desk: Desk) -> None:
    approved = desk.approve(desk.submitted())
    with desk.database.begin() as uow:
        assert certify(uow, approved.enterprise_id, "officer", desk.clock) == approved.certificate


def test_an_individual_trader_sells_as_a_merchant_and_a_foreign_trade_service_files_as_an_agent(desk: Desk) -> None:
    trader = complete_uscc("92360700MA35CAM05")
    facts = {**FACTS, "uscc": trader, "customs_code": "", "settlement_bank": "中国银行赣州分行"}
    desk.approve(desk.submitted(facts, roles=["individual_trader"]))
    with desk.database.reading() as connection:
        firm = directory(connection).find(trader)
    assert firm is not None
    assert firm.roles == {"individual_trader", "merchant"}


def test_every_step_is_in_the_audit_trail(desk: Desk) -> None:
    application_id = desk.submitted()
    desk.approve(application_id)
    with desk.database.reading() as connection:
        trail = [entry.action for entry in audit_of(connection, f"application:{application_id}")]
    assert trail == ["application.approved", "application.submitted", "application.start"]
