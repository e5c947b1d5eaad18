"""What narrows down the list of jobs."""

from commonhold.govuk.fields import Select
from commonhold.govuk.filters import Filters
from commonhold.jobs.models import State
from commonhold.jobs.queries import ASKED_BY


class JobFilters(Filters):
    state = Select("State", State.choices, blank="Any")
    asked_by = Select("Asked for by", tuple(ASKED_BY.items()), blank="Anyone")
