"""The page of a pack that is looked through before it is published: its state, its files, and publishing it."""

from typing import Any

import pytest

from commonhold.jobs.models import Job
from commonhold.performance.acts import publishing
from commonhold.performance.models import Draft, Pack
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, links, words
from tests.universe import JUNE, NOON

pytestmark = pytest.mark.django_db

ANALYST = "service-analyst"


def asked(profile: str = "northgate") -> Draft:
    by = cast.somebody("service-manager")
    return publishing.ask_for_draft(by=by, first=JUNE.first, last=JUNE.last, profile=profile)


def written(profile: str = "northgate") -> Draft:
    draft = asked(profile)
    publishing.write_draft(draft=draft)
    draft.refresh_from_db()
    return draft


def test_while_a_worker_writes_it_it_says_so(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get(asked().get_absolute_url())

    assert "<title>A pack is being written - " in body_of(page)
    assert "A worker writes it." in words(page)
    assert "Publish it" not in words(page)


def test_once_written_it_is_looked_through_and_published(universe: cast.Committee, sign_in: SignIn) -> None:
    draft, client = written(), sign_in(ANALYST)
    page = client.get(draft.get_absolute_url())
    seen = words(page)

    for said in ("Draft: Performance pack, June 2026, for Northgate", "Not published yet", "Publish it", "In short"):
        assert said in seen
    assert f"{draft.get_absolute_url()}pack.pdf" in links(page).values()
    done = client.post(draft.get_absolute_url(), follow=True)
    pack = Pack.objects.get(profile="northgate")
    assert "Published. Its figures are frozen and on the record." in body_of(done)
    assert done.redirect_chain == [(pack.get_absolute_url(), 302)]
    assert client.get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [("pack.pdf", "application/pdf"), ("pack.html", "text/html"), ("figures.json", "application/json")],
)
def test_its_files_open(universe: cast.Committee, sign_in: SignIn, name: str, kind: str) -> None:
    answer: Any = sign_in(ANALYST).get(f"{written().get_absolute_url()}{name}")

    assert answer.status_code == 200 and b"".join(answer.streaming_content)
    assert answer["Content-Type"].startswith(kind)


@pytest.mark.parametrize("name", ["body.html", "secret", "..%2Fsecret"])
def test_it_has_no_other_file(universe: cast.Committee, sign_in: SignIn, name: str) -> None:
    assert sign_in(ANALYST).get(f"{written().get_absolute_url()}{name}").status_code == 404


def test_when_more_became_known_since_it_says_so(universe: cast.Committee, sign_in: SignIn) -> None:
    draft = written()
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)

    assert "More has become known since this was written." in words(sign_in(ANALYST).get(draft.get_absolute_url()))


def test_when_it_could_not_be_written_it_says_why(universe: cast.Committee, sign_in: SignIn) -> None:
    draft = asked()
    Draft.objects.update(problem="No tickets are known yet.")
    page = sign_in(ANALYST).get(draft.get_absolute_url())

    assert "<title>A pack was not written - " in body_of(page)
    assert "No tickets are known yet." in words(page)
    assert links(page)["Make another"] == "/packs/new/"


def test_when_its_job_failed_it_says_so(universe: cast.Committee, sign_in: SignIn) -> None:
    draft = asked()
    Job.objects.filter(pk=draft.job).update(state="failed", ended_at=NOON, problem="The worker stopped.")

    assert "The worker stopped." in words(sign_in(ANALYST).get(draft.get_absolute_url()))


def test_what_is_published_already_is_refused_on_the_page(universe: cast.Committee, sign_in: SignIn) -> None:
    draft = written("board")
    page = sign_in(ANALYST).post(draft.get_absolute_url())

    assert page.status_code == 400
    assert "This very pack is published already." in words(page)
    assert Draft.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("post", ["", "client-lead-of-northgate", "governance-officer-of-northgate"])
def test_nobody_else_learns_that_there_is_one(universe: cast.Committee, sign_in: SignIn, post: str) -> None:
    draft, client = written(), sign_in(post)

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.post(draft.get_absolute_url()).status_code == 404
    assert client.get(f"{draft.get_absolute_url()}pack.pdf").status_code == 404
    assert not Pack.objects.filter(profile="northgate").exists()


def test_it_takes_few_queries(universe: cast.Committee, sign_in: SignIn) -> None:
    assert queries_of(sign_in(ANALYST), written().get_absolute_url()) <= 12
