"""The performance pack of a period for an audience: figures in, a document out."""

from commonhold.performance.engine.pack.edition import Edition, Held, Profile, Urgent
from commonhold.performance.engine.pack.writing import document

__all__ = ["Edition", "Held", "Profile", "Urgent", "document"]
