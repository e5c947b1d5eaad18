"""What the partnership says on pages that join apps: what is found for a text, what a post owes, what one was told."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.urls import reverse

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
from commonhold.partnership.queries.partners import posts_held
from commonhold.partnership.queries.people import lacking
from commonhold.partnership.queries.proposals import proposals
from commonhold.partnership.queries.rules import Rules
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
    rows = _named(words)
    rows += [
        Found(kind.title, "Rule", reverse("partnership:rule", args=[kind.name]))
        for kind in KINDS.values()
        if words.casefold() in kind.title.casefold()
    ]
    if sees_people(seen_by):
        rows += _people(words, day_of(seen_by.at))
    return rows[:MOST_FOUND]


def _named(words: str) -> list[Found]:
    """Partners, posts and client bodies by their names, in one query."""
    parts = [
        rows.filter(**{f"{name}__icontains": words})
        .annotate(sort=Value(sort), what=Value(what, CharField()), named=F(name))
        .values_list("sort", "named", "what", "slug")
        for sort, (what, rows, name) in enumerate(
            (
                ("Partner", Partner.objects.all(), "name"),
                ("Post", Post.objects.all(), "title"),
                ("Client body", ClientBody.objects.all(), "name"),
            )
        )
    ]
    found = parts[0].order_by().union(*(part.order_by() for part in parts[1:]), all=True)
    return [
        Found(name, what, _where(what, slug)) for _, name, what, slug in found.order_by("sort", "named")[:MOST_FOUND]
    ]


def _where(what: str, slug: str) -> str:
    if what == "Client body":
        return reverse("partnership:partners")
    return reverse("partnership:partner" if what == "Partner" else "partnership:post", args=[slug])


def _people(words: str, on: date) -> list[Found]:
    """People by the posts they hold: a name leads to the post, not to the account."""
    held = Appointment.objects.on(on).filter(person__name__icontains=words, person__is_active=True)
    rows = held.select_related("person", "post").order_by("person__name", "starts", "pk")[:MOST_FOUND]
    return [Found(f"{row.person}, {row.post.title}", "Person", row.post.get_absolute_url()) for row in rows]


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that waits for the reader's post: what, where, and why it is theirs."""

    title: str
    url: str
    why: str
    due: date | None = None


def owed(by: By) -> list[Owed]:
    """What waits for this post: consents and confirmations of its partner, and posts that nobody holds."""
    rows = [*_consents(by), *_confirmations(by)] if CONSENTS in by.roles else []
    return [*rows, *_vacancies(by)] if administers(by, by.partner) else rows


def awaited(by: By) -> list[Owed]:
    """What this post waits for from others: the consents that its proposals lack."""
    if not by.post:
        return []
    agreed = RuleVersion.objects.filter(last_consent__proposal=OuterRef("pk"))
    rows = Proposal.objects.filter(~Exists(agreed), post=by.post, revocation=None).order_by("pk")
    return [
        Owed(str(row), row.get_absolute_url(), "Not every partner that must has consented", row.effective_from)
        for row in rows
    ]


def _vacancies(by: By) -> list[Owed]:
    """Posts that nobody holds: those that this administrator fills, and the one that fills the shared service's."""
    own = Q(partner__slug=by.partner) if by.partner else Q(partner=None)
    shared = Q(partner=None, role=Role.ADMINISTRATOR)
    held = posts_held(day_of(by.at), Post.objects.filter(own | shared).select_related("partner"))
    theirs = [one for one in held if not by.partner or one.post.partner]
    url = reverse("partnership:people", args=[by.partner or "service"])
    rows = [Owed(words, url, "You administer these posts") for words in lacking(theirs)]
    others = [one.post for one in held if one not in theirs and one.is_vacant]
    why = "It appoints the shared service's people. The administrator of any partner may fill it"
    return [*rows, *(Owed(f"Nobody holds the post {post.title}.", post.get_absolute_url(), why) for post in others)]


def _consents(by: By) -> list[Owed]:
    """Proposals that wait, and to which the post's partner has not consented; in one query, for a page of many apps."""
    given = Consent.objects.filter(proposal=OuterRef("pk"), partner__slug=by.partner, revocation=None)
    agreed = RuleVersion.objects.filter(last_consent__proposal=OuterRef("pk"))
    rows = Proposal.objects.filter(_is_party(by), ~Exists(given), ~Exists(agreed), revocation=None)
    return [Owed(str(row), row.get_absolute_url(), "Your authority has not consented") for row in rows]


def _confirmations(by: By) -> list[Owed]:
    """Rules in force as they were found, of which the post's partner has not spoken; in one query."""
    said = Confirmation.objects.filter(version=OuterRef("pk"), partner__slug=by.partner)
    known = RuleVersion.objects.filter(_is_party(by), corrected_by=None, effective_from__lte=day_of(by.at))
    rows = known.annotate(has_said=Exists(said)).order_by("effective_from", "number")
    in_force = {row.rule: row for row in rows}
    why = "Your authority has not said whether this is what was agreed"
    return [
        Owed(str(row), row.get_absolute_url(), why)
        for row in (in_force[rule] for rule in KINDS if rule in in_force)
        if row.how == RuleVersion.How.FOUND and not row.has_said
    ]


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
