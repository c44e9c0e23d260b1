"""How mail programs that write HTML quote what they answer: own lines above, the quoted ones below."""

# ruff: noqa: RUF001 - lines and dashes of many programs

from collections.abc import Callable
from html import escape

_WHO = "Rita via Example Security Team"
_AT = "security@project.example"
_HEAD = (
    ("From", f"{_WHO} &lt;{_AT}&gt;"),
    ("Sent", "Monday, March 2, 2026 10:30 AM"),
    ("To", _AT),
    ("Subject", "[EX-222222] Overflow"),
)


def _lines(lines: list[str]) -> str:
    return "<br>\n".join(escape(one).replace("  ", "&nbsp; ") for one in lines)


def _blocks(lines: list[str]) -> str:
    return "".join(f"<div>{escape(one).replace('  ', '&nbsp; ') or '<br>'}</div>\n" for one in lines)


def _paragraphs(lines: list[str]) -> str:
    return "".join(
        f"<p class=MsoNormal>{escape(one) or '<o:p>&nbsp;</o:p>'}<o:p></o:p></p>\n" for one in lines
    )


def _labelled(ends: str, tag: str = "b") -> str:
    return ends.join(f"<{tag}>{name}:</{tag}>&nbsp;{value}" for name, value in _HEAD)


HTML: dict[str, Callable[[list[str], list[str]], str]] = {
    "Gmail": lambda own, quoted: (
        f'<div dir="ltr">{_blocks(own)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, '
        f'Mar 2, 2026 at 10:30 AM {_WHO} &lt;<a href="mailto:{_AT}">{_AT}</a>&gt; wrote:<br></div><blockquote '
        f'class="gmail_quote">{_lines(quoted)}</blockquote></div>'
    ),
    "Outlook": lambda own, quoted: (
        f'<div class="WordSection1">{_paragraphs(own)}<div style="border-top:solid 1.0pt"><p class="MsoNormal">'
        f"{_labelled('<br>')}<o:p></o:p></p></div>{_paragraphs(quoted)}</div>"
    ),
    "Outlook on the web": lambda own, quoted: (
        f'<div class="elementToProof">{_blocks(own)}</div><hr><div id="divRplyFwdMsg">{_labelled("<br>")}<div>&nbsp;'
        f"</div></div>{_lines(quoted)}"
    ),
    "Outlook for iOS": lambda own, quoted: (
        f"<div>{_blocks(own)}</div><div>Get <a href='https://aka.ms/o0ukef'>Outlook for iOS</a></div><hr><div>"
        f"{_labelled('<br>')}<div>&nbsp;</div></div>{_lines(quoted)}"
    ),
    "Apple Mail": lambda own, quoted: (
        f'{"<br>".join(own)}<br><div><br><blockquote type="cite"><div>On 2 Mar 2026, at 10:30, {_WHO} &lt;{_AT}&gt; '
        f"wrote:</div><br><div><div>{_lines(quoted)}</div></div></blockquote></div>"
    ),
    "iPhone, German": lambda own, quoted: (
        f'{"<br>".join(own)}<br><br><div>Von meinem iPhone gesendet</div><div><br><blockquote type="cite">Am 02.03.2026'
        f' um 10:30 schrieb {_WHO} &lt;{_AT}&gt;:<br><br></blockquote></div><blockquote type="cite"><div><span>'
        + "</span><br><span>".join(map(escape, quoted))
        + "</span></div></blockquote>"
    ),
    "Samsung": lambda own, quoted: (
        f"<div>{_blocks(own)}</div><div>Sent from my Galaxy</div><div><br></div><div><!-- originalMessage --><div>"
        f"-------- Original message --------</div><div>{_labelled('</div><div>', 'span')}</div><div><br></div></div>"
        f"{_lines(quoted)}"
    ),
    "K-9": lambda own, quoted: (
        f'{"<br>".join(own)}<br><br><div class="gmail_quote">On March 2, 2026 10:30:00 AM GMT+01:00, {_WHO} &lt;{_AT}'
        f'&gt; wrote:<blockquote><pre class="k9mail">{escape(chr(10).join(quoted))}</pre></blockquote></div><div>-- <br>'
        "Sent from my Android device with K-9 Mail. Please excuse my brevity.</div>"
    ),
    "GMX": lambda own, quoted: (
        f'<div>{_blocks(own)}<div>&nbsp;<div name="quote"><div><b>Gesendet:</b>&nbsp;Montag, 02. März 2026 um 10:30 Uhr'
        f'<br/><b>Von:</b>&nbsp;"{_WHO}" &lt;{_AT}&gt;<br/><b>An:</b>&nbsp;{_AT}<br/><b>Betreff:</b>&nbsp;x</div><div '
        f'name="quoted-content">{_lines(quoted)}</div></div></div></div>'
    ),
    "eM Client": lambda own, quoted: (
        f'{_blocks(own)}<div>------ Original Message ------</div><div>From "{_WHO}" &lt;{_AT}&gt;</div><div>To {_AT}'
        f"</div><div>Date 3/2/2026 10:30:00 AM</div><div>Subject x</div><div><br></div><blockquote>{_lines(quoted)}"
        "</blockquote>"
    ),
    "Notes": lambda own, quoted: (
        f'<font>{"<br>".join(own)}</font><br><br><table><tr><td>From: </td><td>"{_WHO}" &lt;{_AT}&gt;</td></tr><tr><td>To:'
        f" </td><td>{_AT}</td></tr><tr><td>Date: </td><td>02.03.2026 10:30</td></tr><tr><td>Subject: </td><td>x</td></tr>"
        f"</table><hr><br><tt>{_lines(quoted)}</tt>"
    ),
    "QQ": lambda own, quoted: (
        f"<div>{'<br>'.join(own)}</div><div><br></div><div>------------------&nbsp;原始邮件&nbsp;------------------</div>"
        f'<div><div><b>发件人:</b>&nbsp;"{_WHO}"&lt;{_AT}&gt;;</div><div><b>发送时间:</b>&nbsp;2026年3月2日</div><div><b>'
        f"主题:</b>&nbsp;x</div></div><div><br></div>{_lines(quoted)}"
    ),
    "Nextcloud": lambda own, quoted: (
        f'<div>{"<br>".join(own)}</div><div class="quote"><br>"{_WHO}" {_AT} – 2. März 2026 10:30<br><blockquote>'
        f"{_lines(quoted)}</blockquote></div>"
    ),
    "Proton": lambda own, quoted: (
        f'<div>{_blocks(own)}</div><div class="protonmail_quote">On Monday, March 2nd, 2026 at 10:30 AM, {_WHO} &lt;{_AT}'
        f"&gt; wrote:<br><blockquote>{_lines(quoted)}</blockquote><br></div>"
    ),
    "Zoho": lambda own, quoted: (
        f"<div>{_blocks(own)}<br></div><div>---- On Mon, 02 Mar 2026 10:30:00 +0100 <b>{_WHO} &lt;{_AT}&gt;</b> wrote ---"
        f"</div><div><br></div><blockquote><div>{_lines(quoted)}</div></blockquote>"
    ),
}
"""The HTML of an answer above the quote. An own line can be put among the quoted ones."""
