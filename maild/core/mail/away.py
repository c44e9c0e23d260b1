"""How programs begin the subject of an automatic answer, in many languages."""
# ruff: noqa: RUF001 - words of many languages

import re

_AWAY = re.compile(
    r"""\s*(?:out[ ]of[ ](?:the[ ])?office | auto(?:matic|mated)?[ -]?(?:reply|response|answer)
    | on[ ]vacation
    | automatische[ ]antwort | abwesenheit\w* | (?:ich[ ]bin[ ])?nicht[ ]im[ ]b[üu]ro | réponse[ ]automatique
    | absence[ ]du[ ]bureau | respuesta[ ]automática | fuera[ ]de[ ](?:la[ ])?oficina | resposta[ ]automática
    | ausência | fora[ ]do[ ]escritório | risposta[ ]automatica | fuori[ ]sede | automatisch[ ]antwoord
    | afwezig\w* | automatyczna[ ]odpowiedź | odpowiedź[ ]automatyczna | poza[ ]biurem | automatiskt?[ ]svar
    | frånvaro\w* | fravær\w* | automaattinen[ ]vastaus | poissa | automatická[ ]odpověď | otomatik[ ]yanıt
    | автоматический[ ]ответ | автоответ\w* | 自動応答 | 自動返信 | 不在 | 自动答复
    | 自动回复 | 자동[ ]?회신 | 부재중
    )(?:\s*(?:auto|until|bis\b)[^:：]{0,25})?\s*[:：]""",
    re.IGNORECASE | re.VERBOSE,
)
"""What programs put before the subject they answer; a colon follows at once, as people do not write it."""


def away(subject: str) -> bool:
    """Whether *subject* begins as that of an automatic answer; a person may have written it all the same."""
    return bool(_AWAY.match(subject))
