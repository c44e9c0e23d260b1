"""``maild replay``: what an archive of past mail would have looked like under this policy.

The archive is read, and a desk in memory decides about it at the mail's own times.
Nothing is written or sent.
"""

from maild.app.replay.archive import read
from maild.app.replay.figures import Played, figures, suggestions
from maild.app.replay.playing import playing

__all__ = ["Played", "figures", "playing", "read", "suggestions"]
