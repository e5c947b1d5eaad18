"""Consent (R2): no order of events makes a change effective without what it needs, and nobody's name matters (P1)."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.partnership.engine.consent import Case, Holding, Needed, Speaker
from commonhold.refusals import Refused

FIRST = date(2026, 7, 1)
TEXT = "0" * 64
PARTNERS = ("southmere", "thornley", "wexcombe")


def holding(person: int, partner: str, **changes: object) -> Holding:
    values: dict[str, object] = {
        "person": person, "post": f"lead-of-{partner}", "partner": partner, "may_consent": True, "starts": FIRST
    }  # fmt: skip
    return Holding(**{**values, **changes})


def speaker(person: int, partner: str, on: date = FIRST) -> Speaker:
    return Speaker(person=person, post=f"lead-of-{partner}", partner=partner, on=on)


THREE = [holding(number, partner) for number, partner in enumerate(PARTNERS)]


def test_one_consent_is_enough_where_the_rule_asks_for_one() -> None:
    case = Case(TEXT, Needed(frozenset(PARTNERS), 1))

    assert case.give(speaker(1, "thornley"), TEXT, THREE).is_settled


def test_the_last_of_three_settles_where_the_rule_asks_everybody() -> None:
    case = Case(TEXT, Needed(frozenset(PARTNERS)))
    for number, partner in enumerate(PARTNERS):
        assert not case.is_settled
        case = case.give(speaker(number, partner), TEXT, THREE)

    assert case.is_settled


def test_of_nobody_nothing_is_enough() -> None:
    assert not Needed(frozenset()).is_met([])
    assert not Needed(frozenset(), 1).is_met(["southmere"])


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (speaker(9, "southmere"), "Only somebody who holds"),
        (speaker(0, "southmere", FIRST - timedelta(days=1)), "Only somebody who holds"),
        (speaker(0, "elsewhere"), "not one of those whose consent"),
    ],
    ids=["another person", "before the appointment", "not a party"],
)
def test_somebody_not_entitled_is_refused(who: Speaker, words: str) -> None:
    with pytest.raises(Refused, match=words):
        Case(TEXT, Needed(frozenset(PARTNERS))).give(who, TEXT, THREE)


def test_a_former_holder_is_refused_from_the_day_the_appointment_ends() -> None:
    case = Case(TEXT, Needed(frozenset(PARTNERS)))
    ended = [holding(0, "southmere", ends=FIRST + timedelta(days=5))]

    with pytest.raises(Refused, match="holds, today"):
        case.give(speaker(0, "southmere", FIRST + timedelta(days=5)), TEXT, ended)
    assert case.give(speaker(0, "southmere", FIRST + timedelta(days=4)), TEXT, ended).given == {"southmere": 0}


def test_a_post_that_may_not_consent_is_refused() -> None:
    with pytest.raises(Refused, match="a post that may consent"):
        Case(TEXT, Needed(frozenset(PARTNERS))).give(
            speaker(0, "southmere"), TEXT, [holding(0, "southmere", may_consent=False)]
        )


def test_another_text_is_refused() -> None:
    with pytest.raises(Refused, match="The text has changed"):
        Case(TEXT, Needed(frozenset(PARTNERS))).give(speaker(0, "southmere"), "1" * 64, THREE)


def test_one_person_never_consents_for_two_partners_even_after_withdrawing() -> None:
    both = [holding(0, "southmere"), holding(0, "thornley"), holding(1, "southmere")]
    case = Case(TEXT, Needed(frozenset(PARTNERS))).give(speaker(0, "southmere"), TEXT, both)

    with pytest.raises(Refused, match="never consents for two"):
        case.give(speaker(0, "thornley"), TEXT, both)
    with pytest.raises(Refused, match="never consents for two"):
        case.take_back(speaker(1, "southmere"), both).give(speaker(0, "thornley"), TEXT, both)


def test_a_consent_can_be_withdrawn_until_the_last() -> None:
    case = Case(TEXT, Needed(frozenset(PARTNERS), 2)).give(speaker(0, "southmere"), TEXT, THREE)
    open_again = case.take_back(speaker(0, "southmere"), THREE)
    settled = case.give(speaker(1, "thornley"), TEXT, THREE)

    assert open_again.given == {}
    with pytest.raises(Refused, match="settled"):
        settled.take_back(speaker(0, "southmere"), THREE)


# Properties


@dataclass(frozen=True)
class Event:
    """Somebody tries to consent, or to withdraw a consent, or merely stays silent for a day."""

    what: str
    person: int
    partner: str
    day: int
    text: str = TEXT


events = st.lists(
    st.builds(
        Event,
        what=st.sampled_from(["give", "give", "take back", "silence"]),
        person=st.integers(0, 4),
        partner=st.sampled_from(PARTNERS),
        day=st.integers(0, 20),
        text=st.sampled_from([TEXT, TEXT, TEXT, "1" * 64]),
    ),
    max_size=40,
)
held = st.lists(
    st.builds(
        lambda person, partner, starts, length, may: holding(
            person,
            partner,
            starts=FIRST + timedelta(days=starts),
            ends=FIRST + timedelta(days=starts + length) if length else None,
            may_consent=may,
        ),
        st.integers(0, 4),
        st.sampled_from(PARTNERS),
        st.integers(0, 15),
        st.integers(0, 10),
        st.sampled_from([True, True, True, False]),
    ),
    max_size=10,
)
wanted = st.one_of(st.none(), st.integers(1, 4))


def tell(events: list[Event], holdings: list[Holding], number: int | None) -> tuple[Case, list[Event]]:
    """What comes of the events in this order, and those that were not refused."""
    case = Case(TEXT, Needed(frozenset(PARTNERS), number))
    counted = []
    for event in events:
        who = speaker(event.person, event.partner, FIRST + timedelta(days=event.day))
        try:
            if event.what == "give":
                case = case.give(who, event.text, holdings)
            elif event.what == "take back":
                case = case.take_back(who, holdings)
            else:
                continue
        except Refused:
            continue
        counted.append(event)
    return case, counted


@given(events, held, wanted)
@settings(max_examples=400)
def test_nothing_is_effective_without_every_consent_it_needs(
    events: list[Event], holdings: list[Holding], number: int | None
) -> None:
    case, counted = tell(events, holdings, number)
    standing: dict[str, Event] = {}
    for event in counted:
        standing.pop(event.partner, None) if event.what == "take back" else standing.update({event.partner: event})

    assert case.is_settled == (len(standing) >= (3 if number is None else min(number, 3)))
    for partner, event in standing.items():
        day = FIRST + timedelta(days=event.day)
        assert event.text == TEXT
        assert any(h.entitles(event.person, f"lead-of-{partner}", partner, day) for h in holdings)


@given(events, held, wanted)
@settings(max_examples=400)
def test_nobody_speaks_for_two_partners(events: list[Event], holdings: list[Holding], number: int | None) -> None:
    _, counted = tell(events, holdings, number)
    spoke: dict[int, set[str]] = {}
    for event in counted:
        if event.what == "give":
            spoke.setdefault(event.person, set()).add(event.partner)

    assert all(len(partners) == 1 for partners in spoke.values())


@given(events, held, wanted)
@settings(max_examples=200)
def test_silence_changes_nothing(events: list[Event], holdings: list[Holding], number: int | None) -> None:
    spoken = [event for event in events if event.what != "silence"]

    assert tell(events, holdings, number)[0] == tell(spoken, holdings, number)[0]


@given(events, held, wanted, st.permutations(PARTNERS))
@settings(max_examples=400)
def test_renaming_partners_renames_the_outcome(
    events: list[Event], holdings: list[Holding], number: int | None, order: list[str]
) -> None:
    names = dict(zip(PARTNERS, order, strict=True))
    renamed, _ = tell(
        [Event(e.what, e.person, names[e.partner], e.day, e.text) for e in events],
        [
            Holding(h.person, f"lead-of-{names[h.partner]}", names[h.partner], h.may_consent, h.starts, h.ends)
            for h in holdings
        ],
        number,
    )
    case, _ = tell(events, holdings, number)

    assert renamed.is_settled == case.is_settled
    assert renamed.given == {names[partner]: person for partner, person in case.given.items()}


@given(events, held, wanted)
@settings(max_examples=200)
def test_once_settled_no_later_event_undoes_it(
    events: list[Event], holdings: list[Holding], number: int | None
) -> None:
    case, _ = tell(events, holdings, number)
    if case.is_settled:
        again, _ = tell([*events, *events], holdings, number)
        assert again == case
