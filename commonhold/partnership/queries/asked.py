"""What the partnership says on pages that join apps: what is found for a text, what a post owes, what one was told."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from commonhold.databases.together import together
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face
from commonhold.ledger.queries.subjects import behind
from commonhold.partnership.engine.rules.registry import KINDS
from commonhold.partnership.models import (
    Appointment,
    ClientBody,
    Confirmation,
    Consent,
    Partner,
    Person,
    Post,
    Proposal,
    Role,
    RuleVersion,
    Told,
)
from commonhold.partnership.permissions import CONSENTS, administers, sees_people
from commonhold.partnership.queries.partners import Held, holders, with_holders
from commonhold.partnership.queries.people import lacking
from commonhold.partnership.queries.proposals import proposals
from commonhold.partnership.queries.rules import Rules
from commonhold.partnership.queries.who import day_of

MOST_FOUND = 20

Rows = Mapping[str, Sequence[Any]]
"""What was read, by the name under which it was asked for; in no order."""


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
    asked: dict[str, QuerySet[Any, Any]] = _named(words)
    if sees_people(seen_by):
        asked["People"] = _people(words, day_of(seen_by.at))
    read = together(asked)
    rows = _by_name(read)
    rows += [
        Found(kind.title, "Rule", reverse("partnership:rule", args=[kind.name]))
        for kind in KINDS.values()
        if words.casefold() in kind.title.casefold()
    ]
    # A name leads to the post, not to the account.
    held = sorted(read.get("People", ()), key=lambda row: (row.person.name, row.starts, row.pk))
    rows += [Found(f"{row.person}, {row.post.title}", "Person", row.post.get_absolute_url()) for row in held]
    return rows[:MOST_FOUND]


def _named(words: str) -> dict[str, QuerySet[Any, Any]]:
    """Partners, posts and client bodies by their names, each kind under what it is called."""
    kinds = {"Partner": (Partner.objects.all(), "name"), "Post": (Post.objects.all(), "title")}
    kinds |= {"Client body": (ClientBody.objects.all(), "name")}
    return {
        what: rows.filter(**{f"{name}__icontains": words}).order_by(name).values_list(name, "slug")[:MOST_FOUND]
        for what, (rows, name) in kinds.items()
    }


def _by_name(read: Rows) -> list[Found]:
    kinds = ("Client body", "Partner", "Post")
    found = [Found(name, what, _where(what, slug)) for what in kinds for name, slug in sorted(read[what])]
    return found[:MOST_FOUND]


def _where(what: str, slug: str) -> str:
    if what == "Client body":
        return reverse("partnership:partners")
    return reverse("partnership:partner" if what == "Partner" else "partnership:post", args=[slug])


def _people(words: str, on: date) -> QuerySet[Appointment]:
    """The posts held by people of that name."""
    held = Appointment.objects.on(on).filter(person__name__icontains=words, person__is_active=True)
    return held.select_related("person", "post").order_by("person__name", "starts", "pk")[:MOST_FOUND]


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that waits for the reader's post: what, where, and why it is theirs."""

    title: str
    url: str
    why: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One source of what waits: the rows that it asks for, and what it says of them once they are read.

    A page that joins many sources reads them all in one query, each under its name; called alone, one reads its own.
    What it asks for depends on the reader and on the day.
    """

    name: str
    asks: Callable[[By], Mapping[str, QuerySet[Any, Any]]]
    says: Callable[[By, Rows], Iterable[Owed]]

    def __call__(self, by: By) -> list[Owed]:
        return list(self.says(by, together(self.asks(by))))


def _asked(by: By) -> dict[str, QuerySet[Any, Any]]:
    """Consents and confirmations of the post's partner, and posts that nobody holds."""
    rows: dict[str, QuerySet[Any, Any]] = {}
    if CONSENTS in by.roles:
        rows |= {"proposals": _not_consented_to(by), "versions": _not_confirmed(by)}
    if administers(by, by.partner):
        rows |= {"posts": _posts_to_fill(by), "holders": holders(day_of(by.at), _posts_to_fill(by))}
    return rows


def _said(by: By, rows: Rows) -> Iterator[Owed]:
    yield from _consents(rows.get("proposals", ()))
    yield from _confirmations(rows.get("versions", ()))
    posts = sorted(rows.get("posts", ()), key=lambda post: post.title)
    yield from _vacancies(by, with_holders(posts, rows.get("holders", ())))


owed: Final = Waiting("partnership", _asked, _said)
"""What waits for a post: consents and confirmations of its partner, and posts that nobody holds."""


def _asked_of_others(by: By) -> dict[str, QuerySet[Any, Any]]:
    agreed = RuleVersion.objects.filter(last_consent__proposal=OuterRef("pk"))
    rows = Proposal.objects.filter(~Exists(agreed), post=by.post, revocation=None)
    return {"proposals": rows} if by.post else {}


def _said_of_others(by: By, rows: Rows) -> Iterator[Owed]:
    for row in sorted(rows.get("proposals", ()), key=lambda row: row.pk):
        why = "Not every partner that must has consented"
        yield Owed(str(row), row.get_absolute_url(), why, row.effective_from)


awaited: Final = Waiting("partnership, of others", _asked_of_others, _said_of_others)
"""What a post waits for from others: the consents that its proposals lack."""


def _posts_to_fill(by: By) -> QuerySet[Post]:
    """Those that this administrator fills, and the one that fills the shared service's."""
    own = Q(partner__slug=by.partner) if by.partner else Q(partner=None)
    return Post.objects.filter(own | Q(partner=None, role=Role.ADMINISTRATOR)).select_related("partner")


def _vacancies(by: By, held: Sequence[Held]) -> list[Owed]:
    """Posts that nobody holds."""
    theirs = [one for one in held if not by.partner or one.post.partner]
    url = reverse("partnership:people", args=[by.partner or "service"])
    rows = [Owed(words, url, "You administer these posts") for words in lacking(theirs)]
    others = [one.post for one in held if one not in theirs and one.is_vacant]
    why = "It appoints the shared service's people. The administrator of any partner may fill it"
    return [*rows, *(Owed(f"Nobody holds the post {post.title}.", post.get_absolute_url(), why) for post in others)]


def _not_consented_to(by: By) -> QuerySet[Proposal]:
    """Proposals that wait, and to which the post's partner has not consented."""
    given = Consent.objects.filter(proposal=OuterRef("pk"), partner__slug=by.partner, revocation=None)
    agreed = RuleVersion.objects.filter(last_consent__proposal=OuterRef("pk"))
    return Proposal.objects.filter(_is_party(by), ~Exists(given), ~Exists(agreed), revocation=None)


def _consents(rows: Iterable[Proposal]) -> Iterator[Owed]:
    for row in sorted(rows, key=lambda row: -row.pk):
        yield Owed(str(row), row.get_absolute_url(), "Your authority has not consented")


def _not_confirmed(by: By) -> QuerySet[RuleVersion]:
    """The versions of rules that have begun to hold, each with whether the post's partner `has_said` what it thinks."""
    said = Confirmation.objects.filter(version=OuterRef("pk"), partner__slug=by.partner)
    known = RuleVersion.objects.filter(_is_party(by), corrected_by=None, effective_from__lte=day_of(by.at))
    return known.annotate(has_said=Exists(said))


def _confirmations(rows: Iterable[Any]) -> Iterator[Owed]:
    """Rules in force as they were found, of which the post's partner has not spoken."""
    in_force = {row.rule: row for row in sorted(rows, key=lambda row: (row.effective_from, row.number))}
    why = "Your authority has not said whether this is what was agreed"
    for row in (in_force[rule] for rule in KINDS if rule in in_force):
        if row.how == RuleVersion.How.FOUND and not row.has_said:
            yield Owed(str(row), row.get_absolute_url(), why)


def _is_party(by: By) -> Exists:
    return Exists(Partner.objects.parties(day_of(by.at)).filter(slug=by.partner))


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
