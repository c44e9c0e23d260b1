"""OAuth 2.0 (RFC 6749): the desk's access token, in a file that one unit renews and the daemon only reads.

``tokenfile`` reads and writes it; ``grants`` asks the provider. The latter's library is an extra, and loaded
by nothing but ``maild token``.
"""
