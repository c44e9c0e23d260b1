"""SMTP submission (RFC 5321, RFC 6409): what became of each letter, as a value.

Trouble is no exception here but an Outcome, because after the final dot it decides who may try again:
until that dot is sent the server cannot have the letter, after it only the server's answer tells
(RFC 5321 §6.1). Library: aiosmtplib, command by command.
"""

from maild.gateways.smtp.account import Kind, Outcome, SmtpAccount, Stage
from maild.gateways.smtp.sending import check, send
from maild.gateways.smtp.sessions import Sessions

__all__ = ["Kind", "Outcome", "Sessions", "SmtpAccount", "Stage", "check", "send"]
