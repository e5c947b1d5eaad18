"""Samples by a stated seed: anybody draws the same, the draw is on the record, rows are for those entitled."""

import hashlib
import json
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from commonhold.ledger.engine.by import public
from commonhold.ledger.models import Entry
from commonhold.performance.acts import sampling as acts
from commonhold.performance.engine.sampling import Drawable, digest, drawn, place
from commonhold.performance.models import Sample
from commonhold.performance.queries.periods import basis
from commonhold.performance.queries.readings import figures, ready
from commonhold.refusals import NotAllowed, Refused
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.reading import body_of, links, words
from tests.universe import JUNE, NOON, somebody

TICKETS = [Drawable("Desk", f"SD{number:04}", number) for number in range(200)]
AUDITOR, ANALYST, LEAD = "auditor-of-eastwell-vale", "service-analyst", "client-lead-of-northgate"
database = pytest.mark.django_db


def test_the_order_is_that_of_a_digest_that_anybody_can_compute() -> None:
    text = json.dumps(["2026-IT-04", "Desk", "SD0001"], separators=(",", ":"))

    assert place("2026-IT-04", "Desk", "SD0001") == hashlib.sha256(text.encode()).hexdigest()
    assert digest(TICKETS[:2]) == hashlib.sha256(b'["Desk","SD0000"]\n["Desk","SD0001"]\n').hexdigest()


@given(st.text(max_size=20), st.integers(0, 250), st.integers(0, 2**32))
def test_a_sample_does_not_depend_on_the_order_of_the_tickets_and_begins_as_a_smaller_one(
    seed: str, size: int, shuffle: int
) -> None:
    mixed = TICKETS[:]
    Random(shuffle).shuffle(mixed)

    found = drawn(seed, mixed, size)

    assert found == drawn(seed, TICKETS, size)
    assert len({one.number for one in found}) == len(found) == min(size, 200)
    assert drawn(seed, mixed, size // 2) == found[: size // 2]


def test_every_ticket_is_drawn_as_often_as_the_others_over_many_seeds() -> None:
    counts = dict.fromkeys(range(200), 0)
    for seed in range(400):
        for one in drawn(str(seed), TICKETS, 20):
            counts[one.number] += 1

    assert sum(counts.values()) == 8_000
    assert min(counts.values()) >= 15 and max(counts.values()) <= 70, "40 expected, each within five deviations"


def figure(partner: str | None = None) -> str:
    """The reference of tickets opened in June, of all or of one partner."""
    about = ready().periods[JUNE]
    by = ("partner",) if partner else ()
    (found,) = figures([about], [by], seen_by=somebody(ANALYST), measure="tickets_opened")
    return next(one.evidence for one in found if one.scope.get("partner") == partner)


@database
def test_a_draw_is_on_the_record_without_its_tickets(universe: cast.Committee) -> None:
    made = acts.draw(by=somebody(ANALYST), figure=figure(), seed="2026-IT-04", size=3)

    entry = Entry.objects.get(subject=made.ref)
    assert entry.kind == "sample.drawn"
    assert (entry.facts["seed"], entry.facts["size"], entry.facts["population"]) == ("2026-IT-04", 3, 8)
    assert entry.facts["figure"] == made.figure == figure()
    assert entry.because == [basis().entry]
    assert set(entry.digests) == {"tickets"} and "SD00" not in str(entry.plain)
    everything = [Drawable(desk, reference, 0) for desk, reference, *_ in made.tickets]
    assert made.sha256 == digest(everything) and len(everything) == 3
    assert made.contents_seen_by(public(NOON)) == {} and made.face(public(NOON)).closed


@database
def test_each_draws_from_the_tickets_that_are_theirs_to_see(universe: cast.Committee) -> None:
    ours = acts.draw(by=somebody(ANALYST), figure=figure(), seed="A", size=100)
    theirs = acts.draw(by=somebody(AUDITOR), figure=figure(), seed="A", size=100)
    named = acts.draw(by=somebody(ANALYST), figure=figure("Northgate"), seed="A", size=100)

    assert (ours.population, theirs.population, theirs.of_all) == (8, 2, 8)
    assert {reference for _, reference, *_ in theirs.tickets} == {"SD0002", "SD0005"}
    assert (ours.partner, theirs.partner, named.partner) == ("", "eastwell-vale", "northgate")
    assert [row.pk for row in Sample.objects.open_to(somebody(LEAD))] == [named.pk]


@database
def test_what_cannot_be_drawn_is_refused_in_plain_words(universe: cast.Committee) -> None:
    by = somebody(ANALYST)
    acts.draw(by=by, figure=figure(), seed="A", size=2)
    for seed, size, said in (
        ("A", 2, "was drawn before"), ("", 2, "A seed has up to 64"), ("é", 2, "A seed has up to 64"),
        ("x" * 65, 2, "A seed has up to 64"), ("=1", 2, "A seed has up to 64"), ("A", 0, "from 1 to 500"),
        ("A", 501, "from 1 to 500"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            acts.draw(by=by, figure=figure(), seed=seed, size=size)
    with pytest.raises(Refused, match="None of the tickets behind this figure is yours"):
        acts.draw(by=somebody(LEAD), figure=figure("Southmere"), seed="A", size=2)
    with pytest.raises(Refused, match="not the reference of a figure"):
        acts.draw(by=by, figure="weather/today", seed="A", size=2)
    with pytest.raises(NotAllowed):
        acts.draw(by=public(NOON), figure=figure(), seed="A", size=2)
    assert Sample.objects.count() == 1


@database
def test_the_database_itself_lets_nobody_change_a_sample(universe: cast.Committee) -> None:
    acts.draw(by=somebody(ANALYST), figure=figure(), seed="A", size=2)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('update "performance_sample" set seed = seed')


@database
def test_an_auditor_draws_from_the_evidence_and_takes_the_working_paper(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    client = sign_in(AUDITOR)
    path, _, query = figure().partition("?")
    evidence = client.get(f"/evidence/{path}?{query}")
    address = next(href for text, href in links(evidence).items() if text == "draw a sample")
    assert "From 2 tickets that you may see, of the 8 behind the figure" in words(client.get(address))

    wrong = client.post(address, {"size": "many", "seed": "2026"})
    assert "How many tickets? must be a whole number" in words(wrong) or "There is a problem" in words(wrong)
    assert 'value="2026"' in body_of(wrong)
    page = client.post(address, {"size": 5, "seed": "2026"}, follow=True)

    assert "The sample is drawn, and the draw is on the record." in words(page)
    assert "SD0002" in words(page) and "SD0005" in words(page)
    sample = Sample.objects.get()
    paper = b"".join(client.get(f"/samples/{sample.pk}/working-paper.csv")).decode()
    assert '"Finding","Checked by","Checked on"' in paper and paper.count("SD000") == 2
    sheet = client.get(f"/samples/{sample.pk}/working-paper.xlsx")
    assert sheet.getvalue().startswith(b"PK")
    for post, status in (("", 404), (LEAD, 404), (ANALYST, 200), ("managing-director", 200)):
        assert sign_in(post).get(f"/samples/{sample.pk}/").status_code == status, post
    assert f"Sample {sample.pk}" in words(client.get("/samples/"))
    assert "No samples that you may see" in words(sign_in("").get("/samples/"))


@database
def test_strange_addresses_are_answered_in_plain_words(universe: cast.Committee, sign_in: SignIn) -> None:
    client = sign_in(ANALYST)

    assert client.get("/samples/99999999999999999999999/").status_code == 404
    assert client.get("/samples/draw/nonsense").status_code in (400, 404, 422)
