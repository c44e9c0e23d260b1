"""The vocabulary of screening, by topic; data, not code. ``Family`` tells how entries are written."""
