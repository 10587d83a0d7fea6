"""Work on a case: owned, weighed, noted, asked, answered, closed; every step is kept, and only what a firm may see reaches it."""

from datetime import timedelta
from uuid import UUID

import pytest
from psycopg.errors import RaiseException

from ccezone.cases.queries import CaseFilter, CaseView, case, count_of_firm, count_whose, next_case, search_cases, steps_of
from ccezone.cases.rules.queues import QUEUES, SETTLED, Priority
from ccezone.cases.service import By, add_note, answer, ask_firm, close_case, hand_over, open_case, prioritise, take
from ccezone.kernel.errors import NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.queries import default_book
from schemas.codes import code_list
from tests.hub.founding import NOW
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
LI, WANG = By("user:li", "李", UUID(int=1)), By("user:wang", "王", UUID(int=2))


def opened(hub: Hub, kind: str = "late_correction", subject: int = 1, firm: str = "") -> UUID:
    with hub.database.begin() as uow:
        firm_id = hub.party(firm).id if firm else None
        found = open_case(uow, kind, "order", subject, firm_id, hub.clock.now(), {"order_no": f"N{subject}"})
    assert found is not None
    return found


def shown(hub: Hub, case_id: UUID) -> CaseView:
    with hub.database.reading() as connection:
        found = case(connection, case_id)
    assert found is not None
    return found


def steps(hub: Hub, case_id: UUID, *, for_firm: bool = False) -> list[tuple[str, str]]:
    with hub.database.reading() as connection:
        return [(step.kind, step.words) for step in steps_of(connection, case_id, for_firm=for_firm)]


def test_a_case_gets_the_clock_and_the_weight_of_its_queue(hub: Hub) -> None:
    found = shown(hub, opened(hub, "message_refused"))
    hours = default_book("GZ").integer("cases.due_hours.message_refused", found.opened_at.date())
    assert found.due_at == found.opened_at + timedelta(hours=hours)
    assert found.priority == Priority.URGENT
    assert not found.overdue(found.due_at)
    assert found.overdue(found.due_at + timedelta(seconds=1))


def test_every_queue_has_its_words_and_its_clock() -> None:
    day = NOW.date()
    assert set(QUEUES) == set(code_list("case_kinds").codes)
    assert all(default_book("GZ").integer(queue.due_key, day) > 0 for queue in QUEUES.values())


def test_while_a_case_is_open_no_second_one_is_opened(hub: Hub) -> None:
    opened(hub)
    with hub.database.begin() as uow:
        assert open_case(uow, "late_correction", "order", 1, None, hub.clock.now(), {}) is None


def test_whoever_takes_first_owns_it(hub: Hub) -> None:
    first, second = opened(hub, subject=1), opened(hub, subject=2)
    with hub.database.begin() as uow:
        assert take(uow, [first], LI, hub.clock.now()) == [first]
        assert take(uow, [first, second, uuidv7()], WANG, hub.clock.now()) == [second]
    assert (shown(hub, first).owner_name, shown(hub, second).owner_name) == ("李", "王")


def test_a_case_is_handed_over_with_a_word(hub: Hub) -> None:
    wanted = opened(hub)
    with hub.database.begin() as uow:
        take(uow, [wanted], LI, hub.clock.now())
        hand_over(uow, wanted, LI, WANG, "出差", hub.clock.now())
        with pytest.raises(Refused, match="case_owned_already"):
            hand_over(uow, wanted, LI, WANG, "", hub.clock.now())
    assert shown(hub, wanted).owner_id == WANG.user_id
    assert steps(hub, wanted) == [("taken", ""), ("handed", "出差")]


def test_the_most_pressing_case_comes_first_and_the_next_follows(hub: Hub) -> None:
    low, urgent, asked = opened(hub, subject=1), opened(hub, subject=2), opened(hub, subject=3, firm="furniture")
    with hub.database.begin() as uow:
        prioritise(uow, low, LI, Priority.LOW, hub.clock.now())
        prioritise(uow, urgent, LI, Priority.URGENT, hub.clock.now())
        ask_firm(uow, asked, LI, "为什么？", hub.clock.now())
    with hub.database.reading() as connection:
        assert [each.id for each in search_cases(connection)] == [urgent, asked, low]
        assert [each.id for each in search_cases(connection, after=urgent)] == [asked, low]
        assert next_case(connection, LI.user_id) == urgent
        assert next_case(connection, LI.user_id, after=urgent) == low, "what waits for its firm is passed over"
        assert next_case(connection, LI.user_id, after=low) == urgent, "from the last one back to the first"
        assert next_case(connection, LI.user_id, "message_refused") is None


def test_what_a_colleague_owns_is_not_next(hub: Hub) -> None:
    wanted = opened(hub)
    with hub.database.begin() as uow:
        take(uow, [wanted], LI, hub.clock.now())
    with hub.database.reading() as connection:
        assert next_case(connection, WANG.user_id) is None
        assert next_case(connection, LI.user_id) == wanted


def test_the_firm_is_asked_and_answers(hub: Hub) -> None:
    wanted, firm = opened(hub, firm="furniture"), hub.party("furniture").id
    clerk = By("user:zhang", "张")
    with hub.database.begin() as uow:
        add_note(uow, wanted, LI, "可能是系统问题", hub.clock.now())
        ask_firm(uow, wanted, LI, "为什么改单？", hub.clock.now())
        assert count_of_firm(uow.connection, firm) == {"open": 1, "closed": 0, "asked": 1}
        answer(uow, wanted, firm, clerk, "买家换了地址", hub.clock.now())
    assert shown(hub, wanted).awaiting == "office"
    assert steps(hub, wanted, for_firm=True) == [("asked", "为什么改单？"), ("answered", "买家换了地址")]
    assert ("note", "可能是系统问题") in steps(hub, wanted)


def test_a_firm_answers_its_own_cases_only(hub: Hub) -> None:
    wanted = opened(hub, firm="furniture")
    with hub.database.begin() as uow, pytest.raises(NotFound):
        answer(uow, wanted, hub.party("oranges").id, By("user:x", "X"), "不是我", hub.clock.now())


def test_nobody_is_asked_where_no_firm_is_concerned(hub: Hub) -> None:
    with hub.database.begin() as uow, pytest.raises(Refused, match="case_without_firm"):
        ask_firm(uow, opened(hub), LI, "谁？", hub.clock.now())


@pytest.mark.parametrize(
    ("cause", "words", "fault"), [("", "已核实", "case_cause"), (SETTLED, "已核实", "case_cause"), ("other", " ", "required")]
)
def test_a_case_is_closed_with_a_cause_of_the_list_and_words(hub: Hub, cause: str, words: str, fault: str) -> None:
    wanted = opened(hub)
    with hub.database.begin() as uow, pytest.raises(Refused, match=fault):
        close_case(uow, wanted, LI, cause, words, hub.clock.now())
    assert shown(hub, wanted).open


def test_a_closed_case_takes_no_further_step(hub: Hub) -> None:
    wanted = opened(hub, firm="furniture")
    with hub.database.begin() as uow:
        close_case(uow, wanted, LI, "explained", "已核实", hub.clock.now())
        with pytest.raises(NotFound):
            add_note(uow, wanted, LI, "再看", hub.clock.now())
        with pytest.raises(NotFound):
            answer(uow, wanted, hub.party("furniture").id, WANG, "补充", hub.clock.now())
        with pytest.raises(NotFound):
            close_case(uow, wanted, LI, "other", "再关", hub.clock.now())
        assert take(uow, [wanted], LI, hub.clock.now()) == []
    assert steps(hub, wanted) == [("closed", "已核实")]


def test_history_is_only_added_to(hub: Hub) -> None:
    wanted = opened(hub)
    with hub.database.begin() as uow:
        add_note(uow, wanted, LI, "第一句", hub.clock.now())
    with pytest.raises(RaiseException, match="append-only"):
        hub.change("UPDATE case_step SET words = '改写'")


def test_every_turn_counts_the_rows_it_opens(hub: Hub) -> None:
    mine, asked, late = opened(hub, subject=1), opened(hub, subject=2, firm="furniture"), opened(hub, subject=3)
    with hub.database.begin() as uow:
        take(uow, [mine], LI, hub.clock.now())
        ask_firm(uow, asked, LI, "为什么？", hub.clock.now())
    hub.clock.advance(hours=49)
    opened(hub, "message_refused", subject=4)
    wanted = CaseFilter(user=LI.user_id, now=hub.clock.now())
    with hub.database.reading() as connection:
        counts = count_whose(connection, wanted)
        assert counts == {"": 4, "mine": 1, "nobody": 3, "answered": 0, "asked": 1, "overdue": 3}
        for whose, number in counts.items():
            assert len(search_cases(connection, CaseFilter(whose=whose, user=LI.user_id, now=hub.clock.now()))) == number
        found = search_cases(connection, CaseFilter(text="n3", now=hub.clock.now()))
    assert [each.id for each in found] == [late]
