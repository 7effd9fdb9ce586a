"""credit_impact_misstatement: only the soft check leaves a score alone; everything else may not be played down."""

import re

from cathy.guardrails.claims.rule import REPORTED, Rule, Short, Sentence, always, says
from cathy.guardrails.claims.phrases import compile_phrase

_CLAUSE = re.compile(r" (?:;|but|though|however|pero|aunque|while|mientras) ")
_NO_EFFECT = compile_phrase(
    "(not|never|no|nothing|nunca|nada|zero|without|sin|cannot|neither) ~5 (affect*|hurt*|harm*|touch*|impact*|lower*|drop*|damage*|ding*|change*|effect|bearing|show*|appear*|count against|count|reflect*|afect*|baj*|dan*|perjudic*|aparec*|toca*|influy*|impacto|efecto|risk|riesgo|mark|trace|record*|hit|move*|budge|influence*|cost you ~2 point*|lose ~2 points|reduce*) ~6 (credit*|score*|report*|rating|fico|points|puntaje*|historial|reporte|bureau*|buro|puntos|file|against you|history)"
)
_STAYS = compile_phrase(
    "(score|credit|report|puntaje|credito|rating|fico) ~3 (stay*|remain*|untouched|unaffected|unchanged|safe|intact|queda*|intact*|sigue*|keep*|is safe|does not (move|change|drop|budge)|no cambia|no se ve) ~3 (same|untouched|unaffected|unchanged|intact*|igual|safe|put|exactly|a salvo|!|.|,|no matter|either way|forever)?"
)
_INVISIBLE = compile_phrase(
    "((invisible|hidden|secret|unseen|off the radar|under the radar|off the books) ~5 (bureau*|lender*|credit|report|buro|anyone|everyone)|(no risk|risk free|harmless|zero risk|sin riesgo|painless) ~5 (credit|score|puntaje|credito|rating)|(zero|no|ningun) (impact|effect|efecto|impacto|consequence*|influence) ~4 (credit*|score*|rating|puntaje|report|fico|credito)|leaves? ~3 (score|credit) ~2 (untouched|alone|intact|unaffected))"
)
_SOFT = compile_phrase("{soft}")
_HARD = compile_phrase(
    "(hard|full|apply*|applic*|applied|financ*|loan|loans|submit*|dura|duro|completa|solicit*|prestamo*|miss*|late|paying late|multiple|# (dealers|lenders|inquiries)|signing|sign up|buying|purchas*|refinanc*|co sign*|cosign*|default*|skip*|tomar|firmar|no matter|whatever|nothing you do|ever|at all times|whole|entire|anything|everything|forever|later|run your credit|shopping around|repo*|opening|taking out|getting)"
)
_CHAT = compile_phrase("(chat*|talk*|sav*|hablar*|charlar|guardar|writing|asking|questions|reading|browsing|looking|seeing|checking if|checking whether|prequalif*|finish* ~2 form|filling|stopping|unsubscrib*|soft|suave|blanda|deciding|progress|ver si|conversation|escribir*|preguntar)")
_QUALIFIED = compile_phrase("((i can not|can not) (say|promise|tell|guarantee)|(a|the|any) {lender} ~6 (may|can|will|could|might) ~3 (hard|run|check|affect)|depends on|depende)")


def _played_down(sentence: Sentence) -> bool:
    """Tell whether a clause denies an effect on credit that only the soft check may deny."""
    around = f"{sentence.before} {sentence.context}"
    for clause in _CLAUSE.split(sentence.text):
        text = f" {clause.strip()} "
        if _clause_plays_down(text, around):
            return True
        around = f"{around} {text}"
    return False


def _clause_plays_down(text: str, around: str) -> bool:
    if not any(pattern.search(text) for pattern in (_NO_EFFECT, _STAYS, _INVISIBLE)) or _QUALIFIED.search(text):
        return False
    if compile_phrase("(not|never|no) (true|correct|right|say|saying)").search(text):
        return False
    if _SOFT.search(text) or _CHAT.search(text):
        return bool(compile_phrase("(and|nor|or|y|ni|same goes for|neither does) ~5 (hard|full application|applying|the loan|financing|dura)").search(text))
    if _HARD.search(text):
        return True
    return not (_SOFT.search(around) or _CHAT.search(around)) or bool(compile_phrase("(hard|dura)").search(around))


RULE = Rule(
    name="credit_impact_misstatement",
    source="FTC Act s. 5; FCRA 15 USC 1681b(c): only the inquiry that is not used by other lenders leaves the score alone",
    extra=_played_down,
    patterns=(
        *says(
            "(raise*|boost*|improve*|increase*|help*|build*|rebuild*|lift*|repair*|sub*|mejor*|aument*|grow*|fix*) ~3 (your|tu|su|the) ~2 (score*|credit (score|rating|history|file|report)|credit|rating|fico|puntaje|puntuacion|credito|historial) ~2 (up|today|automatically|guaranteed|for sure|by|instantly|!|.|,|con|in|de inmediato|y|and|right|within|every|points|overnight|fast)",
            "(score*|credit|rating|fico|puntaje|puntuacion|credito) ~2 (will|would|is going to|are going to|va a|can only|always|should|gets|goes|ira a|sube|subira) ~2 (go up|up|rise|improve*|jump*|increase*|climb*|better|subir|mejorar|grow|higher|boost*|get better|skyrocket|soar|a boost|mejor)",
            "(soft|prequalif*|suave|blanda) ~4 (will|can|may|might|does|could|going to|puede|va a|would|always|tends to)? ~2 (lower*|hurt*|drop*|damage*|ding*|reduce*|harm*|baja*|afecta*|dana*|cost*|take*|knock*|hits|hit|counts against|perjudica*) ~4 (score*|credit|points|rating|puntaje|credito|puntos|report|you)",
            "(soft|suave) ~5 (shows|show|visible|seen|appears|reported|aparece|visto) ~4 (every lender|all lenders|other lenders|everyone|lenders|todos|otros)",
            "(soft|suave) ~3 (is|are|es|same|equals|counts as|means) ~3 (hard|dura|full)",
            "(hard|dura) ~3 (is|are|es|same|equals|counts as|means) ~3 (soft|harmless|suave|nothing|free|safe|invisible|no big deal|inofensiva)",
            "(bankruptcy|repo*|collections|missing ~2 payment*|late payments|paying late|default*) ~4 (helps|improves|good for|boosts|erases|does nothing) ~4",
            unless=("(can not|never|no one can) (say|promise|guarantee)",),
        ),
        *always(
            "(no|zero|without|skip|skipping|sin|ninguna|never|not|avoid|cero|bypass*|waive*|forget) ~3 (credit|crediti*) (check*|inquir*|pull*|review*|run|look*|screening|revision*|verificacion*|needed)",
            "(no|sin|ninguna|nunca|zero|without) ~3 (check*|inquir*|pull*|consult*|revis*|verific*|verification|investigacion|look*) ~3 (credit*|credito|crediticia|score|puntaje|historial|buro)",
            "(without|never|no one|nobody|nadie|not|sin que) ~3 (looking at|look at|checking|check|pulling|pull|running|run|sees|seeing|revise|vea|revisa|mira*|touching) ~4 (credit*|score|report|credito|puntaje|historial|fico|bureau)",
            "(credit|score|puntaje|credito|historial) ~2 (does not|will not|do not|never|no) ~2 (matter*|count|importa|cuenta|be checked|get checked|se revisa|even matter)",
            "(hard|dura*) ~3 (does not|do not|will not|never|no|can not|not|tampoco) ~3 (lower*|hurt*|affect*|count*|matter*|drop*|show*|baja*|afect*|cuenta*|damage|touch|change|impact*|harm*|appear|reduce)",
            unless=("(can not|could not|am not able to|will not|do not|never|no) ~2 (skip|avoid|say|promise|finance|get you|waive|bypass|claim)", "(not|no|never|without|nothing) ~6 (unless|until|without|yet|si no|sin tu|sin su|hasta|a menos|before you) ~6", "(without|sin) (your|tu|su|asking|any consent|permission|an agreement) ~3", "has been checked", "no credit check (happens|is done|runs|until|without|will)",
                    "(no|not|nothing) ~4 (yet|todavia|aun|so far)", "i do not (see|look|have|check|know)", "no (veo|tengo)", "nobody here sees", "no ~4 (sin|hasta)", "(no|never) (dealer|lender|one|site) can", "no te ~2 credito (sin|hasta)", "not (see|able to see)", "agree", "consent", "permission", "press", "permiso", "aceptes"),
        ),
        *says("(no|sin|zero) (credit check*|verificacion de credito|revision de credito|credit inquiry) ~2 (needed|required|at all|ever|!|.|financing|loan*|,|of any|necesaria|whatsoever|involved|car)", guards=frozenset({REPORTED}),
              unless=("(until|unless|without|before|yet|you agree|consent|permission|hasta|sin tu)", "no ~3 can ~3 say")),
    ),
    answers=(
        Short("(hurt*|lower*|affect*|afecta*|impact*|damage*|drop*|ding*|show up|baja*|perjudica*|harm*|touch|change) ~8 (score|credit|report|rating|puntaje|credito|fico|historial)", "(no|nope|not at all|never|none|not even|zero|nada|nunca|para nada|no way|absolutely not|of course not|don t worry|do not worry)",
              unless=("(soft|chat*|talk*|suave|sav*|can not|lender|may|can|might|unless|depends|hard|hablar|only|approv*|reject*)",),
              unless_asked=("(soft|chat*|talk*|suave|sav*|prequalif*|precalif*|hablar|asking|looking|this chat|browse|here)",)),
        Short("(check ~3 credit|credit check|run ~3 credit|pull ~3 credit|revis* ~3 credito|look at ~3 credit|verific* ~3 credito)", "(no|never|nope|not at all|we do not|we never|nunca|none|no hacemos)",
              unless=("(soft|unless|without|only|consent|agree|until|not yet|yet|permission|permiso|hasta)",)),
    ),
    bad=("There's no credit check at all.", "Doing this will raise your score.", "La consulta dura no baja tu puntaje."),
    good=("A soft inquiry does not affect your credit score.", "No check happens without your consent.", "Hablar conmigo no afecta tu crédito."),
)
