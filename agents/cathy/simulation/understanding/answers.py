"""Yes, no or unclear: how an answer to the question just asked is read.

Only an explicit and unqualified yes is a yes: beside it stand at most words that add nothing (`_BESIDE_A_YES`), so that
a condition or a jest that nobody thought of is not taken for one. Anything hedged, conditional, asking back or mixed is
unclear, and a refusal is a no, however politely it is put.
"""

from __future__ import annotations

import re
from typing import Literal

Answer = Literal["yes", "no", "unclear"]

_CORRECTION = re.compile(
    r" (?:no (?:,|\.)? ?wait|wait (?:,|\.)? ?no|wait|actually|scratch that|hold on|on second thought|i take that back"
    r"|sorry|correction|i mean|or rather"
    r"|just kidding|kidding|jk|psych|gotcha|es broma|broma|no espera|no (?:,|\.)? ?espere|espera|espere|mejor dicho"
    r"|pensandolo bien|digo|perdon|mejor no) "
)
_HARMLESS = re.compile(
    r" (?:no problem|no worries|no issue|no prob|not a problem|no objections?|(?:i )?do not mind|(?:i )?would not "
    r"mind|no hay problema|ningun problema|sin problema"
    r"|no me molesta|do not worry|why not|por que no|andale pues|andele pues|orale pues|pues si|si pues|no need to ask"
    r"|no doubt|no question|without (?:a )?doubt|no me "
    r"importa) "
)
_NO = re.compile(
    r" (?:no+|nop|nopes|nope+|nah+|na|naw|nay|n|nein|non|never|not|neither|dont|decline|declined|refuse|refused"
    r"|rather not|would rather not|rather you|negative|nunca|jamas|tampoco|negativo|nel|ni|pass|stop|cancel|disagree"
    r"|deny|forbid"
    r"|object|revoke|rechazo|nada|skip|leave it|forget it|over my dead body|hell no|against|without my|hard pass"
    r"|prohibo|withdraw|opt out|ixnay|no way|not today|bad idea|terrible idea|hell|too risky) "
)
#: a refusal whose words hold a yes ("absolutely not", "I don't agree"): it counts as one plain no
_REFUSAL = re.compile(
    r" (?:(?:yeah|ya|yea|ok|um|well|eh) no(?= $)|(?:i will|i would|i am going to|will have to|would have to|i have to"
    r"|going to|think i will|let us|prefer to)"
    r" (?:pass|decline|skip|say no|refuse|hold off|sit this one out)|(?:absolutely|definitely|certainly|of course"
    r"|please|rather|hell|heck|surely|obviously|clearly|probably|ok"
    r"|sure|thanks but) (?:not|no)|(?:i )?(?:do|does|did|will|would|can|could|am|are|should|have|had) not"
    r" (?:\w+ )?(?:want|agree|think so|consent|authorize|authorise|accept|wish|like|give|feel|do|allow|approve|permit"
    r"|let|need|care|okay|ok|comfortable|ready|sure about|going to|sign|say yes|interested|trust|decided)"
    r"|no (?:estoy|quiero|acepto|autorizo|doy|deseo|consiento|me interesa|lo haga\w*|lo hagas)(?: de acuerdo| mi "
    r"permiso| permiso)?|keep (?:it|that|this|them|my \w+) to (?:yourself|yourselves)|leave (?:it|them|me|that) (?:out"
    r"|alone|be)|not (?:happening|going to happen|a chance|in a million|for me|ok|okay|fine|right|cool|agreed|good"
    r"|comfortable|interested|yes)|no (?:yes|si)) "
)
#: doubt whose words hold a no ("not sure")
_DOUBT = re.compile(
    r" (?:not (?:really |too |so |quite |entirely )?(?:sure|certain|convinced|decided)|(?:i )?do not "
    r"(?:really )?know|no (?:lo )?se(?! l[oae]s? )|no estoy segur[oa]|have not decided|no he decidido) "
)
_UNSURE = re.compile(
    r" (?:(?:yeah|yea|ya|sure) right|as if|in your dreams"
    r"|maybe|perhaps|possibly|probably|i guess|guess|suppose|might|may be|not sure|unsure|do not know|dunno"
    r"|depends|hmm+|hm+|um+|uh+|er+|idk|whatever|i think|kinda|kind of|sort of"
    r"|up to you|if you (?:want|say|think|must|have|insist|need)|could be|we will see|let me (?:think|see|read|check"
    r"|ask|talk)|thinking|think about|tal vez|quiza|quizas|a lo mejor|no se|creo que|supongo"
    r"|depende|puede ser|posiblemente|probablemente|como quieras|como quiera|si quieres|si usted quiere|lo que sea|no "
    r"estoy segur[oa]|pues|a ver|dejame|dejeme|mas o menos|meh|fine i guess|ehh*|eh|undecided"
    r"|torn|hesitant|considering|curious|either way|does not matter|i do not care|me da igual|da lo mismo|so so|more "
    r"or less|almost|not really sure|leaning|hold on|hang on|let you know|get back to you|not so fast|le aviso"
    r"|te aviso|deje ver) "
)
_QUALIFIED = re.compile(
    r" (?:but|only if|only|if|as long as|unless|except|provided|assuming|so long|first|before|after|however|though"
    r"|although|until|once|when|later|tomorrow|just|what|how|why|who|where|which|does|is it|will it|would it"
    r"|do i|can i|could i|can you|could you|explain|tell me|depending|condition|pero|solo si|siempre que|siempre y "
    r"cuando|con tal|antes|primero|aunque|hasta|cuando|luego|despues|manana|que (?:es|cosa|pasa|significa|hace|tan)"
    r"|como|por que|quien|cual|explica\w*"
    r"|dime|digame|mientras|a menos|excepto|si no|whether|not yet|more information|more details|question|pregunta"
    r"|duda|except|wait|another time|some other|in case|subject to|hopefully|ojala) "
)
_YES = re.compile(
    r" (?:y+e+[ays]*[aphsz]*h*|y[aeo]+p+s*|yu+p+s*|ya+h*|ye+s+[a-z]{0,3}|(?:yes){2,}|yass*|sure|ofcourse|fcourse|ofc"
    r"|oki|oki doki|okey dokey|ok|okay|okey|okie|alright|all right|agree|agreed|agrees|consent|authorize|authorise|go "
    r"ahead|go for it|do it|lets do it|let us do it|let us go|proceed|please do|of course|absolutely"
    r"|definitely|certainly|affirmative|correct|right|sounds good|works for me|that works|fine|that is fine|i accept"
    r"|accept|accepted|approve|permission granted|you may|you can|be my guest|my permission|my consent|my ok|mi "
    r"permiso|mi consentimiento|by all means|for sure|totally"
    r"|you bet|indeed|run it|check it|i do|i will|i want that|i want it|lets do this|let us do this|i would|i "
    r"am in(?= (?:$|[.,!;]))|i would like that|i would love to|granted|confirmed"
    r"|confirm|i am ready|ready|please|yes please|si|claro|por supuesto|de acuerdo|dale|adelante|acepto|autorizo|vale"
    r"|bueno|esta bien|andale|andele|sip|correcto|hazlo|hagalo|hagamoslo|procede|proceda|con gusto|desde luego"
    r"|afirmativo|simon"
    r"|orale|listo|sale|ok dale|doy mi permiso|doy permiso|tiene mi permiso|tienes mi permiso|consiento|thumbs up"
    r"|great|perfect|perfecto|cool|sweet|awesome|excellent|deal|have them (?:call|text|contact)|let them (?:call|text"
    r"|contact)"
    r"|(?:open|show|run|start|pull|send) (?:it|me|them|that|the card|me the card)|they can|they may"
    r"|que (?:me )?llamen?) "
)
_PLAIN_NOT = re.compile(
    r" (?:(?:i|you|u|they|we|he|she|it|that|this) )?(?:do|does|did|will|would|can|could|may|should|is|are|am"
    r"|must) not(?= )"
)
_WEAK_YES = re.compile(
    r" (?:i do|i will|i would|i can|you can|you may|u can|they can|they may|they will|he can|she can|it can|may|please"
    r"|right|ready"
    r"|great|perfect|perfecto|cool|sweet|awesome|excellent|deal|fine|bueno|that works|works|correct|alright|k) "
)
_BESIDE_A_WEAK_YES_WORDS = """
    a actually alright am be by do either for go good i in is it like maam mam me mama much of okay one please por
    favor quiero sir so thank
    thanks that the" " this too us very want with would you
"""
_BESIDE_A_WEAK_YES = frozenset(_BESIDE_A_WEAK_YES_WORDS.split())
_CONDITION = re.compile(
    r" (?:only if|if|as long as|so long as|provided|unless|except|solo si|siempre que|siempre y cuando|con tal|a menos"
    r"|mientras"
    r"|si no) "
)
_LEAD_IN = re.compile(
    r"^ (?:(?:please|thanks|thank you|sorry|i am sorry|but|well|honestly|um+|uh+|so|oh|gracias|lo siento|perdon|pero"
    r"|por favor"
    r"|pues|bueno|mm+|eh+) )+(?=no |never |not |do no )"
)
#: words that may stand beside a yes without taking anything from it
_BESIDE_A_YES_WORDS = """
    a about absolutely adelante agree ahead ahora ahorita all alright am amigo an and anytime are as asap at away be
    bro buddy by call calls can card cathy cell check claro con contact contacted could course credit credito da dan
    de deal dealer dealers did do done dude e el ellos email emails en es esta este esto ese eso favor fine for
    friend fully get girl give go good gracias haga hagale hagalo hagan have hello her here hey hi him his hola i in
    is it its just la las le like llama llamar llame llamen lo los love ma maam man mandar mande manden mas me mi
    mis mostrar mucho muestra muestre muestreme much my name now number of offer offers oh okay on one ones open
    orale pass pase please por pronto proceed puede pueden pues pull que quiero really request right run same se sea
    send senor senora senorita set share she show si sir soft soon start started su sus tarjeta team text texts
    thank thanks that the their them then they thing this to too tu tus un una us usted ustedes ver verla very want
    we well whenever will with works would y ya yes you your perfectly acceptable asking nothing nothin hide got
    both record report obtain share merrier lovely either last lost bot full kind great actually hit cool true totally
    definitely most certainly fully completely personally whatsoever problem voice nice wonderful glad gladly hear
    answer try over more thrilled happy sounds terrific okey dokey everything anything works appreciate appreciated
    looking forward further along already soon quick quickly information details para todo todos ambos
    confirmo conforme encantado encantada excelente seguro segura dele va
    have today afternoon evening abra abre abrela abrala mam mama patron jefe ensene
    consulta numero estoy haganlo hun hon honey sweetie ofc
"""
_BESIDE_A_YES = frozenset(_BESIDE_A_YES_WORDS.split())
_ASKING = re.compile(r"\?")
#: "um, yes" is a yes
_FILLER = re.compile(
    r"^ (?:(?:uh+|um+|er+|ah+|oh+|well|so|hey|hi|hello|este|a) )+"
    r"(?=(?:y+e+[aphsz]*|yep|yup|ya+|sure|ok|of course|si|claro|absolutely|please do) )"
)
_GRUNTED_YES = re.compile(r" (?:uh huh|uhuh|mm hmm|mhm+|mmhm+|aja|10 - 4|10 4|ten four) ")
_GRUNTED_NO = re.compile(r" (?:uh uh|nuh uh|unh unh|nuh|mm mm) ")
#: answers to "do you mind?"
_MINDS = re.compile(
    r" (?:i (?:do|would|really|actually) (?:really )?mind|(?:yes )?i mind|(?:si )?me (?:molesta|importa)) "
)
_NOT_MINDING = re.compile(
    r" (?:(?:i )?(?:do|would) not (?:really )?(?:mind|care)(?: at all| it| that)?|not at all|no me (?:molesta|importa)"
    r"|para nada|en absoluto) "
)
_LEADING_NO = re.compile(r"^ (?:(?:no+|nope|nah|of course not|claro que no) )+")
_BARE_WORDS = "no nope nah yes yeah yep si ya i do thanks thank you please gracias"
_BARE = frozenset(_BARE_WORDS.split())


def read_answer(line: str) -> Answer | None:
    """Read a normalised turn as an answer; None when it is no answer at all.

    After a correction ("yes. no wait, don't") only what follows counts.
    """
    line = _GRUNTED_NO.sub(" no ", _GRUNTED_YES.sub(" yes ", line))
    if line.strip() in {"y", "n", "s"}:
        return "no" if line.strip() == "n" else "yes"
    line = _DOUBT.sub(" unsure ", _HARMLESS.sub(" fine ", _FILLER.sub(" ", _spaced(last_word(line)))))
    line = _LEAD_IN.sub(" ", _PLAIN_NOT.sub(" no", _REFUSAL.sub(" no ", line)))
    if (condition := _CONDITION.search(line)) and not _NO.search(line[: condition.start() + 1]):
        return "unclear"
    unsure, said_no, said_yes = _UNSURE.search(line), _NO.search(line), _YES.search(line)
    if said_no:
        return "unclear" if said_yes and not _leading_no(line) and _mixed(line) else "no"
    if unsure:
        return "unclear"
    if not said_yes:
        return None
    rest = _without_yes(line)
    return "unclear" if _QUALIFIED.search(rest) or _ASKING.search(line) or _says_more(line) else "yes"


def read_leave(line: str) -> Answer | None:
    """Read a normalised turn as an answer to "do you mind?", where a bare yes or no may mean either."""
    line = _spaced(last_word(line))
    if _MINDS.search(_NOT_MINDING.sub(" ", line)):
        return "no"
    if _NOT_MINDING.search(line):
        rest = read_answer(_NOT_MINDING.sub(" fine ", _LEADING_NO.sub(" ", line)))
        return "yes" if rest == "yes" else "unclear"
    if line.split() and set(line.split()) <= _BARE:
        return "unclear"
    answer = read_answer(line)
    return "yes" if answer == "no" and read_answer(_LEADING_NO.sub(" ", line)) == "yes" else answer


def begins_with_yes(line: str) -> bool:
    """Does the turn begin with a yes that nothing takes back? Enough where no consent is asked ("sure, bring her"
    " in")."""
    line = _spaced(line)
    return bool(_YES.match(line)) and not any(
        pattern.search(line) for pattern in (_NO, _UNSURE, _QUALIFIED, _CONDITION, _ASKING)
    )


def is_all_answer(line: str) -> bool:
    """Is the turn nothing but a yes or a no? What answers no question that was asked counts only then."""
    line = _DOUBT.sub(" unsure ", _HARMLESS.sub(" fine ", _spaced(last_word(line))))
    words = _REFUSAL.sub(" no ", line)
    if _WEAK_YES.search(words) and not _YES.search(_removed(_WEAK_YES, words)) and not _NO.search(words):
        return False
    if not (_YES.match(words) or _NO.match(words) or _UNSURE.match(words)):
        return False
    for pattern in (_NO, _UNSURE):
        words = pattern.sub(" ", words)
    return not _says_more(words)


def _says_more(line: str) -> bool:
    """Does more than a yes and words that add nothing to it stand in the line?

    "I will" and "they can" are only a yes by themselves: "I will call them" is none.
    """
    without_weak = _removed(_WEAK_YES, line)
    allowed = _BESIDE_A_YES if _YES.search(without_weak) else _BESIDE_A_WEAK_YES
    rest = (word for word in _removed(_YES, without_weak).split() if not (word.isdigit() and len(word) < 3))
    return any(word.isalnum() and word not in allowed for word in rest)


def _removed(pattern: re.Pattern[str], line: str) -> str:
    previous = ""
    while previous != line:
        previous, line = line, pattern.sub(" ", line)
    return line


def last_word(line: str) -> str:
    """What stands after the last correction, unless nothing does."""
    parts = _CORRECTION.split(_spaced(line))
    tail = parts[-1].strip(" ,.!;")
    if len(parts) == 1:
        return line
    if re.search(r"no (?:, |\. )?(?:wait|espera|espere)|mejor no|second thought|take that back", line) and not tail:
        return " no "
    return f" {tail} " if tail else line


def _spaced(line: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[.,!;:]", " ", line))


def _leading_no(line: str) -> bool:
    return re.match(r"^ (?:no|nope|nah|never|not|nunca) ", line) is not None


def _mixed(line: str) -> bool:
    """A yes first and a no after it."""
    yes, no = _YES.search(line), _NO.search(line)
    return bool(yes and no and yes.start() < no.start())


def _without_yes(line: str) -> str:
    """The words beside the yes: "just do it" and "go ahead when you are ready" are not conditions."""
    return re.sub(
        r" (?:just (?:do|run|check|go)|go ahead (?:and|when|whenever)|you can|you may|yes you can|whenever "
        r"you are ready|that is what i want|it is|si claro|claro que) ",
        " ",
        line,
    )
