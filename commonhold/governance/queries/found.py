"""What a search finds in governance: bodies, meetings, items, papers, resolutions and actions, in one query."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import connection
from django.urls import reverse

from commonhold.governance.models.wording import brief
from commonhold.govuk.formats import day as written
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import Found

MOST: Final = 20

SEARCHED: Final = """
with
taken_back as (
  select coalesce(meeting_id, 0) as meeting_id, coalesce(item_id, 0) as item_id, coalesce(paper_id, 0) as paper_id,
    coalesce(resolution_id, 0) as resolution_id, coalesce(action_id, 0) as action_id
  from governance_retraction
),
a_meeting as (
  select meeting.id, meeting.day, meeting.place, body.name, body.slug
  from governance_meeting meeting join governance_body body on body.id = meeting.body_id
),
an_item as (
  select item.id, item.number, item.title, a_meeting.day, a_meeting.name, a_meeting.slug
  from governance_item item join a_meeting on a_meeting.id = item.meeting_id
),
a_resolution as (
  select resolution.id, resolution.number, resolution.text, an_item.number as item, day, name, slug
  from governance_resolution resolution join an_item on an_item.id = resolution.item_id
),
everything(kind, words, name, slug, day, item, number, address, taken_back) as (
  select 'Body', name, name, slug, cast(null as date), cast(null as integer), cast(null as bigint), '', false
  from governance_body
  union all
  select 'Meeting', place, name, slug, day, null, null, '', id in (select meeting_id from taken_back) from a_meeting
  union all
  select 'Agenda item', title, name, slug, day, number, null, '', id in (select item_id from taken_back) from an_item
  union all
  select 'Paper', paper.title, name, slug, day, an_item.number, null, paper.address,
    paper.id in (select paper_id from taken_back)
  from governance_paper paper join an_item on an_item.id = paper.item_id
  union all
  select 'Resolution', text, name, slug, day, item, number, '', id in (select resolution_id from taken_back)
  from a_resolution
  union all
  select 'Action', action.text, name, slug, day, item, action.id, '',
    action.id in (select action_id from taken_back) or resolution_id in (select resolution_id from taken_back)
  from governance_action action join a_resolution on a_resolution.id = action.resolution_id
)
select kind, words, name, slug, day, item, number, address, taken_back from everything
where {condition}
order by case when day is null then 0 else 1 end, day desc, item, kind
limit %s
"""
"""A meeting is found by its body's name and its place; everything else by its own words."""

GONE: Final = {"Meeting": "called off", "Agenda item": "withdrawn", "Paper": "withdrawn"}
"""What a thing that was taken back is said to be, where it was not entered in error."""

HOLDS: Final = "lower(case when kind = 'Meeting' then name || ' ' || words else words end) like %s escape '!'"


def found(text: str, seen_by: By) -> list[Found]:
    """What of the public record holds every word of the text, the latest first. Everybody may find it."""
    words = [f"%{_plain(word.lower())}%" for word in text.split()]
    if not words:
        return []
    with connection.cursor() as cursor:
        condition = " and ".join([HOLDS] * len(words))
        cursor.execute(SEARCHED.format(condition=condition), [*words, MOST])
        return [_told(*row) for row in cursor.fetchall()]


def _plain(word: str) -> str:
    """The word with nothing in it that stands for other letters."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _told(
    kind: str,
    words: str,
    name: str,
    slug: str,
    day: date | str | None,
    item: int,
    number: int,
    address: str,
    taken_back: bool,
) -> Found:
    """A row as a search shows it, with the address that its own page has."""
    if day is None:
        return Found(words, kind, reverse("governance:body", args=[slug]))
    on = date.fromisoformat(day) if isinstance(day, str) else day
    meeting, at = f"{name}, {written(on)}", reverse("governance:meeting", args=[slug, on])
    what = f"{kind}, {GONE.get(kind, 'entered in error')}" if taken_back else kind
    if kind == "Meeting":
        return Found(meeting, what, at)
    title, anchors = f"{brief(words)} ({meeting})", {"Resolution": f"#resolution-{item}-{number}"}
    if kind == "Action":
        return Found(title, what, reverse("governance:action", args=[number]))
    return Found(title, what, address or f"{at}{anchors.get(kind, f'#item-{item}')}")
