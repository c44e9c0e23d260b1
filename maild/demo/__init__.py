"""``maild demo``: the main job on embedded servers, with the real engine, five days in seconds.

Importing this needs the extra packages of ``maild[demo]``.
"""

from maild.demo.playing import play

__all__ = ["play"]
