"""A correction is a new pack that names the old one and why, in every form in which it is read (F6)."""

import json
import re
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from commonhold.ledger import evidence
from commonhold.ledger.models import Entry
from commonhold.performance.acts import publishing
from commonhold.performance.models import Draft, Pack, Replacement
from commonhold.performance.queries import published
from commonhold.performance.queries.found import found
from commonhold.refusals import Refused
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import Commonhold, SignIn
from tests.documents.test_pdf import text_of
from tests.performance.conftest import queries_of
from tests.reading import links, words
from tests.universe import JUNE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.long]

ANALYST, MEMBER = "service-analyst", "committee-member-of-southmere"
WHY = "SD0007 was resolved in June; its desk told us late."
LATE = "SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"
OPTIONS = ("pack", "--from", "2026-06-01", "--to", "2026-06-30", "--profile", "board")


def corrected(profile: str = "board") -> tuple[Pack, Pack]:
    """The pack that stood, and the one that corrects it."""
    bring(events(LATE), at=NOON)
    return Pack.objects.get(profile=profile), cast.publish(profile, reason=WHY)


def number(pack: Pack) -> int:
    assert pack.entry
    return pack.entry.number


# The act


def test_its_entry_is_because_of_the_old_pack_s_and_names_it(universe: cast.Committee) -> None:
    old, new = corrected()
    entry = Entry.objects.order_by("-number")[0]

    assert entry.subject == new.ref and entry.facts["instead_of"] == old.ref
    assert entry.because == sorted([number(old), new.known_at])
    assert set(entry.digests) == {"title", "profile", "reason"}
    assert WHY not in str(entry.facts), "the reason is no public value of an entry"
    assert (new.replacement.instead_of, new.replacement.reason) == (old, WHY)
    assert new.title == "Performance pack, June 2026, for the boards, corrected"


def test_it_is_kept_as_it_was_entered(universe: cast.Committee) -> None:
    corrected()
    with pytest.raises(DatabaseError), transaction.atomic():
        Replacement.objects.update(reason="Another.")


def test_without_a_reason_another_pack_of_the_same_days_is_refused(universe: cast.Committee) -> None:
    bring(events(LATE), at=NOON)
    before = Entry.objects.count()

    with pytest.raises(Refused, match=r"stands: pack/\d+, published 21 July 2026 at midday\. .* so give a reason"):
        cast.publish("board")
    assert (Entry.objects.count(), Pack.objects.filter(profile="board").count()) == (before, 1)


def test_for_other_readers_or_after_a_withdrawal_it_needs_none(universe: cast.Committee) -> None:
    assert cast.publish("northgate").takes_the_place is None
    publishing.withdraw(by=cast.somebody("managing-director"), pack=Pack.objects.get(profile="board"), reason="Wrong.")

    assert cast.publish("board").takes_the_place is None


def test_it_corrects_the_last_word_and_no_pack_that_was_corrected_already(universe: cast.Committee) -> None:
    first, second = corrected()
    third = cast.publish("board", reason="And once more.")

    assert (second.replacement.instead_of, third.replacement.instead_of) == (first, second)
    publishing.withdraw(by=cast.somebody("managing-director"), pack=third, reason="Wrong.")
    assert cast.publish("board", reason="Put right.").replacement.instead_of == second


def test_a_draft_that_corrects_a_pack_is_refused_once_another_did(universe: cast.Committee) -> None:
    bring(events(LATE), at=NOON)
    draft = written(WHY)
    cast.publish("board", reason="Somebody was faster.")

    with pytest.raises(Refused, match="give a reason"):
        publishing.publish_draft(by=cast.somebody(ANALYST), draft=draft)
    assert Draft.objects.get() == draft


def test_a_draft_that_corrects_a_pack_withdrawn_meanwhile_is_written_again(universe: cast.Committee) -> None:
    draft = written(WHY)
    publishing.withdraw(by=cast.somebody("managing-director"), pack=Pack.objects.get(profile="board"), reason="Wrong.")

    with pytest.raises(Refused, match=r"stands no longer\. Make another; it needs no reason"):
        publishing.publish_draft(by=cast.somebody(ANALYST), draft=draft)


def written(reason: str = "") -> Draft:
    made = publishing.ask_for_draft(
        by=cast.somebody(ANALYST), first=JUNE.first, last=JUNE.last, profile="board", reason=reason
    )
    publishing.write_draft(draft=made)
    made.refresh_from_db()
    return made


# Its files


def test_its_files_say_whose_place_it_takes_and_why(universe: cast.Committee) -> None:
    old, new = corrected()
    said = {"pack": old.ref, "entry": number(old), "reason": WHY}
    html = words_of(evidence.content(new.html).decode())

    assert f"It takes the place of {old.ref}, published 21 July 2026 at midday, entry {number(old)}" in html
    assert f"Why: {WHY}" in html
    assert json.loads(evidence.content(new.figures))["instead_of"] == said
    assert json.loads(evidence.content(new.manifest))["instead_of"] == said
    text = " ".join(text_of(evidence.content(new.pdf)).split())
    assert f"It takes the place of {old.ref}, published" in text and WHY in text


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split()).replace(" ,", ",")


def test_each_figure_that_says_another_thing_names_the_old_one(universe: cast.Committee) -> None:
    old, new = corrected()
    then = {reading.reference: reading.read for reading in old.readings.all()}
    correcting = [reading for reading in new.readings.all() if "instead_of" in reading.figure]
    pairs = [(reading.read, then[reading.figure["instead_of"]]) for reading in correcting]

    assert pairs and len(pairs) < new.readings.count()
    for now, before in pairs:
        assert (now.measure, now.scope, now.period) == (before.measure, before.scope, before.period)
        assert (now.value, now.numerator, now.denominator) != (before.value, before.numerator, before.denominator)
    resolved = next(now for now, _ in pairs if now.measure == "tickets_resolved" and not now.scope)
    assert resolved.value == 7


# Where it is read


@pytest.mark.parametrize("post", ["", MEMBER])
def test_the_old_page_says_what_took_its_place_and_stays_readable(
    universe: cast.Committee, sign_in: SignIn, post: str
) -> None:
    old, new = corrected("public")
    page = sign_in(post).get(old.get_absolute_url())

    assert page.status_code == 200 and "In short" in words(page)
    assert f"({new.ref}) took its place. Why: {WHY}" in words(page)
    assert links(page)[new.title] == new.get_absolute_url()


def test_the_new_page_says_whose_place_it_takes(universe: cast.Committee, sign_in: SignIn) -> None:
    old, new = corrected()
    page = sign_in(MEMBER).get(new.get_absolute_url())

    assert f"It takes the place of {old.title} ({old.ref})" in words(page)
    assert f"Why: {WHY}" in words(page)
    assert queries_of(sign_in(MEMBER), old.get_absolute_url()) <= 8


def test_once_the_new_one_is_withdrawn_the_old_is_the_last_word_again(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    old, new = corrected("public")
    publishing.withdraw(by=cast.somebody("managing-director"), pack=new, reason="Wrong.")

    assert "took its place" not in words(sign_in("").get(old.get_absolute_url()))
    assert published.packs_for_everybody() == [old]


def test_lists_and_what_was_last_published_prefer_the_newest(universe: cast.Committee, sign_in: SignIn) -> None:
    old, new = corrected("public")
    listed, home = sign_in("").get("/packs/"), links(sign_in("").get("/"))

    assert "Replaced by a newer one" in words(listed) and f"Corrects {old.ref}" in words(listed)
    assert new.get_absolute_url() in home.values() and old.get_absolute_url() not in home.values()
    assert published.packs_for_everybody() == [new]
    addresses = [one.url for one in found("performance pack june", cast.somebody(MEMBER))]
    assert new.get_absolute_url() in addresses and old.get_absolute_url() not in addresses


@pytest.mark.parametrize("post", ["", ANALYST])
def test_the_evidence_of_both_figures_leads_to_the_other(universe: cast.Committee, sign_in: SignIn, post: str) -> None:
    old, new = corrected("public")
    rows = new.readings.filter(figure__measure="tickets_resolved")
    now = next(row for row in rows if "instead_of" in row.figure)
    then = now.figure["instead_of"]
    client = sign_in(post)
    corrects, replaced = client.get(f"/evidence/{now.reference}"), client.get(f"/evidence/{then}")

    assert f"It takes the place of the figure published before in {old.ref} . Why: {WHY}" in words(corrects)
    assert links(corrects)["the figure published before"] == f"/evidence/{then}"
    assert f"The place of this pack was taken by {new.ref} . Why: {WHY}" in words(replaced)


# The draft's page


def test_the_page_of_a_draft_asks_why_and_the_draft_is_written_with_the_reason(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    bring(events(LATE), at=NOON)
    draft, client = written(), sign_in(ANALYST)
    page = client.get(draft.get_absolute_url())

    assert "A pack of these days stands" in words(page) and "Publish it" not in words(page)
    empty = client.post(f"{draft.get_absolute_url()}correct/", {"reason": " "})
    assert empty.status_code == 200 and "There is a problem" in words(empty)
    client.post(f"{draft.get_absolute_url()}correct/", {"reason": WHY})
    again = Draft.objects.exclude(pk=draft.pk).get()
    publishing.write_draft(draft=again)
    page = client.get(again.get_absolute_url())
    assert "Publish it" in words(page) and WHY in words(page), "what is published is what was looked through"
    client.post(again.get_absolute_url())
    assert Pack.objects.latest("pk").replacement.reason == WHY


def test_posting_the_first_draft_says_that_a_reason_is_missing(universe: cast.Committee, sign_in: SignIn) -> None:
    bring(events(LATE), at=NOON)
    page = sign_in(ANALYST).post(written().get_absolute_url())

    assert page.status_code == 400 and "so give a reason" in words(page)


def test_nobody_else_gives_a_reason(universe: cast.Committee, sign_in: SignIn) -> None:
    draft = written()

    assert sign_in(MEMBER).post(f"{draft.get_absolute_url()}correct/", {"reason": WHY}).status_code == 404
    assert Draft.objects.count() == 1


# The command


def test_the_command_asks_for_a_reason_and_leaves_no_files(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    bring(events(LATE), at=NOON)
    refused = commonhold(*OPTIONS, "--publish", "--out", tmp_path / "new")

    assert refused.code == 2 and "so give a reason" in refused.err and not (tmp_path / "new").exists()
    done = commonhold(*OPTIONS, "--publish", "--reason", WHY, "--out", tmp_path / "new", "--json")
    assert done.code == 0
    assert Pack.objects.latest("pk").replacement.reason == WHY
    assert WHY in (tmp_path / "new" / "pack.html").read_text()
    assert commonhold("recompute", tmp_path / "new" / "figures.json").code == 0


def test_a_reason_without_a_pack_to_correct_is_refused(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    said = commonhold(*OPTIONS[:-1], "southmere", "--publish", "--reason", WHY, "--out", tmp_path / "new")

    assert said.code == 2 and "there is nothing to correct" in said.err and not (tmp_path / "new").exists()


@pytest.mark.parametrize("acting", [MEMBER, "client-lead-of-northgate"])
def test_who_may_not_publish_leaves_no_files(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path, acting: str
) -> None:
    said = commonhold(*OPTIONS, "--publish", "--acting", acting, "--out", tmp_path / "new")

    assert said.code == 2 and "You may not publish packs" in said.err
    assert not (tmp_path / "new").exists()
