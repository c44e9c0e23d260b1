"""The advisory: written once, as data and text, and rendered in every form that somebody reads."""

from maild.core.disclosure.advisory.model import Advisory, Affected, Credit, Publisher

__all__ = ["Advisory", "Affected", "Credit", "Publisher"]
