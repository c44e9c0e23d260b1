"""What is known about a case: which facts there are (`table`), and those that were recorded (`record`)."""
