"""The service-level clock: compile the rules, join the histories, read the clocks; or explain one of them.

    rules = compile_rules([(since, calendars)], [(since, targets)], first, last, [(since, hold_reasons)])
    reckoned = reckon(Histories.joined(timelines), rules, as_of)
    explanation = explain(steps, rules, as_of)

Instants are whole seconds since 1970 (UTC), durations whole seconds (rules C1-C11).
"""

from commonhold.demand.engine.clock.compiled import Compiled, compile_rules
from commonhold.demand.engine.clock.explanation import Explanation, Stretch, explain
from commonhold.demand.engine.clock.histories import SINCE_EVER, STEP, Histories, Op, opened, timeline
from commonhold.demand.engine.clock.reckoning import Reckoned, TeamTime, by_team, reckon
from commonhold.demand.engine.clock.undated import Otherwise, otherwise

__all__ = [
    "SINCE_EVER",
    "STEP",
    "Compiled",
    "Explanation",
    "Histories",
    "Op",
    "Otherwise",
    "Reckoned",
    "Stretch",
    "TeamTime",
    "by_team",
    "compile_rules",
    "explain",
    "opened",
    "otherwise",
    "reckon",
    "timeline",
]
