"""What partners remark on an incident, and what they are answered."""

from django.db import transaction

from commonhold.demand.acts.register.locking import _standing
from commonhold.demand.engine.incidents.account import LONGEST_WORDS
from commonhold.demand.models import Incident, Remark
from commonhold.demand.permissions import keeps_the_register, remarks
from commonhold.governance.queries import holders_of
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.models import Partner, Post, Role
from commonhold.refusals import Refused, require


@transaction.atomic
def remark(*, by: By, incident: Incident, words: str) -> Remark:
    """Remark on an incident as a partner's client lead; it stands beside the incident, answered or not."""
    require(remarks(by), "remark on this incident")
    now = _standing(incident)
    partner = Partner.objects.get(slug=by.partner)
    said = _said(words)
    made = Remark.objects.create(incident=now, partner=partner, words=said, post=by.post, at=by.at)
    owners = Post.objects.filter(role=Role.SERVICE_MANAGER)
    people = [person for post in owners for person in holders_of(post, by.at)]
    tell(by=by, people=people, subject=made, why=f"{partner} remarked on an incident.")
    record(by=by, kind="incident.remarked", subject=made, because=now.entry)
    return made


@transaction.atomic
def answer(*, by: By, remark: Remark, words: str) -> Remark:
    """Answer a partner's remark; whoever made it is told."""
    require(keeps_the_register(by), "answer remarks on this incident")
    now = _standing(remark.incident)
    if remark.answers_id:
        raise Refused("This is an answer itself. Answer the remark.")
    if remark.struck:
        raise Refused("This remark was entered in error, so there is nothing to answer.")
    said = _said(words)
    made = Remark.objects.create(incident=now, answers=remark, words=said, post=by.post, at=by.at)
    author = Post.objects.filter(slug=remark.post).first()
    people = holders_of(author, by.at) if author else []
    tell(by=by, people=people, subject=made, why="Your remark on an incident was answered.")
    record(by=by, kind="incident.answered", subject=made, because=[now.entry, remark.entry])
    return made


def _said(words: str) -> str:
    said = words.strip()
    if not said:
        raise Refused("Write what you have to say.")
    if len(said) > LONGEST_WORDS or "\x00" in said:
        raise Refused(f"A remark has at most {LONGEST_WORDS:,} characters, and no null character.")
    return said
