"""The performance pack of a period for an audience: figures in, a document out."""

from commonhold.performance.engine.pack.edition import Correction, Edition, Held, Month, Source, Urgent
from commonhold.performance.engine.pack.holding import Profile, held, monthly
from commonhold.performance.engine.pack.writing import document

__all__ = ["Correction", "Edition", "Held", "Month", "Profile", "Source", "Urgent", "document", "held", "monthly"]
