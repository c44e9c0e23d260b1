"""What has a date of its own: the embargo, the reporter's date, publications, the steps of a law.

Each is a `Due` (`shape`); there is one reminder for all of them (`reminding`).
"""
