"""The performance pack of a period for an audience: figures in, a document out."""

from commonhold.performance.engine.pack.edition import (
    Brought,
    Correction,
    Doubted,
    Edition,
    Explained,
    Held,
    Month,
    Source,
    Spoken,
    Urgent,
)
from commonhold.performance.engine.pack.holding import Profile, held, monthly
from commonhold.performance.engine.pack.writing import document

__all__ = [
    "Brought",
    "Correction",
    "Doubted",
    "Edition",
    "Explained",
    "Held",
    "Month",
    "Profile",
    "Source",
    "Spoken",
    "Urgent",
    "document",
    "held",
    "monthly",
]
