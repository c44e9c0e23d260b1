"""The last look at a letter to anybody outside the team, at its final bytes, right before SMTP."""
