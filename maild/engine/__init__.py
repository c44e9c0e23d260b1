"""The order of steps: when to fetch, open, decide, send and look at the clock; what to do about trouble."""
