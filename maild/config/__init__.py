"""The configuration: one TOML file, checked in full before anything starts."""

from maild.config.load import Config, find, load

__all__ = ["Config", "find", "load"]
