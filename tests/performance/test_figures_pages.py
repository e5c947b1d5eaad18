"""The pages of figures: one period leads to the next page, and what a row is of stands there in words."""

import pytest

from commonhold.jobs.models import Job, State
from tests import universe as cast
from tests.reading import body_of, links, words

pytestmark = pytest.mark.django_db


def test_the_period_that_was_chosen_is_the_one_in_which_partners_are_compared(universe: cast.Committee) -> None:
    page = cast.browser_of("service-analyst").get("/figures/?first=2026-06-01&last=2026-06-30")
    there = links(page)["whether the partners are served alike"]

    assert there == "/parity/?first=2026-06-01&last=2026-06-30"


def test_who_answers_and_what_kind_it_is_stand_in_words(universe: cast.Committee) -> None:
    seen = words(cast.browser_of("service-analyst").get("/figures/tickets-opened/?first=2026-06-01&last=2026-06-30"))

    assert "Shared service" in seen
    assert "Incident" in seen
    assert "authority:" not in seen and "supplier:" not in seen


def test_whoever_asks_second_for_the_same_figures_is_led_to_a_page_that_they_may_see(
    universe: cast.Committee,
) -> None:
    days = {"first": "2026-06-03", "last": "2026-06-09"}
    first = cast.browser_of("service-analyst").post("/figures/compute/", days, follow=True)
    second = cast.browser_of("client-lead-of-northgate").post("/figures/compute/", days, follow=True)

    assert first.redirect_chain[0][0].startswith("/jobs/")
    assert second.status_code == 200
    assert second.redirect_chain == [("/figures/?first=2026-06-03&last=2026-06-09", 302)]
    assert "asked for these figures already" in body_of(second)


def test_whoever_asked_for_figures_finds_them_from_the_job_that_computed_them(universe: cast.Committee) -> None:
    client = cast.browser_of("service-analyst")
    asked = client.post("/figures/compute/", {"first": "2026-06-01", "last": "2026-06-07"})
    job = Job.objects.get(name="performance.compute")
    assert asked["Location"] == job.get_absolute_url()
    assert "See the figures" not in links(client.get(asked["Location"])), "they are not there yet"
    Job.objects.filter(pk=job.pk).update(state=State.DONE, ended_at=cast.NOON)

    there = links(client.get(asked["Location"]))["See the figures"]

    assert there == "/figures/?first=2026-06-01&last=2026-06-07"
