"""Background jobs: asked for with what decided them, done once, taken over when a worker dies, stopped when asked."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from ccezone.background.ports import Handler, Outcome, Work
from ccezone.background.queries import JobView, job, jobs_of
from ccezone.background.service import ATTEMPTS, LEASE, JobFinished, cancel_job, request_job, run_next_job
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database, UnitOfWork
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def ask(hub: Hub, **arguments: object) -> UUID:
    """Ask for a job of the kind ``count``."""
    with hub.database.begin() as uow:
        return request_job(uow, "count", hub.clock, arguments=arguments)


def found(hub: Hub, job_id: UUID) -> JobView:
    """Read a job that must be there."""
    with hub.database.reading() as connection:
        view = job(connection, job_id)
    assert view is not None
    return view


def run_one(hub: Hub, handler: Handler) -> int:
    """Let a worker do the next job with this handler."""
    return run_next_job(hub.database, {"count": handler}, hub.clock)


class Died(BaseException):
    """The worker's process is gone."""


def counting(hub: Hub, reached: list[int], die_at: int = 0) -> Handler:
    """A handler that counts to ``arguments['to']``, one transaction a step, and may die on the way."""

    def count(work: Work) -> Outcome:
        for number in range(work.checkpoint.get("done", 0) + 1, work.arguments["to"] + 1):
            if number == die_at:
                raise Died
            with hub.database.begin() as uow:
                reached.append(number)
                work.reached(uow, number, work.arguments["to"], {"done": number})
        return Outcome({"counted": work.arguments["to"]})

    return count


def test_a_job_goes_from_waiting_to_done_with_its_figures(hub: Hub) -> None:
    job_id = ask(hub, to=3)
    assert (found(hub, job_id).state, found(hub, job_id).percent) == ("waiting", None)
    assert run_one(hub, counting(hub, [])) == 1
    done = found(hub, job_id)
    assert (done.state, done.percent, done.steps_done, done.result) == ("done", 100, 3, {"counted": 3})
    assert run_one(hub, counting(hub, [])) == 0, "a job is done once"


def test_a_job_whose_reason_is_rolled_back_was_never_asked_for(hub: Hub) -> None:
    def decide(uow: UnitOfWork) -> None:
        request_job(uow, "count", hub.clock)
        raise Died

    with pytest.raises(Died), hub.database.begin() as uow:
        decide(uow)
    assert hub.count("background_job") == 0


def test_another_worker_goes_on_from_the_checkpoint_once_the_lease_is_over(hub: Hub) -> None:
    job_id, reached = ask(hub, to=5), list[int]()
    with pytest.raises(Died):
        run_one(hub, counting(hub, reached, die_at=4))
    assert run_one(hub, counting(hub, reached)) == 0, "the dead worker's lease still holds"
    hub.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert run_one(hub, counting(hub, reached)) == 1
    assert reached == [1, 2, 3, 4, 5]
    assert found(hub, job_id).state == "done"


def test_a_worker_that_was_overtaken_keeps_nothing_of_its_step(hub: Hub) -> None:
    job_id, seen = ask(hub, to=2), list[int]()

    def slow(work: Work) -> Outcome:
        hub.clock.advance(seconds=LEASE.total_seconds() + 1)
        run_one(hub, counting(hub, seen))
        with hub.database.begin() as uow:
            work.reached(uow, 99)
        raise AssertionError("the lease was lost")

    assert run_one(hub, slow) == 1
    assert (found(hub, job_id).state, found(hub, job_id).steps_done) == ("done", 2)


def test_a_job_that_kills_every_worker_is_given_up(hub: Hub) -> None:
    job_id = ask(hub, to=1)
    for _ in range(ATTEMPTS):
        with pytest.raises(Died):
            run_one(hub, counting(hub, [], die_at=1))
        hub.clock.advance(seconds=LEASE.total_seconds() + 1)
    run_one(hub, counting(hub, []))
    given_up = found(hub, job_id)
    assert (given_up.state, [fault.code for fault in given_up.faults]) == ("failed", ["job_gave_up"])


def test_a_refusal_ends_the_job_with_its_reasons_and_an_error_with_a_general_one(hub: Hub) -> None:
    def refuse(_: Work) -> Outcome:
        raise Refused(Fault("/file", "file_empty"))

    def fail(_: Work) -> Outcome:
        raise ZeroDivisionError

    refused, broken = ask(hub), ask(hub)
    run_one(hub, refuse)
    run_one(hub, fail)
    assert [fault.code for fault in found(hub, refused).faults] == ["file_empty"]
    assert [fault.code for fault in found(hub, broken).faults] == ["job_failed"]


def test_a_database_that_goes_away_does_not_fail_the_job(hub: Hub) -> None:
    job_id = ask(hub, to=1)

    def cut_off(_: Work) -> Outcome:
        raise psycopg.OperationalError("the connection is gone")

    with pytest.raises(psycopg.OperationalError):
        run_one(hub, cut_off)
    hub.clock.advance(seconds=LEASE.total_seconds() + 1)
    run_one(hub, counting(hub, []))
    assert found(hub, job_id).state == "done"


def test_a_job_that_is_stopped_while_it_runs_ends_with_its_next_step(hub: Hub) -> None:
    job_id, reached = ask(hub, to=9), list[int]()

    def stopped(work: Work) -> Outcome:
        for number in range(1, 9):
            if number == 3:
                with hub.database.begin() as uow:
                    cancel_job(uow, job_id, hub.clock)
            with hub.database.begin() as uow:
                work.reached(uow, number, 9)
                reached.append(number)
        raise AssertionError("it went on")

    run_one(hub, stopped)
    assert (reached, found(hub, job_id).state, found(hub, job_id).steps_done) == ([1, 2], "cancelled", 2)


def test_a_job_that_is_over_or_of_somebody_else_cannot_be_stopped(hub: Hub) -> None:
    job_id = ask(hub, to=0)
    with pytest.raises(NotFound), hub.database.begin() as uow:
        cancel_job(uow, job_id, hub.clock, enterprise_id=uuidv7())
    run_one(hub, counting(hub, []))
    with pytest.raises(Refused) as refused, hub.database.begin() as uow:
        cancel_job(uow, job_id, hub.clock)
    assert refused.value.faults[0].code == "job_over"


def test_the_end_of_a_job_is_told_in_the_transaction_that_ends_it(hub: Hub) -> None:
    told: list[object] = []
    database = Database(hub.database.url, {JobFinished: [lambda _, news: told.append(news)]})
    job_id = ask(hub, to=1)
    run_next_job(database, {"count": counting(hub, [])}, hub.clock)
    database.close()
    assert [(news.job_id, news.state) for news in told if isinstance(news, JobFinished)] == [(job_id, "done")]


def test_jobs_are_listed_for_their_enterprise_only_newest_first(hub: Hub) -> None:
    mine, other = uuidv7(), uuidv7()
    kinds: Mapping[str, UUID] = {"a": mine, "b": mine, "c": other}
    with hub.database.begin() as uow:
        for kind, owner in kinds.items():
            request_job(uow, kind, hub.clock, enterprise_id=owner)
    with hub.database.reading() as connection:
        assert [each.kind for each in jobs_of(connection, mine)] == ["b", "a"]
        assert [each.kind for each in jobs_of(connection, mine, ["a"])] == ["a"]
        assert job(connection, jobs_of(connection, other)[0].id, mine) is None


def test_the_lease_is_renewed_by_progress(hub: Hub) -> None:
    ask(hub, to=3)

    def slow(work: Work) -> Outcome:
        for number in range(3):
            hub.clock.advance(seconds=(LEASE - timedelta(seconds=5)).total_seconds())
            with hub.database.begin() as uow:
                work.reached(uow, number)
            assert run_one(hub, counting(hub, [])) == 0, "nobody may take it over meanwhile"
        return Outcome()

    assert run_one(hub, slow) == 1
