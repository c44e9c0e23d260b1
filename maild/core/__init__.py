"""Values and decisions. No I/O, clock, waiting, logging or randomness (checked in ``setup.cfg``)."""
