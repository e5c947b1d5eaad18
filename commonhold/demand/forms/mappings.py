"""What is asked when a mapping is saved or retired, and when kept files are to be read again by one."""

from typing import Final

from commonhold.demand.engine.mapping import DESK_LIMIT
from commonhold.demand.models.mapping import LONGEST_WHY
from commonhold.govuk.fields import File, Select, Text, TextArea
from commonhold.govuk.form import Form

SMALL_FILE: Final = 10 * 2**20
READ_BY_ALL: Final = "All partners read this beside the mapping"
MAPPING_NAMES: Final = {
    "servicenow-audit": "ServiceNow, a log with one row for each change",
    "servicenow-table": "ServiceNow, the table of incidents",
    "servicenow-task-sla": "ServiceNow, the table of task SLAs",
    "hornbill": "Hornbill",
    "jira-sm": "Jira Service Management",
    "glpi": "GLPI",
    "zammad": "Zammad",
    "freshservice": "Freshservice",
    "redmine": "Redmine",
    "canonical": "Commonhold's own columns",
}


class SaveMappingForm(Form):
    """A mapping of one's own, to be saved under a name."""

    name = Text(
        "Name",
        hint="Small letters and digits with hyphens between, such as north-desk. An existing name gets a new version",
        max_length=DESK_LIMIT,
        width=20,
    )
    mapping = File("Mapping file", hint="TOML, in the form that the guide describes", largest=SMALL_FILE)
    why = TextArea("Why?", hint=READ_BY_ALL, max_length=LONGEST_WHY, rows=3)


class RetireMappingForm(Form):
    """Why a mapping is offered no more."""

    why = TextArea("Why?", hint=READ_BY_ALL, max_length=LONGEST_WHY, rows=3)


class ReadAgainForm(Form):
    """By which saved mapping kept files are to be read."""

    page_only = frozenset({"mapping"})

    mapping = Select("Read them by", ())
