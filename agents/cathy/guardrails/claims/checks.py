"""The two checks that no phrase can express: playing down an effect on credit, and showing the machine's insides."""

from __future__ import annotations

import re
from collections.abc import Callable

from .phrases import compile_phrase
from .rule import Sentence

_CLAUSE = re.compile(r" (?:;|but|though|however|pero|aunque|while|mientras) ")
_NO_EFFECT = compile_phrase(
    "(not|never|no|nothing|nunca|nada|zero|without|sin|cannot|neither) ~5 (affect*|hurt*|harm*|touch*|impact*|lower*"
    "|drop*|damage*|ding*|change*|effect|bearing|show*|appear*|count against|count|reflect*|afect*|baj*|dan*"
    "|perjudic*|aparec*|toca*|influy*|impacto|efecto|risk|riesgo|mark|trace|record*|hit|move*|budge|influence*|cost "
    "you ~2 point*|lose ~2 points|reduce*) ~6 (credit*|score*|report*|rating|fico|points|puntaje*|historial|reporte"
    "|bureau*|buro|puntos|file|against you|history)"
)
_STAYS = compile_phrase(
    "(score|credit|report|puntaje|credito|rating|fico) ~3 (stay*|remain*|untouched|unaffected|unchanged|safe|intact"
    "|queda*|intact*|sigue*|keep*|is safe|does not (move|change|drop|budge)|no cambia|no se ve) ~3 (same|untouched"
    "|unaffected|unchanged|intact*|igual|safe|put|exactly|a salvo|!|.|,|no matter|either way|forever)?"
)
_INVISIBLE = compile_phrase(
    "((invisible|hidden|secret|unseen|off the radar|under the radar|off the books) ~5 (bureau*|lender*|credit|report"
    "|buro|anyone|everyone)|(no risk|risk free|harmless|zero risk|sin riesgo|painless) ~5 (credit|score|puntaje"
    "|credito|rating)|(zero|no|ningun) (impact|effect|efecto|impacto|consequence*|influence) ~4 (credit*|score*"
    "|rating|puntaje|report|fico|credito)|leaves? ~3 (score|credit) ~2 (untouched|alone|intact|unaffected))"
)
_SOFT = compile_phrase("{soft}")
_HARD = compile_phrase(
    "(hard|full|apply*|applic*|applied|financ*|loan|loans|submit*|dura|duro|completa|solicit*|prestamo*|miss*|late"
    "|paying late|multiple|# (dealers|lenders|inquiries)|signing|sign up|buying|purchas*|refinanc*|co sign*|cosign*"
    "|default*|skip*|tomar|firmar|no matter|whatever|nothing you do|ever|at all times|whole|entire|anything"
    "|everything|forever|later|run your credit|shopping around|repo*|opening|taking out|getting)"
)
_CHAT = compile_phrase(
    "(chat*|talk*|sav*|hablar*|charlar|guardar|writing|asking|questions|reading|browsing|looking"
    "|seeing|checking if|checking whether|prequalif*|finish* ~2 form|filling|stopping|unsubscrib*"
    "|soft|suave|blanda|deciding|progress|ver si|conversation|escribir*|preguntar)"
)
_QUALIFIED = compile_phrase(
    "((i can not|can not) (say|promise|tell|guarantee)|(a|the|any) {lender} ~6 (may|can|will"
    "|could|might) ~3 (hard|run|check|affect)|depends on|depende)"
)


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
        return bool(
            compile_phrase(
                "(and|nor|or|y|ni|same goes for|neither does) ~5 (hard|full application|applying"
                "|the loan|financing|dura)"
            ).search(text)
        )
    if _HARD.search(text):
        return True
    return not (_SOFT.search(around) or _CHAT.search(around)) or bool(compile_phrase("(hard|dura)").search(around))


_TOOL = re.compile(r"\b(?:save_phone|save_email|ask_for_contact|offer_credit_check|hand_off_to_person|stop_contact"
                   r"|set_language|resume_application|submit_lead|start_soft_pull|check_consent|record_phone"
                   r"|record_email|vehicle_interest|application_status)\b|\b[a-z]+_[a-z_]+\s*\(|\bsk-[A-Za-z0-9]{6,}"
                   r"|<\s*/?\s*(?:system|instructions?|prompt)\s*>|<\|?im_|^\s*FACTS\s*:|\{\s*\"\w+\"\s*:"
                   r"|\b[A-Z]+(?:_[A-Z]+)*_(?:KEY|TOKEN|SECRET|PASSWORD)\b", re.IGNORECASE)  # fmt: skip


def _insides(sentence: Sentence) -> bool:
    return _TOOL.search(sentence.raw) is not None


#: rule → a check beside its phrases
CHECKS: dict[str, Callable[[Sentence], bool]] = {
    "credit_impact_misstatement": _played_down,
    "leaks_system_prompt": _insides,
}
