"""What a decision can have recorded, a family a module; the rest, and the union of all, is in `change`."""
