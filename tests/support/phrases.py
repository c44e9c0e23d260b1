"""The phrases as maild ships them, for what is called without a policy."""

from maild.config.words import phrases

PHRASES = phrases()
