"""The team's commands: which there are (`table`), and how they are read from a message (`reading`)."""
