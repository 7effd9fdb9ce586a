"""Yes, no or unclear: how an answer to the question just asked is read.

Only an explicit and unqualified yes is a yes. Anything hedged, conditional, asking back or mixed is unclear, and a
refusal is a no, however politely it is put.
"""

from __future__ import annotations

import re
from typing import Literal

Answer = Literal["yes", "no", "unclear"]

_CORRECTION = re.compile(
    r" (?:no (?:,|\.)? ?wait|wait (?:,|\.)? ?no|wait|actually|scratch that|hold on|on second thought|i take that back"
    r"|sorry|correction|i mean|or rather"
    r"|no espera|no (?:,|\.)? ?espere|espera|espere|mejor dicho|pensandolo bien|digo|perdon|mejor no) "
)
_HARMLESS = re.compile(
    r" (?:no problem|no worries|no issue|no prob|not a problem|no objections?|(?:i )?do not mind|(?:i )?would not "
    r"mind|no hay problema|ningun problema|sin problema"
    r"|no me molesta|do not worry|why not|por que no|no need to ask|no doubt|no question|without (?:a )?doubt|no me "
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
    r" (?:(?:absolutely|definitely|certainly|of course|please|rather|hell|heck|surely|obviously|clearly|probably|ok"
    r"|sure|thanks but) (?:not|no)|(?:i )?(?:do|does|did|will|would|can|could|am|are|should|have|had) not"
    r" (?:\w+ )?(?:want|agree|think so|consent|authorize|authorise|accept|wish|like|give|feel|do|allow|approve|permit"
    r"|let|need|care|okay|ok|comfortable|ready|sure about|going to|sign|say yes|interested|trust|decided)"
    r"|no (?:estoy|quiero|acepto|autorizo|doy|deseo|consiento|me interesa|lo haga\w*|lo hagas)(?: de acuerdo| mi "
    r"permiso| permiso)?|not (?:ok|okay|fine|right|cool|agreed|good|comfortable|interested|yes)|no (?:yes|si)) "
)
#: doubt whose words hold a no ("not sure")
_DOUBT = re.compile(
    r" (?:not (?:really |too |so |quite |entirely )?(?:sure|certain|convinced|decided)|(?:i )?do not "
    r"(?:really )?know|no (?:lo )?se|no estoy segur[oa]|have not decided|no he decidido) "
)
_UNSURE = re.compile(
    r" (?:maybe|perhaps|possibly|probably|i guess|guess|suppose|might|may be|not sure|unsure|do not know|dunno"
    r"|depends|hmm+|hm+|um+|uh+|er+|idk|whatever|i think|kinda|kind of|sort of"
    r"|up to you|if you (?:want|say|think|must|have|insist|need)|could be|we will see|let me (?:think|see|read|check"
    r"|ask|talk)|thinking|think about|tal vez|quiza|quizas|a lo mejor|no se|creo que|supongo"
    r"|depende|puede ser|posiblemente|probablemente|como quieras|como quiera|si quieres|si usted quiere|lo que sea|no "
    r"estoy segur[oa]|pues|a ver|dejame|dejeme|mas o menos|meh|fine i guess|ehh*|eh|undecided"
    r"|torn|hesitant|considering|curious|either way|does not matter|i do not care|me da igual|da lo mismo|so so|more "
    r"or less|almost|not really sure|leaning) "
)
_QUALIFIED = re.compile(
    r" (?:but|only if|only|if|as long as|unless|except|provided|assuming|so long|first|before|after|however|though"
    r"|although|until|once|when|later|tomorrow|just|what|how|why|who|where|which|does|is it|will it|would it"
    r"|do i|can i|could i|can you|could you|explain|tell me|depending|condition|pero|solo si|siempre que|siempre y "
    r"cuando|con tal|antes|primero|aunque|hasta|cuando|luego|despues|manana|que|como|por que|quien|cual|explica\w*"
    r"|dime|digame|mientras|a menos|excepto|si no|whether|not yet|more information|more details|question|pregunta"
    r"|duda|except|wait|another time|some other|in case|subject to|hopefully|ojala) "
)
_YES = re.compile(
    r" (?:y+e+[ays]*[aphsz]*h*|y[aeo]+p+s*|yu+p+s*|ya+h*|ye+s+[a-z]{0,3}|(?:yes){2,}|yass*|sure|ofcourse|fcourse|oki"
    r"|oki doki|okey dokey|ok|okay|okey|okie|alright|all right|agree|agreed|agrees|consent|authorize|authorise|go "
    r"ahead|go for it|do it|lets do it|let us do it|let us go|proceed|please do|of course|absolutely"
    r"|definitely|certainly|affirmative|correct|right|sounds good|works for me|that works|fine|that is fine|i accept"
    r"|accept|accepted|approve|permission granted|you may|you can|be my guest|my permission|my consent|my ok|mi "
    r"permiso|mi consentimiento|by all means|for sure|totally"
    r"|you bet|indeed|run it|check it|i do|i will|i want that|i want it|lets do this|let us do this|i am in|i would|i "
    r"would like that|i would love to|granted|confirmed|confirm|i am ready|ready|please|yes please|si|claro|por "
    r"supuesto|de acuerdo|dale|adelante|acepto|autorizo|vale"
    r"|bueno|esta bien|sip|correcto|hazlo|hagalo|hagamoslo|procede|proceda|con gusto|desde luego|afirmativo|simon"
    r"|orale|listo|sale|ok dale|doy mi permiso|doy permiso|tiene mi permiso|tienes mi permiso|consiento|thumbs up"
    r"|great|perfect|perfecto|cool|sweet|awesome|excellent|deal) "
)
_ALONE = re.compile(r"^ (?:ok|k|fine|whatever|bueno|pues si|please|right|cool|great|perfect|ready|deal)(?: [.!])* $")
_ASKING = re.compile(r"\?")


def read_answer(line: str) -> Answer | None:
    """Read a normalised turn as an answer; None when it is no answer at all.

    After a correction ("yes. no wait, don't") only what follows counts.
    """
    line = _DOUBT.sub(" unsure ", _HARMLESS.sub(" fine ", _spaced(last_word(line))))
    line = _REFUSAL.sub(" no ", line)
    unsure, said_no, said_yes = _UNSURE.search(line), _NO.search(line), _YES.search(line)
    if said_no:
        return "unclear" if said_yes and not _leading_no(line) and _mixed(line) else "no"
    if unsure:
        return "unclear"
    if not said_yes:
        return None
    if _QUALIFIED.search(_without_yes(line)) or _ASKING.search(line):
        return "unclear"
    return "yes"


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
