"""``maild`` with a lease of three seconds, for storms."""

from datetime import timedelta

from maild.store import lease

lease.LENGTH = timedelta(seconds=3)

from maild.cli.main import main  # noqa: E402 - what it loads takes the length over

if __name__ == "__main__":
    main()
