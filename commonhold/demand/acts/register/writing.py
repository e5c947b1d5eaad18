"""Writing an incident up: drafts are workings, what is signed off is a version on the record (U3)."""

from django.db import transaction

from commonhold.demand.acts.register.locking import _given, _standing
from commonhold.demand.engine.incidents.account import Account, result_of
from commonhold.demand.models import Incident, IncidentDraft, WriteUp
from commonhold.demand.permissions import keeps_the_register, signs_off
from commonhold.demand.queries.register.residents import named
from commonhold.demand.queries.register.standing import clocked_now, standing_write_up
from commonhold.governance.models import Action
from commonhold.governance.queries import holders_of
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.models import Partner, Post, Role
from commonhold.partnership.queries.agreeing import refuse_older
from commonhold.refusals import Refused, require


@working
@transaction.atomic
def keep_draft(*, by: By, incident: Incident, account: Account, edition: int) -> IncidentDraft:
    """Keep what is written of an incident, unfinished or not, unless somebody saved another edition meanwhile (U4)."""
    require(keeps_the_register(by), "write this incident up")
    now = _standing(incident)
    said = account.checked(by.at)
    draft, _ = IncidentDraft.objects.select_for_update().get_or_create(
        incident=now, defaults={"post": by.post, "at": by.at}
    )
    refuse_older(edition, draft.edition)
    draft.said, draft.post, draft.at = said.to_json(), by.post, by.at
    draft.edition += 1
    draft.save()
    return draft


@transaction.atomic
def sign_off(*, by: By, incident: Incident, edition: int, reason: str = "") -> WriteUp:
    """Sign off the account as it was read: it stands on the record, and a later one names it and says why."""
    require(signs_off(by), "sign this incident's account off")
    now = _standing(incident)
    draft = IncidentDraft.objects.select_for_update().filter(incident=now).first()
    if draft is None or not draft.edition:
        raise Refused("Nothing is written of this incident yet.")
    if edition != draft.edition:
        raise Refused("Somebody saved a change after you read this account. Read it again, then sign it off.")
    account = draft.account
    if account.lacks:
        raise Refused(f"The account lacks {', '.join(account.lacks)}. Write it up first.")
    before = standing_write_up(now)
    if before is not None and draft.edition == draft.signed:
        raise Refused("This account is signed off as it stands.")
    made = _version(by, now, draft, account, before, reason)
    now.title, now.signed_once = account.title, True
    now.save(update_fields=("title", "signed_once"))
    draft.signed = draft.edition
    draft.save(update_fields=("signed",))
    _tell_partners(by, made, account)
    record(
        by=by,
        kind="incident.written-up",
        subject=made,
        because=[now.entry, before.entry if before else None],
        facts={"number": made.number, **({"instead_of": before.ref} if before else {})},
    )
    return made


def _version(
    by: By, incident: Incident, draft: IncidentDraft, account: Account, before: WriteUp | None, reason: str
) -> WriteUp:
    tickets = clocked_now(incident)
    last = WriteUp.objects.filter(incident=incident).order_by("-number").first()
    partners = Partner.objects.filter(pk__in=account.partners)
    made = WriteUp.objects.create(
        incident=incident,
        number=last.number + 1 if last else 1,
        instead_of=before,
        reason=_given(reason, "Say why this account takes the place of the one that stands.") if before else "",
        said=account.to_json(),
        services=named(account.services),
        partners=sorted(partner.name for partner in partners),
        clocked=[one.to_json() for one in tickets],
        result=result_of(tickets),
        written_by=draft.post,
        post=by.post,
        at=by.at,
    )
    made.actions.set(Action.objects.filter(pk__in=account.actions))
    return made


def _tell_partners(by: By, made: WriteUp, account: Account) -> None:
    """The client leads of the partners that it hit, and they may remark on it."""
    posts = Post.objects.filter(role=Role.CLIENT_LEAD, partner__in=account.partners)
    people = [person for post in posts for person in holders_of(post, by.at)]
    tell(by=by, people=people, subject=made, why="An incident that hit your authority was written up.")
