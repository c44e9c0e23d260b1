"""What becomes of what maild keeps: set aside, tried again, restored from a backup, given up in time."""
