"""Mail as values: bytes in, headers, parts, addresses and texts out, within limits, whatever the bytes."""
