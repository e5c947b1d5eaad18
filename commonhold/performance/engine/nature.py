"""What a value is, which decides how two periods are compared (F2, F3)."""

from enum import StrEnum


class Nature(StrEnum):
    FLOW = "flow"  # adds up over a period: compared per month where lengths differ
    STOCK = "stock"  # what is there at one instant
    SHARE = "share"  # compared in percentage points
    TIME = "time"  # a typical duration
