"""Values and decisions. No I/O, clock, waiting, logging or randomness.

Its parts are floors; imports go down only, as ``setup.cfg`` lists them. From the bottom:

- `facts` (what may be recorded about a case), `values` (case, people, rules, ids), `mail` (bytes to message),
  `screening`;
- `policy` (what is in force), `letters` (what each kind of letter says), `changes` and `change` (what can
  be recorded), `candidates` (what is loaded to decide with), `words` (the team's commands);
- `event`, `decision`, and `writing` (the only maker of letters);
- what is decided: `promises`, `disclosure`, `due` (what has a date of its own), `keeping`, `cases`;
- `events` (which function decides which event), and `decide` on top.
"""
