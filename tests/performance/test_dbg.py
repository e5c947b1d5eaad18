import pytest, time_machine
from random import Random
from tests.performance.test_against_the_oracle import *
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_x(seed):
    random = Random(seed)
    tickets = desks.desk(random, 12)
    with time_machine.travel(NOON, tick=False):
        desk = Desk(list(tickets.values()), agree(), desks.PARTIES)
        bring(desks.file(random, tickets), desks.MAPPING)
        for p in PERIODS:
            try: compare(desk, *p)
            except (AssertionError, KeyError) as e: print("SEED", seed, p, str(e)[:300])
