"""What happens and what follows: one module a family of events, each matched to its end."""
