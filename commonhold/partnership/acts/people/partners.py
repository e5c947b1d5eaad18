"""Partners, the partnership that makes them parties, and the bodies that are only served."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.models import ClientBody, Partner, Partnership, Post
from commonhold.partnership.permissions import (
    adds_partners,
    administers,
    administers_somebody,
    is_the_command_line,
    keeps_client_bodies,
)
from commonhold.partnership.queries.agreeing import refuse_older
from commonhold.partnership.queries.people import administrators
from commonhold.partnership.queries.who import day_of
from commonhold.refusals import Refused, require

LONGEST_NAME: Final = 120
RESERVED: Final = frozenset({"board", "none", "public", "service"})
"""Words that mean an audience or a whole where addresses, files and filters name a partner; none is called by them."""


@transaction.atomic
def add_partner(*, by: By, name: str) -> Partner:
    """Add an authority as not yet a party; what makes it one is the founding, or a change of the agreement (R4)."""
    require(adds_partners(by), "add a partner")
    partner = _partner(name)
    record(by=by, kind="partner.added", subject=partner, facts={"name": partner.name})
    return partner


@transaction.atomic
def found(*, by: By, name: str, partners: Iterable[str], joined: date) -> Partnership:
    """Found the partnership, once: the partners named, by files before or only now, are parties from that day on."""
    require(is_the_command_line(by), "found the partnership")
    names = [_written(partner) for partner in partners]
    if len({partner.casefold() for partner in names}) < len(names):
        raise Refused("A partner is named twice.")
    if not names:
        raise Refused("A partnership has partners: name them.")
    if not _written(name):
        raise Refused("Give the partnership a name.")
    try:
        with transaction.atomic():
            founded = Partnership.objects.create(pk=1, name=_written(name), founded=day_of(by.at))
    except IntegrityError:
        raise Refused("The partnership has been started already; that can be done once only.") from None
    known = {partner.name.casefold(): partner for partner in Partner.everyone.all()}
    parties = [known.get(partner.casefold()) or _partner(partner) for partner in names]
    Partner.everyone.filter(pk__in=[p.pk for p in parties]).update(joined=joined, provisional=False)
    facts = {
        "name": founded.name,
        "partners": [{"slug": p.slug, "name": p.name} for p in parties],
        "joined": joined.isoformat(),
    }
    record(by=by, kind="partnership.founded", subject=founded, facts=facts)
    return founded


@transaction.atomic
def rename_partnership(*, by: By, name: str) -> Partnership:
    """Put the partnership's name right; every administrator is told."""
    require(administers_somebody(by), "rename the partnership")
    founded = Partnership.objects.select_for_update().filter(pk=1).first()
    if founded is None or not _written(name):
        raise Refused("Give the partnership a name." if founded else "The partnership has not been started yet.")
    founded.name = _written(name)
    founded.save(update_fields=("name",))
    tell(by=by, people=administrators(None, by.at), subject=founded, why="The partnership's name was put right.")
    record(by=by, kind="partnership.renamed", subject=founded, because=founded.entry, facts={"name": founded.name})
    return founded


@transaction.atomic
def correct_partner(*, by: By, partner: Partner, name: str, joined: date | None, edition: int) -> Partner:
    """Put a partner's name or day of joining right; its own administrator may. Leaving is a change of the agreement."""
    require(administers(by, partner), "put right what is said of this partner")
    if (joined is None) != (partner.joined is None) or (joined and joined > day_of(by.at)):
        raise Refused("Whether an authority is party to the agreement is changed by consent, not by a correction.")
    if not _written(name):
        raise Refused("An authority has a name.")
    if Partner.everyone.filter(name__iexact=_written(name)).exclude(pk=partner.pk).exists():
        raise Refused(f"There is already a partner called {_written(name)}.")
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    refuse_older(edition, partner.edition)
    before = f", {partner.name}"
    partner.name, partner.joined, partner.edition = _written(name), joined, edition + 1
    partner.save(update_fields=("name", "joined", "edition"))
    for post in Post.objects.filter(partner=partner, title__endswith=before):
        post.title = f"{post.title.removesuffix(before)}, {partner.name}"
        post.save(update_fields=("title",))
    facts = {"name": partner.name, "joined": joined.isoformat() if joined else None}
    record(by=by, kind="partner.corrected", subject=partner, because=partner.entry, facts=facts)
    return partner


@transaction.atomic
def add_client_body(*, by: By, name: str, since: date) -> ClientBody:
    """Add a body that is served and charged and has no vote."""
    require(keeps_client_bodies(by), "add a client body")
    if not _written(name):
        raise Refused("Give the body a name.")
    if ClientBody.objects.filter(name__iexact=_written(name)).exists():
        raise Refused(f"There is already a client body called {_written(name)}.")
    taken = set(ClientBody.objects.values_list("slug", flat=True))
    body = ClientBody.objects.create(name=_written(name), slug=_free_slug(name, taken), since=since)
    record(by=by, kind="client-body.added", subject=body, facts={"name": body.name, "since": since.isoformat()})
    return body


@transaction.atomic
def correct_client_body(*, by: By, body: ClientBody, name: str, since: date, edition: int) -> ClientBody:
    """Put a client body's name or first day right."""
    require(keeps_client_bodies(by), "put right what is said of this client body")
    if not _written(name):
        raise Refused("The body has a name.")
    if ClientBody.objects.filter(name__iexact=_written(name)).exclude(pk=body.pk).exists():
        raise Refused(f"There is already a client body called {_written(name)}.")
    body = ClientBody.objects.select_for_update().get(pk=body.pk)
    refuse_older(edition, body.edition)
    if body.until and body.until < since:
        raise Refused("That is after the day on which the body's service ended.")
    body.name, body.since, body.edition = _written(name), since, edition + 1
    body.save(update_fields=("name", "since", "edition"))
    facts = {"name": body.name, "since": since.isoformat()}
    record(by=by, kind="client-body.corrected", subject=body, because=body.entry, facts=facts)
    return body


@transaction.atomic
def end_client_body(*, by: By, body: ClientBody, until: date, edition: int) -> ClientBody:
    """Record the day from which a client body is served no longer; the first day itself where it was an error."""
    require(keeps_client_bodies(by), "end the service of a client body")
    body = ClientBody.objects.select_for_update().get(pk=body.pk)
    refuse_older(edition, body.edition)
    if until < body.since:
        raise Refused("That is before the body was first served. Where it was entered in error, give its first day.")
    body.until, body.edition = until, edition + 1
    body.save(update_fields=("until", "edition"))
    record(by=by, kind="client-body.ended", subject=body, because=body.entry, facts={"until": until.isoformat()})
    return body


@working
def reserve_partner(*, name: str) -> Partner:
    """Keep a place for a partner that a file names; nothing shows it until the file is taken over."""
    taken = set(Partner.everyone.values_list("slug", flat=True))
    return Partner.everyone.create(name=name, slug=_free_slug(name, taken), provisional=True)


@working
def name_reserved_partners(*, numbers: Iterable[int]) -> list[str]:
    """Show the partners that a file named first; the entry of its import tells of them."""
    reserved = Partner.everyone.filter(pk__in=list(numbers), provisional=True)
    names = list(reserved.values_list("name", flat=True))
    reserved.update(provisional=False)
    return names


@working
def forget_reserved_partners() -> None:
    """Give up the places kept for partners that only a file named which was stopped."""
    Partner.everyone.filter(provisional=True).delete()


def _partner(name: str) -> Partner:
    """A new partner, or the one whose place a file keeps."""
    written = _written(name)
    if not written:
        raise Refused("An authority has a name.")
    known = Partner.everyone.filter(name__iexact=written).first()
    if known is not None:
        if not known.provisional:
            raise Refused(f"There is already a partner called {known.name}.")
        known.provisional = False
        known.save(update_fields=("provisional",))
        return known
    taken = set(Partner.everyone.values_list("slug", flat=True))
    return Partner.everyone.create(name=written, slug=_free_slug(written, taken))


def _free_slug(name: str, taken: set[str]) -> str:
    slug = slugify(name)[:50].strip("-") or "partner"
    number = 1
    while (free := slug if number == 1 else f"{slug}-{number}") in taken | RESERVED:
        number += 1
    return free


def _written(name: str) -> str:
    """A name without spaces that nobody means. Refused where it is longer than any name."""
    words = " ".join(name.split())
    if len(words) > LONGEST_NAME:
        raise Refused(f"A name has at most {LONGEST_NAME} characters: {words[:40]}… has {len(words)}.")
    return words
