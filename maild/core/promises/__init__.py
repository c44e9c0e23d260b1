"""What was promised, when each promise falls due, and who is told when it slips."""
