"""Context words: what people write beside a number to say what it is.

Each cue has a kind. A number belongs to the nearest cue before it (or, with a linking verb, behind it), so that
in "order 4417123456 and my account 4417123456" only the second is an account. `Kind.CODE`, `Kind.NOUN` and
`Kind.PLAIN` are the cues of numbers that are no personal data.
"""

import re
from dataclasses import dataclass

from carloans.core.privacy.kinds import Kind
from carloans.core.privacy.slips import slips_in

__all__ = ["Cue", "Kind", "cues_of", "is_link_to", "leads_to"]

_NUMBER_WORD = r"(?:\s?(?:numbers?|num\b|nums\b|no\b\.?|nr\b|nbr\b|#|numero|nº|digits?|code|id\b))"
# Who speaks in a transcript ("Customer: …") is no code; only with "number", or right before digits.
_PEOPLE = "customer|client|member|employee|dealer|agent|lead|student|cliente"
_ID_NOUN = (
    r"order|orden|receipt|invoice|inv|factura|tracking|rastreo|confirmation|conf|confirmacion|reservation|booking|ticket|"
    r"(?<!in )case|claim|policy|poliza|reference|ref|referencia|folio|purchase order|po|stock|part|model|"
    r"serial|item|sku|"
    r"product|lot|batch|vin|imei|isbn|upc|transaction|txn|quote|application|membership|"
    r"vehicle|unit|engine|plate|tag|loan|version|build|session|request|pedido|permit|flight|"
    r"gate|store|branch|extension|promo|coupon|package|shipment|appointment|work order|repair order|ro|"
    r"(?:business|dealer|contractor|fishing|hunting|marriage|liquor|software|nursing) licen[sc]e|"
    r"solicitud|reclamo|reclamacion|guia|rastreo|expediente|tramite|serie|prestamo|contrato|recibo|citation|filing|ucc|"
    r"title|registration|contract|asset|meter|badge|case file|docket|listing|ad|deal|auction|record|document|job"
)
_STATES = (
    "a[klrz]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]|ut|v[at]|w[aivy]"
)
_PATTERNS: dict[Kind, str] = {
    Kind.LAST4: (
        r"(?:the )?last\s?(?:four|4|for|\(4\)|four \(4\))(?: (?:digits?|numbers?|#s?|nums?|of))*|"
        r"ultimos? (?:cuatro|4)(?: (?:digitos|numeros|de))*|(?:cuatro|4) ultimos?(?: (?:digitos|numeros|de))*|"
        r"final four|l4\b|"
        r"(?:the )?(?:tail |back )?end of(?= (?:my|his|her|the|our) s)|(?:the )?tail of(?= (?:my|his|her|the|our) s)|"
        r"end(?:s|ing|ed)?(?= \d{4}\b)|ending (?:in|with|on|w/)|ends? (?:in|with|w/)|ended (?:in|with)|"
        r"termina(?:n|cion)?(?: en| con)?|terminad[oa] en|(?:acaba|finaliza)n? (?:en|con)"
    ),
    Kind.SSN: (
        r"(?:ss|social) card\b|last ?(?:4|four) ?(?:of ?)?(?:ssn|social)(?=\b|[^a-z])|"
        r"ssn ?last ?(?:4|four)|social ?last ?(?:4|four)|ssn[-_ ]?4(?=\s?[:=])|l4 ?-?ssn|ssn ?-?l4|"
        r"ssn'?s?(?:\s?(?:#|no\b\.?|num\b|number))?|s\.\s?s\.\s?n\.?|s\.s\.(?= ?(?:#|no|num))|ss ?(?:#|number|"
        r"num\b|no\b\.?)|(?<=my )ss\b|(?<=of )ss\b|"
        r"(?<=4 )ss\b|(?<=four )ss\b|ss(?= (?:last|ends|ending)\b)|"
        r"soc(?:ial)?\.? ?-?sec(?:ur\w*|\b)\.?(?:\s?(?:numbers?|num\b|no\b\.?|#|card|id))*|"
        r"socials?(?! (?:media|network|life|event|distanc|work|club|stud|hour|skill|circle))(?:\s?(?:numbers?|"
        r"num\b|no\b\.?|#))?|"
        r"soc(?= (?:is|number|num|#|\d))|(?<=my )soc\b|(?<=of )soc\b|itin|tin\b(?= ?(?:is|no\b|num|[:#=]))|"
        r"tax ?(?:payer)?(?:er)? ?(?:id\w*)(?: number)?|"
        r"(?:numero|num|no)\.?(?: de)? (?:seguro social|social|ss)|seguro social|(?<=del )seguro(?= (?:son|es)\b| ?:)|"
        r"(?<=ultimos de mi )seguro|(?<=ultimos del )seguro|(?<=[el]l del )seguro|(?<=lo del )seguro|"
        r"(?<=4 del )seguro|(?<=cuatro del )seguro|(?<=digitos del )seguro|(?<=4 de mi )seguro|"
        r"(?<=cuatro de mi )seguro|"
        r"(?<=digitos de mi )seguro|(?<=mi )seguro(?=(?: (?:es|son))?[ :]{1,3}\d{3}[ -]?\d\d[ -]?\d{4}\b)|"
        r"seguro (?:mio|suyo)(?=(?: (?:es|son))?[ :]{1,3}\d{3}[ -]?\d\d[ -]?\d{4}\b)|"
        r"(?<=de mi )seguro(?= (?:son|es)\b)|seguridad social|(?<=mi )social|nss\b"
    ),
    Kind.CARD: (
        r"(?:credit|debit|bank|gift|prepaid|atm|visa|payment)? ?cards?(?:\b|(?=num|no\b))"
        r"(?:\s?(?:numbers?|num\b|no\b\.?|#))?|visa\b|"
        r"master ?card|\bmc\b(?= ?\d)|amex|american express|discover(?= (?:card|\d|is|num|#))|maestro|diners|\bjcb\b|"
        r"cc\b ?(?:#|num(?:ber)?\b|no\b|info|is\b|:)|cc(?=\s?\d{4})|cvv|cvc|\bpan\b|tarjetas?|plastic\b|debito|"
        r"credito(?= ?(?:es|:|\d))"
    ),
    Kind.ROUTING: (
        r"(?:bank )?routing(?: ?/ ?transit)?(?:\s?(?:numbers?|num\b|no\b\.?|#|code))?|aba(?:\s?(?:routing|rtn|"
        r"number|num\b|no\b\.?|#))*|"
        r"rtn\b|transit (?:number|num|no|#)|(?:numero|num|no)\.?(?: de)? (?:ruta|enrutamiento|transito)|"
        r"ruta(?: bancaria)?|rt(?:n?g|ng?)\b ?#?|rt\b ?#?(?=[\s:#]{0,2}(?:is )?\d[\d ]{7})|wire (?:number|#)"
    ),
    Kind.IBAN: r"i[- ]?ban\b(?: number)?|international bank account(?: number)?",
    Kind.BANK: (
        r"(?:(?:bank|checking|savings?|deposit|chequing|chase|boa|wells fargo|direct deposit|my|current|share|"
        r"money market|debit) ?)?"
        r"(?:account|acct?|a/c|acnt)(?:\b\.?|(?=num|no\b|nbr|#))(?:\s?(?:numbers?|num\b|nums\b|no\b\.?|nr\b|nbr\b|#"
        r"|id\b))?|"
        r"checking(?= ?(?:#|is|num|no\b|:|\d))|savings(?= ?(?:#|is|num|no\b|:|\d))|"
        r"(?<=\d )(?:checking|savings)\b|(?<=\()(?:checking|savings)\b|"
        r"bank (?:details|info\w*|acc)\b|auto ?pay(?: (?:from|with|to))?|cta\b\.?(?: (?:no|num)\b\.?)?|"
        r"accnt\b ?#?|acc?ou?nt\b(?=[\s:#]{1,2}\d{6})|"
        r"cheques(?= ?:? ?\d{6})|"
        r"(?:numero|num|"
        r"no)\.?(?: de)?(?: la| mi)? cuenta|cuenta(?: bancaria| de (?:cheques|ahorros?))?|"
        r"bban|dda\b(?=\s?[#:=]?\s?\d)|ac{1,3}o?u?nt\b(?= (?:numbers?|num|no|#)\b)(?: (?:numbers?|num|no|#))"
        r"|deposit (?:into|to|it (?:in)?to)|ach\b"
    ),
    Kind.LICENCE: (
        r"(?:driver|drivers|driver'?s'?|driving|operator'?s?|chauffeur'?s?|cdl|state)\s+(?:licen[sc]es?|lic\b\.?|"
        r"permit|id\b)(?:\s?(?:numbers?|num\b|no\b\.?|#|id\b|card))*|"
        rf"(?:{_STATES}) ?dl\b ?#?|ol ?#|"
        r"id card(?: numbers?| no\b\.?| ?#)?(?= ?:? ?[a-z]{0,2}\d{6,})|"
        r"drivers?licen[sc]e(?:numbers?|num\b|no\b)?|cdl\b|dln\b|d\.l\.|dl\b ?(?:#|numbers?|num\b|no\b\.?)?|"
        r"licen[sc]e(?:\s?(?:numbers?|num\b|no\b\.?|#|id\b))|"
        r"licen[sc]e(?=[\s:,#]{1,3}(?:[a-z]{0,2}\d{6,}|[a-z]\d{2,3}-\d{3}))|"
        r"(?<=my )licen[sc]e|lic\b\.? ?(?:#|no\b\.?|nums?\b\.?|numbers?)|licen[sc]es?(?! ?(?:plates?|tags?)\b)|"
        r"lic\b\.?|[db]mv\b|mvd\b|"
        r"licencia(?: de (?:conducir|manejo|manejar|conductor))?|carnet de conducir|"
        r"id (?:numbers?|num|no|#)(?= (?:[a-z]{2} )?\d{7,8}\b)(?: [a-z]{2}\b)?|"
        r"state(?: |-)?(?:issued )?(?:id|identification)(?: card)?(?:\s?(?:numbers?|num\b|no\b\.?|#))?"
    ),
    Kind.DOB: (
        r"d[./]?\s?o[./]?\s?b\b\.?|(?:date|day|place and date) ?of ?b(?:irth|rith|irht|ith|irt)\b|dobs?\b"
        r"|birth[- ]?da(?:te|y)s?|born|b[- ]?day(?:'?s)?\b|birth\b|"
        r"(?<![\w.] )b\.(?= ?\d{1,2}[/-]\d{1,2}[/-]\d\d)|turn(?:s|ed|ing)? (?:1[5-9]|[2-9]\d)(?![\d,.%]|k\b|"
        r" ?(?:mi|miles|mpg|percent|grand)\b)|"
        r"(?:i'?ll|s?he'?ll|will) be (?:1[5-9]|[2-9]\d)(?= on\b)|came into (?:this|the) world|"
        r"(?:mom|mother|mama|ma) had me(?= on (?:the )?(?:\d|(?!hold)[a-z]+ \d))|"
        r"(?<![\w.] )b\.(?= ?(?:19[2-9]\d |(?:\d{1,2} )?"
        r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))|(?:llegue|vine) al mundo|"
        r"(?<=\d )baby\b|"
        r"(?:fecha|f\.?)(?: de)? nac\w*\.?|naci(?:do|da|miento|o)?\b|nac\b\.?|cumpleanos|cumplo(?: anos)?|"
        r"(?<!se )cumples?(?=\s?[:=]| (?:es|era|son|el)\b)(?! el plazo)|(?<=mi )cumples?\b|"
        r"(?<!se )cumplen?(?= (?:anos|el|los)\b)(?! el plazo)"
    ),
    Kind.DATED: (
        r"expir\w*|exp\b\.?|issued?|valid (?:thru|until|through)|appointment|hired?|start(?:ed|s|ing)?|purchased?|"
        r"bought|since|due|paid|"
        r"visit\w*|moved?|sold|delivered|closed|signed|dated|until|vence|emitida|comprado|compre|desde|scheduled|"
        r"effective|ends?\b|today"
    ),
    Kind.ZIP: r"zip(?:\s?\+ ?4|\s?-?codes?)?|postal(?: ?codes?)?|postcode|codigo postal|c\.p\.|\bcp\b",
    Kind.ADDRESS: (
        r"ad{1,2}res{1,2}(?:es)?(?! (?:the|these|those|all|any|both|each|this)\b)|"
        r"addr?\b\.?(?= ?:? ?\d)|addy\b|\blives?(?: in| at)|living (?:in|at)|liv(?:e|ing) on"
        r"|resid(?:e|es|ing|ence)(?: at| in)?|"
        r"located (?:at|in)|(?<!take )home is|moved to|"
        r"(?:my|our) (?:house|place|apartment|apt) is(?: at)?|"
        r"(?:mail|ship|send|deliver|sent|mailed|shipped)(?: (?:it|them|that|this|everything|documents|"
        r"papers))? to|direccion|domicilio|vivo en|vive en|stay(?:ing)? at"
    ),
    Kind.EMAIL: r"e-?mails?(?: address)?|correo(?: electronico)?|e-?mail",
    Kind.CODE: rf"[a-z]{{2,}} id(?= ?[:#=]? ?\d)|(?:{_ID_NOUN}|{_PEOPLE}){_NUMBER_WORD}|(?:{_ID_NOUN})(?=\s?[:=])|"
    r"(?:(?:mi|el|su|tu) )?(?:numero|num|no)\.? de (?:orden|pedido|factura|caso|solicitud|reclamo|reclamacion|"
    r"guia|rastreo|confirmacion|serie|parte|"
    rf"stock|cliente|expediente|tramite|prestamo|contrato|cita|recibo|boleto|transaccion|autorizacion|"
    rf"referencia|poliza|folio)|licen[sc]e plate|placas?",
    Kind.PHONE: (
        r"(?:tele)?phone(?:\s?(?:numbers?|num\b|no\b\.?|#))?|cel{1,2}(?:phone|ular|s)?\b\.?(?:\s?(?:number|num\b"
        r"|no\b\.?|"
        r"#))?|mobile(?: number)?|tel\b\.?|telefono|fax|"
        r"call(?:ed|s)?\b(?: (?:me|us|him|her|back|at|on|my))*|calling|text(?: (?:me|us|at|my|or call))*|txt|sms|"
        r"whats ?app|reach(?:ed|able)?(?: (?:me|us|at|him|her))*|"
        r"dial|ring|hit me up|llam\w+|celular|movil|(?:al |tel\.? |telefono |numero )fijo|fijo(?= ?:? ?\d{3})|"
        r"land ?line|marc(?:ar|a|que|ame)\b|mensaje|contact(?:o|ed)?\b(?: (?:me|us|"
        r"at|number|#))*|voicemail|"
        r"(?:my|mi|his|her|their|our|your|best|good|new|old|work|home|callback|the|a|other|same|direct|"
        r"toll[- ]free)\s+(?:numbers?|num|numero|nbr|#|digits|line)\b|"
        r"number(?= (?:is|to|i|for me|where|at)\b|\s?:)|numero(?= es|\s?:)|\bph\b|\bhmu\b"
    ),
    Kind.NOUN: rf"(?:{_ID_NOUN})\b|(?:{_PEOPLE})(?=\s\d)",
    Kind.PLAIN: (
        r"mileage|odometer|miles|millas|kilometraje|price[ds]?|precio|msrp|payments?|payoff|balance|saldo|amount|"
        r"monto|salary|"
        r"income|ingresos?|salario|budget|presupuesto|worth|value|cost|costs|owe[ds]?|debo|year|section|chapter|"
        r"article|page|score|rate|"
        r"make|made|earn|gross|(?<!\.)net|down payment|enganche|limit|total|rent|population"
    ),
}
#: "net" and "order" in "order@shop.net" announce nothing
_MAIL = re.compile(r"[^\s,;:<>()\"]+@[^\s,;:<>()\"]+")
_FOR = re.compile(
    r" (?:numbers? )?(?:for|on|in|para|en|de|del) (?:(?:the|this|that|my|your|our|his|her|a|la|el|mi|este|esta|su) )?"
    r"(?:(?:car|auto|credit|loan|new|online) )?"
)
_PAPER = re.compile(
    r"application|loan|contract|file|record|title|registration|deal|solicitud|contrato|prestamo|expediente|tramite"
)
_GROUPS = "|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _PATTERNS.items())
_CUES = re.compile(rf"(?<![a-z0-9])(?:{_GROUPS})(?![a-z])")
_BEHIND = re.compile(
    r"[\s,.?!\-)'\"]*(?:(?:<-+|<=+|←)\s?|"
    r"(?:is|are|was|were|es|son|being|es[aeo] es|that'?s|thats|that is|it'?s|they'?re|=|->)\s+(?:the|my|mi|our|his|her|"
    r"her|a|an|el|la|los|mis|de|on|number)?\s*"
    r"(?:\w+\s){0,2}|[(\[]\s*(?:my |mi )?|(?:as|for|por|para|on)\s+(?:my|mi|the)\s+(?:\w+\s)?|(?:as|for|por|para)\s+)"
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
    cues = [Cue(m.start(), m.end(), Kind[m.lastgroup]) for m in _CUES.finditer(plain) if m.lastgroup]
    if "@" in lower:
        addresses = [m.span() for m in _MAIL.finditer(lower)]
        cues = [cue for cue in cues if not any(start <= cue.start < end for start, end in addresses)]
    cues = [cue for index, cue in enumerate(cues) if not index or not _is_purpose(plain, cues[index - 1], cue)]
    slips = [Cue(*slip) for slip in slips_in(plain)]
    slips = [slip for slip in slips if not any(cue.start < slip.end and slip.start < cue.end for cue in cues)]
    return sorted([*cues, *slips], key=lambda cue: cue.start) if slips else cues


def _is_purpose(lower: str, said: Cue, cue: Cue) -> bool:
    """In “the social for the application: …” the last word says what for, not what."""
    if cue.kind not in (Kind.NOUN, Kind.CODE) or said.kind in (Kind.NOUN, Kind.CODE, Kind.PLAIN):
        return False
    is_paper = _PAPER.fullmatch(lower, cue.start, cue.end) is not None
    return is_paper and _FOR.fullmatch(lower, said.end, cue.start) is not None


def is_link_to(gap: str) -> bool:
    """Does `gap`, between a number and the cue behind it, say that the number is that? (" is my ")"""
    return len(gap) <= 32 and _BEHIND.fullmatch(gap) is not None


def leads_to(gap: str) -> bool:
    """Does `gap`, between a cue and the number behind it, hold nothing but small talk? ("social, it's ")"""
    return len(gap) <= 60 and _FORWARD.fullmatch(gap) is not None
