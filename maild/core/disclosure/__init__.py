"""From report to disclosure: what people recorded of a case on its way to the announcement.

maild decides nothing here. It remembers what members said, shows what is still missing, and reminds.
"""
