"""What a customer's question is about, finer than an intent: the questions that people ask again and again."""

from __future__ import annotations

from functools import cache

from cathy.guardrails.claims.phrases import Phrase, compile_phrase, split_choices

#: topic → how it sounds; the first that fits counts
TOPICS: dict[str, tuple[str, ...]] = {
    "no_credit_check": (
        "(without|no|skip|avoid|sin) ~2 (credit check|checking ~1 credit|check* ~2 credit|pull* ~2 "
        "credit|run* ~2 credit|revis* ~2 credito|verific* ~2 credito|consult* ~2 credito)",
    ),
    "fees": ("(fee|fees|free|gratis|charge|cost to apply|cost anything|cuesta algo|cobran|costo|cuanto cobran)",),
    "hours": ("(business hours|hours|open|horario|abierto*|abren|cierran|close today|office hours|what time)",),
    "binding": ("(binding|obligat*|commit*|back out|change my mind|compromiso|obliga*|locked in|sign anything|stuck)",),
    "cosigner": (
        "(co signer*|cosigner*|co sign*|cosign*|co - sign*|co applicant|co borrower|joint|cofirmante"
        "|codeudor|aval|fiador|con mi (esposa|esposo|pareja))",
    ),
    "documents": (
        "(document*|paperwork|proof|pay stub*|paystub*|papeles|papeleo|comprobante*|bring|requirements"
        "|requisitos|what do i need|que necesito|w2|tax return*)",
    ),
    "income_kinds": (
        "(self employed|self - employed|1099|cash income|paid cash|disability|ssi|ssdi|retired|part time"
        "|two jobs|gig|uber|doordash|child support|social security income|jubilad*|discapacidad"
        "|independiente|por mi cuenta|pension|efectivo)",
    ),
    "no_job": (
        "(unemployed|no job|lost my job|between jobs|new job|just started|desemplead*|sin trabajo|perdi mi "
        "trabajo|laid off)",
    ),
    "choose_car": (
        "(pick|choose|select|any|which|private|dealer*|elegir|escoger|cualquier|que concesionario|buy "
        "from) ~4 (car|dealer*|vehicle|seller|carro|auto|concesionario*)",
    ),
    "refinance": ("(refinanc*|lease|leasing|buy out|buyout|arrendar)",),
    "insurance": ("(insurance|aseguranza|seguro|warranty|gap)",),
    "status": (
        "(status|where did i|where was i|where am i|left off|leave off|estado|donde me quede|donde iba|en que "
        "paso|what step|which step)",
    ),
    "trouble": (
        "(error|stuck|broken|froze*|crash*|not work*|does not work|not load*|problem|glitch|no funciona|no "
        "carga|se trabo|falla|kicked|timed out)",
    ),
    "how_long": (
        "(how long|how soon|how fast|how quick*|how many (steps|minutes)|when|cuanto (tarda|tiempo|demora"
        "|dura)|cuando|how much time|que tan rapido)",
    ),
    "why_phone": (
        "(why|por que|para que|what for) ~6 (phone|number|telefono|numero|email|correo|info*|contact|datos)",
    ),
    "scam": ("(scam|legit*|fraud|fraude|estafa|trust|real company|confiable|phishing|fake)",),
    "found_me": (
        "(how did|where did|who gave|como|de donde) ~4 (get|got|have|find|found|consigui*|obtuv*|sac*|tien*) "
        "~3 (number|email|info*|name|me|numero|correo|datos|nombre)",
    ),
    "where": ("(where|donde) ~3 (located|based|office|ubicados|oficina|are you|estan)",),
    "your_name": ("(your name|como te llamas|como se llama|tu nombre|su nombre)",),
    "sell_data": ("(sell|share|give|vend*|compart*) ~4 (info*|data|number|details|datos|numero|phone|email)",),
    "resume": ("(finish|complete|continue|resume|pick up|start|terminar|continuar|completar|seguir|empezar|retomar)",),
    "what_is_soft": (
        "(what is|what s|que es|explain|difference|soft or hard|hard or soft|hard|dura) ~6 (soft|hard"
        "|pull|check|inquiry|prequalif*|precalif*|suave|dura|consulta)",
    ),
    "want_check": (
        "(see|find out|know|check|ver|saber|want to|like to|can i|can you|quiero|let us|lets|ready|do the"
        "|start the|get) ~4 (prequalif*|pre qualif*|pre - qualif*|precalif*|qualify|soft check|soft pull"
        "|califico|preapproved|consulta suave)",
        "(go ahead|proceed|please run|please start|please do|show me|start|begin|yes|let us do|adelante|muestreme"
        "|empiece|haga) ~4 (soft check|soft credit check|credit check|soft pull|soft inquiry|card|consulta suave"
        "|consulta de credito|tarjeta)",
        "(run|do|perform|make|get|hacer|haga|hagan|haz|hagamos|iniciar|empezar|empiece) ~3 (soft check"
        "|soft credit check|soft pull|soft credit pull|soft inquiry|soft credit inquiry|consulta suave"
        "|consulta de credito)",
        "(see|know|find out|ver|saber) ~2 (whether|if|si) ~4 (loan|approved|qualif*|financ*|prestamo|califico)",
    ),
}

#: which topics belong to an intent; an intent without an entry is its own topic
_OF_INTENT: dict[str, tuple[str, ...]] = {
    "ask_process": (
        "trouble", "fees", "hours", "binding", "cosigner", "documents", "no_job", "income_kinds", "choose_car",
        "refinance", "insurance", "status", "how_long", "resume",
    ),
    "ask_soft_pull": ("no_credit_check", "want_check", "what_is_soft"),
    "who_is_this": ("scam", "found_me", "where", "your_name"),
    "privacy_worry": ("why_phone", "sell_data", "scam"),
    "credit_worry": ("want_check",),
}  # fmt: skip


#: Asks about the check and not for it.
_ABOUT_IT = compile_phrase(
    "^ ~2 (do you|does (it|this|the)|will you|did you|if you|when you|why do|how do|do i have to|must i|hace usted"
    "|por que|tengo que)"
)


def topic_of(intent: str, line: str) -> str:
    """Return the topic of a turn with this intent; `line` is the turn in normalised form."""
    for topic in _OF_INTENT.get(intent, ()):
        if any(phrase.search(line) for phrase in _phrases(topic)):
            return intent if topic == "want_check" and _ABOUT_IT.search(line) else topic
    return intent


@cache
def _phrases(topic: str) -> tuple[Phrase, ...]:
    return tuple(compile_phrase(part) for text in TOPICS[topic] for part in split_choices(text))
