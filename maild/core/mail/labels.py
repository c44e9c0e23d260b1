"""The labels of the head that mail programs put above a message that they quote or forward, by language.

From their own translations: Outlook, Apple Mail, Gmail, Thunderbird, Yahoo, Yandex, Mail.ru, QQ and others.
"""
# ruff: noqa: RUF001 - words of many languages

from typing import NamedTuple


class Labels(NamedTuple):
    """One language: what stands before the author, before the subject, and before the rest, in lower case."""

    author: tuple[str, ...]
    subject: tuple[str, ...]
    others: tuple[str, ...]


LANGUAGES = (
    Labels(("from",), ("subject",), ("sent", "to", "date", "cc", "organization", "reply-to", "importance")),
    Labels(
        ("von",),
        ("betreff",),
        ("gesendet", "an", "datum", "cc", "kopie", "kopie (cc)", "organisation", "antwort an"),
    ),
    Labels(("od",), ("předmět",), ("odesláno", "komu", "datum", "kopie", "odpověď na")),
    Labels(("od",), ("predmet",), ("odoslané", "komu", "pre", "dátum", "kópia")),
    Labels(("fra",), ("emne",), ("sendt", "til", "dato", "cc", "kopi", "vedhæftet", "svar til")),
    Labels(
        ("de", "remitente"), ("asunto",), ("enviado", "enviado el", "para", "fecha", "cc", "organización")
    ),
    Labels(("de", "expéditeur"), ("objet", "sujet"), ("envoyé", "date", "à", "pour", "cc", "copie à")),
    Labels(("da", "mittente"), ("oggetto",), ("inviato", "a", "data", "cc", "per", "rispondi a")),
    Labels(("de", "remetente"), ("assunto",), ("enviado", "enviada em", "para", "data", "cc")),
    Labels(("보낸 사람", "보낸사람"), ("제목",), ("보낸 날짜", "받는 사람", "받는사람", "참조", "날짜")),
    Labels(("van",), ("onderwerp",), ("verzonden", "aan", "datum", "cc", "kopie")),
    Labels(("od", "nadawca"), ("temat",), ("wysłano", "do", "data", "dw", "adresat", "kopia")),
    Labels(("från",), ("ämne",), ("skickat", "till", "datum", "kopia")),
    Labels(("lähettäjä",), ("aihe",), ("lähetetty", "vastaanottaja", "päivämäärä", "päiväys", "kopio")),
    Labels(("feladó",), ("tárgy",), ("elküldve", "címzett", "dátum", "másolat", "másolatot kap")),
    Labels(
        ("de la", "expeditorul", "expeditor"),
        ("subiect", "subiectul"),
        ("trimis", "către", "dată", "data", "destinatarul", "cc"),
    ),
    Labels(("šalje", "od"), ("naslov", "predmet"), ("prima", "za", "datum", "poslano", "kopija")),
    Labels(("saatja",), ("teema",), ("saadetud", "adressaat", "kuupäev", "koopia")),
    Labels(("kimden", "gönderen"), ("konu",), ("gönderilen", "kime", "tarih", "bilgi", "gönderme tarihi")),
    Labels(
        ("от", "от кого", "отправитель"), ("тема",), ("отправлено", "кому", "дата", "копия", "ответ-кому")
    ),
    Labels(("від", "від кого"), ("тема",), ("відправлено", "надіслано", "кому", "дата", "копія")),
    Labels(("от", "подател"), ("относно", "тема"), ("изпратено", "до", "дата", "копие")),
    Labels(("από",), ("θέμα",), ("στάλθηκε", "προς", "ημερομηνία", "κοιν.")),
    Labels(("发件人", "发自"), ("主题",), ("发送时间", "发送日期", "收件人", "抄送", "日期", "组织")),
    Labels(("寄件者", "寄件人"), ("主旨",), ("寄件日期", "傳送時間", "收件者", "收件人", "副本", "日期")),
    Labels(("差出人", "送信者"), ("件名",), ("送信日時", "宛先", "日付", "日時")),
    Labels(("מאת",), ("נושא",), ("נשלח", "אל", "תאריך", "עותק")),
    Labels(("من",), ("الموضوع",), ("تاريخ الإرسال", "إلى", "التاريخ")),
    Labels(("từ",), ("chủ đề",), ("đã gửi", "đến", "ngày", "tới")),
    Labels(("dari",), ("perihal", "subjek"), ("terkirim", "dikirim", "kepada", "tanggal", "ke")),
)
AUTHOR = frozenset(one for labels in LANGUAGES for one in labels.author)
SUBJECT = frozenset(one for labels in LANGUAGES for one in labels.subject)
TOGETHER = tuple(frozenset((*one.author, *one.subject, *one.others)) for one in LANGUAGES)
"""What stands in one head, a set for each language."""
_ORIGINALS = (
    *("original message", "original email", "forwarded message", "start of forwarded message", "fwd.msg"),
    *("ursprüngliche nachricht", "urspruengliche nachricht", "original-nachricht", "originalnachricht"),
    *("weitergeleitete nachricht", "weitergeleitete e-mail", "message d'origine", "message original"),
    *("message transféré", "message transmis", "courriel original", "mensaje original", "mensaje reenviado"),
    *("messaggio originale", "messaggio inoltrato", "messaggio originario", "oorspronkelijk bericht"),
    *("doorgestuurd bericht", "mensagem original", "mensagem encaminhada", "mensagem reencaminhada"),
    *("oprindelig meddelelse", "videresendt meddelelse", "opprinnelig melding", "videresendt melding"),
    *("ursprungligt meddelande", "vidarebefordrat meddelande", "alkuperäinen viesti", "välitetty viesti"),
    *(
        "edelleenlähetetty viesti",
        "välitetty viesti / fwd.msg",
        "oryginalna wiadomość",
        "wiadomość oryginalna",
    ),
    *("przekazana wiadomość", "treść przekazanej wiadomości", "původní zpráva", "přeposlaná zpráva"),
    *("pôvodná správa", "preposlaná správa", "eredeti üzenet", "továbbított üzenet", "mesaj original"),
    *(
        "mesaj redirecționat",
        "mesajul original",
        "izvorna poruka",
        "originalna poruka",
        "proslijeđena poruka",
    ),
    *("özgün ileti", "orijinal mesaj", "iletilmiş mesaj", "iletilen ileti", "исходное сообщение"),
    *("оригинальное сообщение", "пересылаемое сообщение", "перенаправленное сообщение"),
    *("пересланное сообщение", "пересланное письмо", "вихідне повідомлення", "переслане повідомлення"),
    *("перенаправлене повідомлення", "оригинално писмо", "препратено съобщение", "αρχικό μήνυμα"),
    *("προωθημένο μήνυμα", "原始邮件", "邮件原件", "转发的邮件", "转发邮件信息", "原始郵件", "轉寄郵件"),
    *(
        "原始信件",
        "元のメッセージ",
        "転送メッセージ",
        "original message / 元のメッセージ",
        "원본 메일",
        "원본 메시지",
    ),
    *("전달된 메시지", "thư gốc", "tin nhắn được chuyển tiếp", "pesan asli", "pesan terusan"),
    *("ההודעה המקורית", "הודעה שהועברה", "الرسالة الأصلية", "رسالة ممررة"),
)
_BEGINS = (
    *(
        "begin forwarded message",
        "anfang der weitergeleiteten nachricht",
        "anfang der weitergeleiteten e-mail",
    ),
    *("début du message réexpédié", "début du message transféré", "inicio del mensaje reenviado"),
    *("inizio messaggio inoltrato", "begin doorgestuurd bericht", "início da mensagem reencaminhada"),
    *("início da mensagem encaminhada", "start på videresendt besked", "videresendt melding"),
    *("vidarebefordrat mejl", "vidarebefordrat brev", "välitetty viesti alkaa", "začátek přeposílané zprávy"),
    *("začiatok preposlanej správy", "početak proslijeđene poruke", "započni proslijeđenu poruku"),
    *("továbbított levél kezdete", "początek przekazywanej wiadomości", "începe mesajul redirecționat"),
    *("начало переадресованного сообщения", "початок листа, що пересилається", "i̇leti başlangıcı"),
    *(
        "ileti başlangıcı",
        "以下是转发的邮件",
        "下面是被转发的邮件",
        "以下是轉寄的郵件",
        "転送されたメッセージ",
    ),
    *("전달된 메시지 시작",),
)
TITLES, BEGINNINGS = frozenset(_ORIGINALS), frozenset(_BEGINS)
"""What programs put above another mail, between dashes; and what Apple Mail does, before a colon."""
_AROUND = " \t-‐‑–—_=*<>#"
MAX_LABEL = 20
MAX_TITLE = 100


def label(line: str) -> str:
    """What stands before the colon of *line*, if that is short enough for a label; bold print left aside."""
    before, colon, _ = line.lstrip("> *")[: 2 * MAX_LABEL].replace("：", ":").partition(":")
    return before.strip(" *\xa0").lower() if colon else ""


def titled(line: str) -> bool:
    """Whether *line* says, in the words of a mail program, that another mail follows."""
    bare = line.strip("> \t")
    words = bare.strip(_AROUND).lower() if len(bare) <= MAX_TITLE else ""
    if words.rstrip(":： \xa0") in BEGINNINGS and words.endswith((":", "：")):
        return True
    return words in TITLES and bare.startswith(("--", "‐‐", "——", "__", "==", "**"))


def headed(lines: list[str]) -> bool:
    """Whether *lines* begin with a head: an author and an address, or two labels of one language."""
    shown = [line for line in lines if line.strip()][:2]
    labels = [label(line) for line in shown]
    if labels and labels[0] in AUTHOR and "@" in shown[0]:
        return True
    return len(labels) > 1 and all(labels) and any(labels[0] in one and labels[1] in one for one in TOGETHER)


def in_one_line(line: str) -> str:
    """The head in *line* where Yahoo puts it behind its title: *--- Forwarded Message --- From: …To: …*."""
    bare = line.strip()
    title, dashes, head = bare.strip("-").partition("---")
    known = bare.startswith("---") and dashes and titled(f"--{title}--")
    return head.strip("- ") if known and label(head.strip("- ")) in AUTHOR else ""
