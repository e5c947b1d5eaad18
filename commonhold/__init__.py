"""Commonhold: how several public authorities run one shared ICT service together."""

import zoneinfo

__version__ = "0.1.0"

# Clock changes come from the package tzdata alone, whatever the machine's own are: the same figures everywhere.
zoneinfo.reset_tzpath(to=())
