"""The database: tables, one open transaction at a time, and no idea why a state changes."""
