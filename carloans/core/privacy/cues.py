"""Context words: what people write beside a number to say what it is.

Each cue has a kind. A number belongs to the nearest cue before it (or, with a linking verb, behind it), so that
in "order 4417123456 and my account 4417123456" only the second is an account. `Kind.CODE`, `Kind.NOUN` and
`Kind.PLAIN` are the cues of numbers that are no personal data.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a context word announces."""

    SSN = "ssn"
    LAST4 = "last4"
    CARD = "card"
    ROUTING = "routing"
    BANK = "bank"
    IBAN = "iban"
    LICENCE = "licence"
    DOB = "dob"
    DATED = "dated"  # a date that is not a birthday
    ZIP = "zip"
    ADDRESS = "address"
    EMAIL = "email"
    CODE = "code"  # an order, part or claim number: said outright
    PHONE = "phone"
    NOUN = "noun"  # an order, a part or a claim, without the word "number"
    PLAIN = "plain"  # a quantity, a price, a year


_NUMBER_WORD = r"(?:\s?(?:numbers?|num\b|nums\b|no\b\.?|nr\b|nbr\b|#|numero|nº|digits?|code|id\b))"
_ID_NOUN = (
    r"order|orden|invoice|inv|factura|tracking|rastreo|confirmation|conf|confirmacion|reservation|booking|ticket|"
    r"case|claim|policy|poliza|reference|ref|referencia|folio|purchase order|po|stock|part|model|serial|item|sku|"
    r"product|lot|batch|vin|imei|isbn|upc|transaction|txn|quote|application|customer|client|member|membership|"
    r"employee|dealer|vehicle|unit|engine|plate|tag|loan|lead|version|build|session|request|pedido|permit|flight|"
    r"gate|store|branch|extension|agent|promo|coupon|package|shipment|appointment|work order|repair order|ro|"
    r"business licen[sc]e|title|registration|contract|asset|meter|student|badge|case file|docket"
)
_PATTERNS: dict[Kind, str] = {
    Kind.LAST4: (
        r"(?:the )?last\s?(?:four|4|for|\(4\)|four \(4\))(?: (?:digits?|numbers?|#s?|nums?|of))*|"
        r"ultimos? (?:cuatro|4)(?: (?:digitos|numeros|de))*|final four|l4\b|"
        r"ending (?:in|with|on)|ends? (?:in|with)|ended (?:in|with)|termina(?:n|cion)?(?: en| con)?|terminad[oa] en"
    ),
    Kind.SSN: (
        r"ssn'?s?(?:\s?(?:#|no\b\.?|num\b|number))?|s\.\s?s\.\s?n\.?|s\.s\.(?= ?(?:#|no|num))|ss ?(?:#|number|"
        r"num\b|no\b\.?)|(?<=my )ss\b|(?<=of )ss\b|(?<=4 )ss\b|(?<=four )ss\b|ss(?= (?:last|ends|ending)\b)|"
        r"soc(?:ial)?\.? ?-?sec(?:ur\w*|\b)\.?(?:\s?(?:numbers?|num\b|no\b\.?|#|card|id))*|"
        r"socials?(?! (?:media|network|life|event|distanc|work|club|stud|hour|skill|circle))(?:\s?(?:numbers?|"
        r"num\b|no\b\.?|#))?|"
        r"soc(?= (?:is|number|num|#))|itin|tax ?(?:payer)?(?:er)? ?(?:id\w*)(?: number)?|"
        r"(?:numero|num|no)\.?(?: de)? (?:seguro social|social|ss)|seguro social|(?<=del )seguro(?= (?:son|es)\b)|"
        r"(?<=de mi )seguro(?= (?:son|es)\b)|seguridad social|(?<=mi )social|nss\b"
    ),
    Kind.CARD: (
        r"(?:credit|debit|bank|gift|prepaid|atm|visa|payment)? ?cards?\b(?:\s?(?:numbers?|num\b|no\b\.?|#))?|visa\b|"
        r"master ?card|\bmc\b(?= ?\d)|amex|american express|discover(?= (?:card|\d|is|num|#))|maestro|diners|\bjcb\b|"
        r"cc\b ?(?:#|num(?:ber)?\b|no\b|info|is\b|:)|cc(?=\s?\d{4})|cvv|cvc|\bpan\b|tarjetas?|plastic\b|debito|"
        r"credito(?= ?(?:es|:|\d))"
    ),
    Kind.ROUTING: (
        r"(?:bank )?routing(?: ?/ ?transit)?(?:\s?(?:numbers?|num\b|no\b\.?|#|code))?|aba(?:\s?(?:routing|rtn|"
        r"number|num\b|no\b\.?|#))*|"
        r"rtn\b|transit (?:number|num|no|#)|(?:numero|num|no)\.?(?: de)? (?:ruta|enrutamiento|transito)|"
        r"ruta(?: bancaria)?|rtg?\b ?#?|wire (?:number|#)"
    ),
    Kind.IBAN: r"iban\b(?: number)?|international bank account(?: number)?",
    Kind.BANK: (
        r"(?:(?:bank|checking|savings?|deposit|chequing|chase|boa|wells fargo|direct deposit|my|current|share|"
        r"money market|debit) )?"
        r"(?:account|acct?|a/c|acnt)(?:\b\.?|(?=num|no\b|nbr|#))(?:\s?(?:numbers?|num\b|nums\b|no\b\.?|nr\b|nbr\b|#|id\b))?|"
        r"checking(?= ?(?:#|is|num|no\b|:|\d))|savings(?= ?(?:#|is|num|no\b|:|\d))|(?:numero|num|"
        r"no)\.?(?: de)?(?: la| mi)? cuenta|cuenta(?: bancaria| de (?:cheques|ahorros?))?|"
        r"bban|deposit (?:into|to|it (?:in)?to)|ach\b"
    ),
    Kind.LICENCE: (
        r"(?:driver|drivers|driver'?s'?|driving|operator'?s?|chauffeur'?s?|cdl|state)\s+(?:licen[sc]es?|lic\b\.?|"
        r"permit|id\b)(?:\s?(?:numbers?|num\b|no\b\.?|#|id\b|card))*|"
        r"drivers?licen[sc]e(?:numbers?|num\b|no\b)?|cdl\b|dln\b|d\.l\.|dl\b ?(?:#|numbers?|num\b|no\b\.?)?|"
        r"licen[sc]e(?:\s?(?:numbers?|num\b|no\b\.?|#|id\b))|"
        r"(?<=my )licen[sc]e|lic ?#|licencia(?: de (?:conducir|manejo|manejar|conductor))?|carnet de conducir|"
        r"state id(?:\s?(?:number|#|card))*"
    ),
    Kind.DOB: (
        r"d\.?\s?o\.?\s?b\b\.?|(?:date|day|place and date) ?of ?birth|birth[- ]?da(?:te|y)s?|born|b-?day|birth\b|"
        r"fecha de nac\w*\.?|naci(?:do|da|miento|o)?\b|nac\.|cumpleanos|cumplo(?: anos)?"
    ),
    Kind.DATED: (
        r"expir\w*|exp\b\.?|issued?|valid (?:thru|until|through)|appointment|hired?|start(?:ed|s|ing)?|purchased?|"
        r"bought|since|due|paid|"
        r"visit\w*|moved?|sold|delivered|closed|signed|dated|until|vence|emitida|comprado|compre|desde|scheduled|"
        r"effective|ends?\b|today"
    ),
    Kind.ZIP: r"zip(?:\s?-?codes?)?|postal(?: ?codes?)?|postcode|codigo postal|c\.p\.|\bcp\b",
    Kind.ADDRESS: (
        r"address(?:es)?|\blives?(?: in| at)|living (?:in|at)|liv(?:e|ing) on|resid(?:e|es|ing|ence)(?: at| in)?|"
        r"located (?:at|in)|home is|moved to|"
        r"(?:mail|ship|send|deliver|sent|mailed|shipped)(?: (?:it|them|that|this|everything|documents|"
        r"papers))? to|direccion|domicilio|vivo en|vive en|stay(?:ing)? at"
    ),
    Kind.EMAIL: r"e-?mails?(?: address)?|correo(?: electronico)?|e-?mail",
    Kind.CODE: rf"(?:{_ID_NOUN}){_NUMBER_WORD}|(?:{_ID_NOUN})(?=\s?[:=])|numero de (?:orden|pedido|factura|caso|"
    rf"referencia|poliza|folio)|licen[sc]e plate|placas?",
    Kind.PHONE: (
        r"(?:tele)?phone(?:\s?(?:numbers?|num\b|no\b\.?|#))?|cell(?:phone|ular|s)?\b(?:\s?(?:number|num\b|no\b\.?|"
        r"#))?|mobile(?: number)?|tel\b\.?|telefono|fax|"
        r"call(?:ed|s)?\b(?: (?:me|us|him|her|back|at|on|my))*|calling|text(?: (?:me|us|at|my|or call))*|txt|sms|"
        r"whats ?app|reach(?:ed|able)?(?: (?:me|us|at|him|her))*|"
        r"dial|ring|hit me up|llam\w+|celular|movil|marc(?:ar|a|que|ame)\b|mensaje|contact(?:o|ed)?\b(?: (?:me|us|"
        r"at|number|#))*|voicemail|"
        r"(?:my|mi|his|her|their|our|your|best|good|new|old|work|home|callback|the|a|other|same|direct|"
        r"toll[- ]free)\s+(?:numbers?|num|numero|nbr|#|digits|line)\b|"
        r"number(?= (?:is|to|i|for me|where|at)\b|\s?:)|numero(?= es|\s?:)|\bph\b|\bhmu\b"
    ),
    Kind.NOUN: rf"(?:{_ID_NOUN})\b",
    Kind.PLAIN: (
        r"mileage|odometer|miles|millas|kilometraje|price[ds]?|precio|msrp|payments?|payoff|balance|saldo|amount|"
        r"monto|salary|"
        r"income|ingresos?|salario|budget|presupuesto|worth|value|cost|costs|owe[ds]?|debo|year|section|chapter|"
        r"article|page|score|rate|"
        r"make|made|earn|gross|net|down payment|enganche|limit|total|rent|population"
    ),
}
_GROUPS = "|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _PATTERNS.items())
_CUES = re.compile(rf"(?<![a-z0-9])(?:{_GROUPS})(?![a-z])")
_BEHIND = re.compile(
    r"[\s,.\-)'\"]*(?:(?:is|are|was|were|es|son|being|that'?s|thats|that is|=|->)\s+(?:the|my|mi|our|his|her|"
    r"her|a|an|el|la|los|mis|de|on|number)?\s*"
    r"(?:\w+\s){0,2}|[(\[]\s*(?:my |mi )?|(?:as|for|por|para|on)\s+(?:my|mi|the)\s+(?:\w+\s)?)"
)
_FORWARD = re.compile(
    r"[\s,.:;#=\-()\"'?!<>*|/{\[_\\]*(?:(?:is|are|was|be|es|son|its?|it'?s|that'?s|that|of|my|mi|de|the|a|el|la|los|"
    r"for|to|on|in|so|um+|uh+|ok|okay|yes|yeah|"
    r"si|sure|here|here'?s|you|go|just|only|will|would|number|numbers|num|no|digits?|numero|digitos|and|y|"
    r"then|use|following|file|currently|"
    r"actually|i|think|believe|full|and|full|with|from|ending|sir|ma'?am|please|again|says?|reads?|goes|as|follows)"
    r"\b[\s,.:;#=\-()\"'?!<>*|/{\[_\\]*){0,8}"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A context word of `kind` at `start:end`."""

    start: int
    end: int
    kind: Kind


def cues_of(lower: str) -> list[Cue]:
    """All context words of a folded lower-case text, in order."""
    plain = lower.replace("_", " ")  # the names of fields in forms and logs
    return [Cue(m.start(), m.end(), Kind[m.lastgroup]) for m in _CUES.finditer(plain) if m.lastgroup]


def is_link_to(gap: str) -> bool:
    """Does `gap`, between a number and the cue behind it, say that the number is that? (" is my ")"""
    return len(gap) <= 32 and _BEHIND.fullmatch(gap) is not None


def leads_to(gap: str) -> bool:
    """Does `gap`, between a cue and the number behind it, hold nothing but small talk? ("social, it's ")"""
    return len(gap) <= 60 and _FORWARD.fullmatch(gap) is not None
