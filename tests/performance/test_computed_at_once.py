"""Two processes that compute one period at once: what is kept first stays, and both go on with it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields
from threading import Barrier, BrokenBarrierError, Thread

import pytest
import time_machine
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from commonhold.performance.acts import computing
from commonhold.performance.engine import periods, top
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.models import Period, Table
from commonhold.performance.queries.periods import Basis, basis, computed, the_period
from commonhold.performance.queries.readings import READY
from commonhold.web.demo import founding
from tests import universe as cast

pytestmark = pytest.mark.long

MET: list[Barrier] = []


class Together(Extract):
    """An extract whose process is about to keep it, and waits for the other that is as far."""

    __slots__ = ()

    def as_bytes(self) -> bytes:
        # On SQLite the other writer has to wait for this one, so they cannot meet.
        with suppress(BrokenBarrierError):
            MET[-1].wait(timeout=1)
        return super().as_bytes()


@pytest.fixture
def june(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[periods.Period, Basis, Extract]]:
    """June as it was computed and not kept yet, outside of any transaction, as processes are."""
    with time_machine.travel(cast.NOON, tick=False), django_db_blocker.unblock():
        with transaction.atomic():
            founding.found()
            cast.bring_tickets()
            on = basis()
            period = the_period(cast.JUNE, on.known)
            (extract,) = computed([period], on)
            transaction.set_rollback(True)
        yield period, on, Together(*(getattr(extract, field.name) for field in fields(extract)))
        Period.objects.all().delete()


def at_once(work: Callable[[], object]) -> list[object]:
    """What each of two processes got that did the same at the same time."""
    MET.append(Barrier(2))
    found: list[object] = []

    def do() -> None:
        try:
            found.append(work())
        except Exception as problem:
            found.append(problem)
        finally:
            connection.close()

    both = [Thread(target=do) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    return found


def test_two_that_keep_one_period_at_once_keep_it_once(june: tuple[periods.Period, Basis, Extract]) -> None:
    period, on, extract = june
    first, second = at_once(lambda: computing.keep(period=period, on=on, extract=extract))

    assert first == second == Period.objects.get()


def test_two_that_make_it_ready_at_once_make_it_ready_once(june: tuple[periods.Period, Basis, Extract]) -> None:
    period, on, extract = june
    computing.keep(period=period, on=on, extract=extract)

    assert at_once(lambda: computing.make_ready(period=period, on=on)) == [None, None]
    assert Table.objects.count() == len(READY) * len(MEASURES) + len(top.MEASURES)


def test_who_keeps_what_another_made_ready_meanwhile_takes_nothing_away(
    june: tuple[periods.Period, Basis, Extract],
) -> None:
    period, on, extract = june
    computing.keep(period=period, on=on, extract=extract)
    computing.make_ready(period=period, on=on)
    ready = list(Table.objects.order_by("pk").values_list())
    kept = computing.keep(period=period, on=on, extract=extract)

    assert kept == Period.objects.get()
    assert list(Table.objects.order_by("pk").values_list()) == ready != []


def test_what_is_forgotten_while_it_is_made_ready_has_no_tables(
    june: tuple[periods.Period, Basis, Extract], monkeypatch: pytest.MonkeyPatch
) -> None:
    period, on, extract = june
    kept = computing.keep(period=period, on=on, extract=extract)
    figures = computing.groups.figures

    def meanwhile(*given: object) -> object:
        Period.objects.filter(pk=kept.pk).delete()
        return figures(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(computing.groups, "figures", meanwhile)
    computing.make_ready(period=period, on=on)

    assert not Table.objects.exists()
