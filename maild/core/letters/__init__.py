"""Letters: what each says, who makes it, and the one way to a reporter."""
