"""Mend typing slips: "stpo emailng me" → "stop emailing me", "bankrupcy" → "bankruptcy".

A word that nobody here knows is replaced by a known one that is one slip away (two for long words). Short words are
only mended by swapping or adding a letter, so that "shop" does not become "stop".
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache

from cathy.guardrails.text.everyday import EVERYDAY
from cathy.guardrails.text.vocabulary import KNOWN

from .cues import CUES

_WORD = re.compile(r"[a-z]{4,}\*?")
_LONG = 8
_SWAPPED = 7
#: long words with their endings whose stems alone stand in the cues
_FULL_WORDS = """
    anymore application applications applied applying approval approved appointment available bankruptcy business
    calling chance chances charging company computer contact contacted contacting continue continuing credit dealership
    delete deleted deleting document documents email emailing emails everything everybody financing finished finishing
    financed function information insurance interest interested interesting language license manager message
    messages messaging monthly mortgage nothing number numbers operator payment payments person personal privacy
    process program question questions receive received receiving refinance remember remove removed removing
    representative security sending service somebody someone something spanish speaking started starting stopped
    stopping supervisor talking texting thanks together tomorrow trading unsubscribe vehicle vehicles warranty
    whatsapp without working writing
    alguien aplicacion aplicar aprobado aprobacion asesor camioneta cancelar celular comunicar comunicarme
    concesionario contactar continuar correos credito documentos enganche enviar escribir espanol estafa hablar
    informacion interesado interesada intereses llamada llamadas llamame llamar mensaje mensajes mensualidad
    necesito numero operador persona personas prestamo privacidad puntaje quincena representante seguridad
    solicitar solicitud supervisor telefono trabajando vehiculo
"""
_FULL = frozenset(_FULL_WORDS.split())


@cache
def _targets() -> frozenset[str]:
    """Words that cues look for."""
    texts = (text for cues in CUES.values() for cue in cues for text in (*cue.phrases, *cue.unless))
    words = {word for text in texts for word in _WORD.findall(text)}
    return frozenset(word.rstrip("*") for word in words if not word.endswith("*") or len(word) > 6)


@cache
def _by_deletion() -> dict[str, list[str]]:
    """Each target under itself and under all ways of dropping one letter."""
    table: dict[str, list[str]] = defaultdict(list)
    for word in sorted(_targets()):
        for short in {word, *_drops(word)}:
            table[short].append(word)
    return table


def _drops(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


@lru_cache(maxsize=8192)
def mend(word: str) -> str:
    """Return the known word that `word` is a slip of, or `word` itself."""
    if len(word) < 4 or not word.isalpha() or word in EVERYDAY or word in _targets():
        return word
    if len(word) >= _SWAPPED and (right := _swapped_back(word)):
        return right
    if word in KNOWN:
        return word
    candidates = {target for short in (word, *_drops(word)) for target in _by_deletion().get(short, ())}
    near = [(distance(word, target), target) for target in candidates]
    near = [
        (steps, target) for steps, target in near if steps <= _allowed(word, target) and _starts_alike(word, target)
    ]
    return min(near)[1] if near else word


def _swapped_back(word: str) -> str:
    """The word that two neighbours changed places in. A stem knows nearly any ending, so this is asked before it."""
    ways = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1))
    return next((way for way in ways if way in _whole_words()), "")


@cache
def _whole_words() -> frozenset[str]:
    """Words with their endings: those that cues look for, and those that people use around them."""
    return _targets() | EVERYDAY | _FULL


def _allowed(word: str, target: str) -> int:
    if len(word) >= _LONG and len(target) >= _LONG:
        return 2
    if len(word) > 4:
        return 1
    return 1 if sorted(word) == sorted(target) or len(target) == len(word) + 1 else 0


def _starts_alike(word: str, target: str) -> bool:
    """Hardly a slip changes the first letter ("banana" is no "manana"), unless the first two are swapped."""
    return word[0] == target[0] or word[:2] == target[1::-1]


def distance(left: str, right: str) -> int:
    """Number of slips between two words: a letter too many, too few, wrong, or two swapped."""
    rows = [list(range(len(right) + 1))]
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
