"""How programs begin the subject of an automatic answer, in the languages of the screening words."""
# ruff: noqa: RUF001 - words of many languages

import re

_PHRASES = r"""
    out[ ]of[ ](?:the[ ])?office | auto(?:matic|mated)?(?:[ -]?(?:reply|response|answer))?
    | vacation[ ](?:reply|message) | on[ ](?:vacation|leave|holiday)
    | i(?:[ ]am|['’]m)[ ](?:currently[ ])?(?:away|on[ ](?:leave|vacation|holiday))
    | away[ ]from[ ](?:the[ ]|my[ ])?(?:office|desk)
    | automatische[ ]antwort | abwesen(?:heit\w*|d) | (?:ich[ ]bin[ ])?nicht[ ]im[ ]b[üu]ro
    | réponse[ ]automatique | absen(?:ce|te?)[ ]du[ ]bureau | message[ ]d['’]absence
    | respuesta[ ]automática | fuera[ ]de[ ](?:la[ ])?oficina | ausente
    | resposta[ ]automática | ausência\w* | fora[ ]do[ ]escritório
    | risposta[ ]automatica | fuori[ ](?:sede|ufficio)
    | automatisch(?:e)?[ ](?:antwoord|reactie) | afwezig\w*
    | auto(?:matiskt?[ ])?svar | frånvaro\w* | fravær\w*
    | automaattinen[ ]vastaus | poissa\w*
    | automatyczna[ ]odpowiedź | odpowiedź[ ]automatyczna | autoodpowiedź | poza[ ]biurem
    | automatická[ ]odpov(?:ěď|eď) | mimo[ ]kancelář\w* | mimo[ ]kancelárie | nep[řr]ítomn\w*
    | automatikus[ ]válasz | (?:házon|irodán)[ ]kívül
    | răspuns[ ]automat | în[ ]afara[ ]biroului
    | автоматичен[ ]отговор | извън[ ]офиса
    | автоматический[ ]ответ | автоответ\w* | вне[ ]офиса | нет[ ]на[ ]месте
    | автоматична[ ]відповідь | автовідповідь | поза[ ]офісом
    | αυτόματη[ ]απάντηση | εκτός[ ]γραφείου
    | otomatik[ ](?:yanıt|cevap) | ofis[ ]dışında
    | رد[ ](?:تلقائي|آلي) | خارج[ ]المكتب | پاسخ[ ]خودکار
    | תשובה[ ]אוטומטית | מענה[ ]אוטומטי | מחוץ[ ]למשרד
    | स्वचालित[ ](?:उत्तर|जवाब) | स्वतः[ ]उत्तर
    | automatski[ ]odgovor | izvan[ ]ureda | (?:samodejni|avtomatski)[ ]odgovor
    | automaat(?:ne[ ])?vastus | automatinis[ ]atsakymas | automātiskā[ ]atbilde
    | (?:balasan|jawaban)[ ]otomatis | di[ ]luar[ ]kantor
    | (?:thư[ ])?trả[ ]lời[ ]tự[ ]động | (?:การ|ข้อความ)?ตอบกลับอัตโนมัติ
    | аутоматски[ ]одговор | автоматски[ ]одговор | автоматты[ ]жауап | avtomatik[ ]cavab
    | resposta[ ]automàtica | erantzun[ ]automatikoa | sjálfvirkt[ ]svar | përgjigje[ ]automatike
    | ymateb[ ]awtomatig | (?:balasan|jawapan)[ ]automatik | خودکار[ ]جواب
    | স্বয়ংক্রিয়[ ]উত্তর | தானியங்கி[ ]பதில்
    | 自動(?:応答|返信|回覆|答覆) | 不在(?:通知)? | 自动(?:答复|回复) | 자동[ ]?(?:회신|응답) | 부재[ ]?중
"""
_AWAY = re.compile(
    rf"\s*(?:\[\s*(?:{_PHRASES})\s*\]|(?:{_PHRASES})(?:\s*(?:auto|until|bis\b)[^:：]{{0,25}})?\s*(?:[:：]|$))",
    re.IGNORECASE | re.VERBOSE,
)
"""What programs put before the subject they answer; a colon follows at once, as people do not write it."""

_BEGINS = re.compile(rf"\s*\[?(?:{_PHRASES})(?!\w)", re.IGNORECASE | re.VERBOSE)


def away(subject: str) -> bool:
    """Whether *subject* begins as that of an automatic answer; a person may have written it all the same."""
    return bool(_AWAY.match(subject))


def begins_away(subject: str) -> bool:
    """Whether *subject* begins with such words at all: enough where it is known that a program wrote."""
    return bool(_BEGINS.match(subject))
