"""Two tellings of one desk for the tests of reconciling: small files, read as an import reads them, by small rules."""

from datetime import UTC, date, datetime
from io import BytesIO

from commonhold.demand.engine.aside import Aside, Codes, read_aside
from commonhold.demand.engine.clock import SINCE_EVER, Compiled, compile_rules
from commonhold.demand.engine.intake import Intake
from commonhold.demand.engine.mapping import Mapping
from commonhold.figures import Span
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.performance.engine.groups import Names, Scope
from commonhold.performance.engine.periods import Period, period
from commonhold.performance.engine.reconciling.worlds import About, Side, World, joined
from tests.demand.reading import CANONICAL, KEY
from tests.performance import desks

DECEMBER = Span(date(2024, 12, 20), date(2025, 1, 6))
LATEST = int(datetime(2025, 6, 1, tzinfo=UTC).timestamp())


def rules(calendars: str = desks.CALENDARS, targets: dict[str, object] = desks.TARGETS) -> Compiled:
    """The agreement of the random desks."""
    known = Calendars.from_toml(calendars, "here")
    first, last = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2024, 2026))
    return compile_rules([(SINCE_EVER, known)], [(SINCE_EVER, Targets.from_json(targets))], first, last)


RULES = rules()


class Told:
    """Files read beside each other: a reference has the same number in all, a name the same code."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.codes = Codes({}, {}, {}, {})

    def file(self, text: str, mapping: Mapping = CANONICAL, by: Compiled = RULES) -> Aside:
        intake = Intake(BytesIO(text.encode()), mapping, key=KEY, tolerate=0)
        chunks = list(intake.chunks())
        for chunk in chunks:
            for reference in chunk.reference:
                self.numbers.setdefault(reference, len(self.numbers) + 1)
        return read_aside(
            chunks,
            is_history=mapping.kind == "events",
            columns=intake.columns,
            exported=LATEST,
            codes=self.codes,
            numbers=self.numbers,
            parties={},
            rules=by,
        )

    def about(self, scope: Scope | None = None) -> About:
        named = ({number: name for name, number in names.items()} for names in (
            self.codes.partner, self.codes.team, self.codes.service, self.codes.category
        ))  # fmt: skip
        partner, team, service, category = named
        return About(scope or {}, Names(partner, team, service, {}, category))


def worlds(
    ours: Aside, theirs: Aside, measure: str, span: Span = DECEMBER, by: Compiled = RULES
) -> tuple[World, World]:
    """The two sides as worlds of the same tickets."""
    return joined(_side(ours), _side(theirs), by, of(span), measure)


def of(span: Span) -> Period:
    return period(span, last_event=LATEST)


def _side(one: Aside) -> Side:
    return Side(one.tickets, one.histories, {})
