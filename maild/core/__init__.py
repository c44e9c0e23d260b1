"""Values and decisions. No I/O, no clock, no waiting, no logging, no randomness (checked in ``setup.cfg``)."""
