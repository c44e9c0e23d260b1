"""Real servers and small builders for the tests; nothing here leaves 127.0.0.1."""
