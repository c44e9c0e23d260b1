"""Cases: what is tracked, who takes part, how mail finds its case, what counts as a reply."""
