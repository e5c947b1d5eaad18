"""What the partnership says on pages that join apps: what is found for a text, what a post owes, what one was told."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face
from commonhold.ledger.queries.subjects import behind
from commonhold.partnership.engine.rules.registry import KINDS
from commonhold.partnership.models import ClientBody, Partner, Person, Post, Told
from commonhold.partnership.permissions import CONSENTS, administers, sees_people
from commonhold.partnership.queries.partners import posts_held
from commonhold.partnership.queries.people import lacking
from commonhold.partnership.queries.proposals import proposals
from commonhold.partnership.queries.rules import Rules, rules
from commonhold.partnership.queries.who import day_of

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a search found: what it is called, what kind of thing it is, and where it stands."""

    title: str
    kind: str
    url: str


def found(text: str, seen_by: By) -> list[Found]:
    """Partners, posts, client bodies and rules whose name holds the text; people for those who hold a post."""
    words = text.strip()
    if not words:
        return []
    rows = [Found(p.name, "Partner", p.get_absolute_url()) for p in Partner.objects.filter(name__icontains=words)]
    rows += [Found(p.title, "Post", p.get_absolute_url()) for p in Post.objects.filter(title__icontains=words)]
    clients = ClientBody.objects.filter(name__icontains=words)
    rows += [Found(c.name, "Client body", reverse("partnership:partners")) for c in clients]
    rows += [
        Found(kind.title, "Rule", reverse("partnership:rule", args=[kind.name]))
        for kind in KINDS.values()
        if words.casefold() in kind.title.casefold()
    ]
    if sees_people(seen_by):
        rows += _people(words, day_of(seen_by.at))
    return rows[:MOST_FOUND]


def _people(words: str, on: date) -> list[Found]:
    """People by the posts they hold: a name leads to the post, not to the account."""
    people = Person.objects.filter(name__icontains=words, is_active=True)
    held = [h for h in posts_held(on) if any(a.person in people for a in h.holders)]
    return [
        Found(f"{a.person}, {h.post.title}", "Person", h.post.get_absolute_url())
        for h in held
        for a in h.holders
        if a.person in people
    ]


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that waits for the reader's post: what, where, and why it is theirs."""

    title: str
    url: str
    why: str
    due: date | None = None


def owed(by: By) -> list[Owed]:
    """What waits for this post: consents and confirmations of its partner, and posts that nobody holds."""
    rows = _consents_and_confirmations(by) if CONSENTS in by.roles else []
    partner = Partner.objects.filter(slug=by.partner).first() if by.partner else None
    if administers(by, by.partner):
        vacant = posts_held(day_of(by.at), Post.objects.filter(partner=partner).select_related("partner"))
        url = reverse("partnership:people", args=[by.partner or "service"])
        rows += [Owed(words, url, "You administer these posts") for words in lacking(vacant)]
    return rows


def _consents_and_confirmations(by: By) -> list[Owed]:
    known = rules(by.at)
    own = next((partner.name for partner in known.parties if partner.slug == by.partner), None)
    if own is None:
        return []
    consents = "Your authority has not consented"
    confirmations = "Your authority has not said whether this is what was agreed"
    return [
        Owed(wait.title, wait.url, consents if wait.is_proposal else confirmations)
        for wait in waits(known)
        if own in wait.partners
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a person was told."""

    number: int
    why: str
    at: datetime
    is_new: bool
    face: Face | None


def told(person: Person, by: By, *, most: int = 50) -> list[Line]:
    """What a person was told, newest first, each with the face of what it was about."""
    rows = list(Told.objects.filter(person=person)[:most])
    things = behind({row.subject for row in rows})
    return [
        Line(
            number=row.pk,
            why=row.why,
            at=row.at,
            is_new=row.seen_at is None,
            face=things[row.subject].face(by) if row.subject in things else None,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waits, and the partners it waits for."""

    title: str
    url: str
    partners: tuple[str, ...]
    is_proposal: bool = False


def waits(known: Rules) -> list[Wait]:
    """Who waits for whom: proposals and rules as found, with the partners that have not spoken."""
    rows = []
    for waiting in proposals():
        if waiting.state == "open":
            missing = tuple(partner.name for partner in known.parties if partner.slug not in waiting.given)
            rows.append(Wait(str(waiting.proposal), waiting.proposal.get_absolute_url(), missing, is_proposal=True))
    for rule in KINDS:
        version = known.in_force(rule)
        if version and version.standing.waiting and not version.standing.is_whole:
            rows.append(Wait(str(version.row), version.row.get_absolute_url(), version.standing.waiting))
    return rows
