"""Summary declarations: closed lists go in once, customs' answers in any order end the same, its declarations are linked back."""

from itertools import permutations

import pytest

from ccezone.declarations.queries.summaries import entry_numbers, groups_of_month, left_out, search_summaries
from ccezone.declarations.service.summaries import drop_summary, leave_list_out, open_summary, propose_summaries
from ccezone.kernel.errors import NotFound, Refused
from schemas.messages.ceb.codec import decode
from schemas.messages.checking import check
from tests.declarations.summing import MONTH, answer, closed_lists, file, opened, result, seller, summed_up, tell, view
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
ENTRY = "400320260000000017"
DRAFT_NO, PRE_NO = f"T{ENTRY[1:]}", f"P{ENTRY[1:]}"


def test_closed_lists_of_one_key_are_one_group_and_what_is_not_closed_is_named_with_its_reason(hub: Hub) -> None:
    closed = closed_lists(hub, 2)
    with hub.database.reading() as connection:
        (group,) = groups_of_month(connection, seller(hub), MONTH)
        assert (group.lists, set(group.key) >= {"owner_code", "currency", "port_code"}) == (2, True)
    hub.change("UPDATE declaration_state SET state = '800' WHERE id = %(id)s", id=closed[0])
    with hub.database.reading() as connection:
        (group,) = groups_of_month(connection, seller(hub), MONTH)
        (waiting,) = left_out(connection, seller(hub), MONTH)
    assert (group.lists, waiting.id, waiting.reason) == (1, closed[0], "summary_not_closed")


def test_a_summary_travels_as_one_document_that_names_its_lists(hub: Hub) -> None:
    number = summed_up(hub)
    body = hub.window.sent_of("CEB701Message").body
    assert not check(body).errors
    (document,) = decode(body).documents
    assert not document.faults
    assert document.values is not None
    lines = document.values["lines"]
    assert isinstance(lines, list)
    assert [line["list_no"] for line in lines] == [each.list_no for each in view(hub, number).lists]
    assert document.values["cop_no"] == str(number)
    assert view(hub, number).row.state == "sent"


def test_a_list_stands_in_one_summary_only_and_a_dropped_one_gives_it_free(hub: Hub) -> None:
    closed_lists(hub)
    merchant = seller(hub)
    with hub.database.reading() as connection:
        key = groups_of_month(connection, merchant, MONTH)[0].key
    number = opened(hub)
    with pytest.raises(Refused) as refused, hub.database.begin() as uow:
        open_summary(uow, merchant, MONTH, key, "clerk", hub.clock)
    assert refused.value.faults[0].code == "summary_nothing_to_sum"
    with hub.database.begin() as uow:
        drop_summary(uow, merchant, number, "clerk", hub.clock)
    assert opened(hub) == number + 1
    assert view(hub, number).row.tab == "dropped"


def test_two_who_sum_up_at_once_never_get_the_same_list(hub: Hub) -> None:
    closed_lists(hub)
    merchant = seller(hub)
    with hub.database.reading() as connection:
        key = groups_of_month(connection, merchant, MONTH)[0].key
    statement = "INSERT INTO summary_list SELECT %(id)s, declaration_id, list_no, true FROM summary_list WHERE live"
    with hub.database.begin() as uow:
        number = open_summary(uow, merchant, MONTH, key, "clerk", hub.clock)
    with pytest.raises(Exception, match="uq_summary_list_live"):
        hub.change(statement.replace("%(id)s", f"{number}::bigint + 0 * declaration_id + 1"))


@pytest.mark.parametrize("order", list(permutations((2, 3, 399))))
def test_answers_in_any_order_and_twice_end_in_the_same_state(hub: Hub, order: tuple[int, ...]) -> None:
    number = summed_up(hub, 1)
    answer(hub, number, *order, *order)
    row = view(hub, number).row
    assert (row.state, row.tab, row.customs_no) == ("399", "granted", "S20260105000000001")


def test_a_refused_summary_is_mended_and_filed_again_under_a_new_guid(hub: Hub) -> None:
    first, second = closed_lists(hub, 2)
    number = opened(hub)
    file(hub, number)
    answer(hub, number, 2, 100)
    assert view(hub, number).row.tab == "rejected"
    with hub.database.begin() as uow:
        leave_list_out(uow, seller(hub), number, first, "clerk", hub.clock)
    file(hub, number)
    answer(hub, number, 100, filing=1)
    assert view(hub, number).row.state == "sent", "a late answer to the former filing changes nothing"
    answer(hub, number, 399)
    guids = hub.rows("SELECT count(DISTINCT id), max(number) FROM application_filing")
    assert (guids, [each.id for each in view(hub, number).lists]) == ([(2, 2)], [second])


def test_a_summary_that_customs_has_is_neither_filed_nor_changed_nor_dropped(hub: Hub) -> None:
    number = summed_up(hub, 1)
    with pytest.raises(Refused) as refused, hub.database.begin() as uow:
        drop_summary(uow, seller(hub), number, "clerk", hub.clock)
    assert refused.value.faults[0].code == "application_not_changeable"
    with pytest.raises(NotFound), hub.database.begin() as uow:
        drop_summary(uow, hub.party("textiles").id, number, "clerk", hub.clock)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_results_in_any_order_and_twice_tell_every_number_and_link_the_lines(hub: Hub, order: tuple[int, ...]) -> None:
    number = summed_up(hub, 1)
    answer(hub, number, 2, 399)
    (item,) = view(hub, number).lists
    told = [
        result(hub, [item.list_no], minutes=1, dec_tmp_no=DRAFT_NO, dec_state="1"),
        result(hub, [item.list_no], minutes=2, dec_tmp_no=DRAFT_NO, dec_pre_no=PRE_NO, dec_state="3"),
        result(hub, [item.list_no], minutes=3, dec_pre_no=PRE_NO, entry_id=ENTRY, dec_state="9"),
    ]
    for place in (*order, *order):
        tell(hub, told[place])
    (entry,) = view(hub, number).entries
    assert (entry.draft_no, entry.pre_entry_no, entry.entry_no, entry.entry_state, entry.lists) == (DRAFT_NO, PRE_NO, ENTRY, "9", 1)
    with hub.database.reading() as connection:
        assert entry_numbers(connection, [item.id]) == {(item.id, 1): ENTRY}
        assert [row.id for row in search_summaries(connection, None, text=ENTRY)] == [number]
    assert hub.rows("SELECT count(*) FROM receipt WHERE kind = 792 AND subject = %(id)s", id=number) == [(3,)]


def test_a_result_before_its_summarys_answer_is_placed_by_its_lists_and_a_strange_one_waits(hub: Hub) -> None:
    number = summed_up(hub, 1)
    (item,) = view(hub, number).lists
    tell(hub, result(hub, [item.list_no], entry_id=ENTRY))
    assert view(hub, number).entries[0].entry_no == ENTRY
    tell(hub, result(hub, ["40032026E999999999"], sum_no="S20260105000000002", entry_id=ENTRY))
    assert hub.count("parked_receipt") == 1
    hub.change("UPDATE customs_application SET customs_no = 'S20260105000000002'")
    hub.clock.advance(minutes=1)
    assert hub.retry_parked() == 1, "its lines were kept while it waited"
    assert hub.count("summary_entry") == 1


def test_the_monthly_proposal_opens_every_group_once_and_leaves_filing_to_the_firm(hub: Hub) -> None:
    closed_lists(hub, 2)
    assert [propose_summaries(hub.database, hub.clock, MONTH) for _ in range(2)] == [1, 0]
    with hub.database.reading() as connection:
        (row,) = search_summaries(connection, seller(hub), "draft")
    assert (row.proposed, row.lists, hub.window.types_sent().count("CEB701Message")) == (True, 2, 0)


def test_a_message_customs_cannot_read_turns_the_summary_away_without_touching_a_list_of_the_same_number(hub: Hub) -> None:
    number = summed_up(hub, 1)
    (item,) = view(hub, number).lists
    assert item.id == number, "both begin to count at the same number"
    hub.window.refuses.add("CEB701Message")
    answer(hub, number, -701001)
    file(hub, number)
    assert view(hub, number).row.state == "refused"
    assert hub.states() == ["899"]
