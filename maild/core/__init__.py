"""Values and decisions. No I/O, clock, waiting, logging or randomness (checked in ``setup.cfg``).

Its folders are floors too, as ``setup.cfg`` lists them. From the bottom: `values` (people, rules, ids),
`facts` (what may be recorded about a case), `mail` (bytes to message), `screening`, `words` (the team's
commands), `policy`. Above them is what is decided: `letters`, `promises`, `cases`, `disclosure`, `due` (what
has a date of its own). Then come `events`, and `decide` on top.
"""
