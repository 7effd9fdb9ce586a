"""Input guardrails: what a customer's turn tries to do, judged before any model sees it.

Attacks and abuse of the machine are flagged (the turn does not reach the model). Crisis words and minors are not
refused: `flagged` stays False and `kind` tells the chat to bring in a person.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from .attacks import CRISIS, HARMLESS, INJECTION, MINOR, THREAT
from .claims.phrases import compile_phrase
from .opinion import attacks
from .text import normalise, split_sentences
from .text.everyday import EVERYDAY
from .text.vocabulary import KNOWN

MAX_CHARS = 4000
_LONG_WORDS = 60

_MARKUP = re.compile(
    r"<\|?\s*/?\s*(?:im_start|im_end|system|assistant|endoftext|user|inst|instructions?|prompt|admin|sys)\b[^>]*\|?>"
    r"|\[/?(?:INST|SYS|SYSTEM|ADMIN|DEVELOPER|ASSISTANT)\]|<<\s*/?SYS\s*>>"
    r"|^\s*#{1,4}\s*(?:system|instructions?|new instructions?|assistant|prompt|human|user|admin|override"
    r"|response)\b\s*:?"
    r"|(?:^|\n)\s*[\"'{]*\s*(?:system|assistant|developer|admin|root|sudo|tool|function)[\"']?\s*(?:message|prompt"
    r"|override|note)?\s*:\s*\S|\"role\"\s*:\s*\"(?:system|assistant|developer|tool)\""
    r"|-{3,}\s*(?:end|begin|start|stop|new)\b.{0,40}-{2,}|={3,}\s*(?:end|begin|system|new)\b|\{\{.{0,60}\}\}"
    r"|\$\{.{0,60}\}|<script\b|javascript:|(?:'|\")\s*(?:or|and)\s+['\"]?1['\"]?\s*=\s*['\"]?1|;\s*drop\s+table"
    r"|union\s+select|\bBEGIN\s+(?:SYSTEM|ADMIN|NEW)\b|\[\s*system\s*(?:message|override|note|prompt)?\s*[:\]]"
    r"|!\[[^\]]*\]\(https?://[^)]*[?=]|\b(?:import\s+os|os\.system|subprocess|__import__|eval\(|exec\(|rm\s+-rf"
    r"|curl\s+https?:|/etc/passwd|select\s+\*\s+from)\b"
    r"|(?:\.\./){2,}|\b169\.254\.169\.254\b|\bfile://|\$\(|\$\{jndi|<%=|\bos\.environ\b|<!--|<img\s|onerror\s*="
    r"|\bupdate\s+\w+\s+set\s+\w+\s*=|\binsert\s+into\s+\w+|\bdelete\s+from\s+\w+\s*(?:where|;|$)|\bdrop\s+table\b"
    r"|\"\"\"|\buser\s*:.{0,80}\bassistant\s*:|\b(?:assistant|system|instruction)\s*:\s*$",
    re.IGNORECASE | re.MULTILINE,
)
#: in capitals, in the middle of a text
_SHOUTED_ROLE = re.compile(r"(?:^|[\s\"'(:>])(?:SYSTEM|ASSISTANT|ADMIN|DEVELOPER|ROOT)(?:\s+[A-Z]+){0,2}\s*:\s*\S")
_TOOL_CALL = re.compile(
    r"\b(?:save_phone|save_email|ask_for_contact|offer_credit_check|hand_off_to_person|stop_contact|set_language"
    r"|resume_application|submit_lead|start_soft_pull|check_consent|show_privacy|request_callback|tool_call"
    r"|function_call|[a-z]+_[a-z_]+)\s*\(|\b(?i:run|call|execute|trigger|use|invoke|fire"
    r"|start)\s+(?:the\s+)?(?:tool\s+|function\s+)?[a-z]+_[a-z_]+\b(?!@)"
    r"|\b[a-z]+_[a-z_]+\s+(?:tool|function)\b|\"(?:tool|function|name|arguments)\"\s*:\s*[\"{]",
)
_ENCODED = re.compile(r"(?:[A-Za-z0-9+/]{24,}={0,2})|(?:(?:[0-9a-f]{2}[\s:]?){16,})|(?:(?:[01]{8}\s?){5,})"
                      r"|(?:(?:\\x[0-9a-f]{2}){6,})|(?:(?:%[0-9a-f]{2}){6,})|(?:(?:&#x?\d+;){6,})|(?:[.-]{1,6}(?:\s"
                      r"|/)+){14,}", re.IGNORECASE)  # fmt: skip
#: "ignore" and "forget", then "instructions" and "rules", in languages that nobody answers in; either order, close by
_FOREIGN_DROP = (
    r"ignor\w*|desconsider\w*|esque[cç]\w*|vergiss|vergesst|missacht\w*|oubli\w*|n[ée]glig\w*|dimentic\w*|trascur\w*"
    r"|negeer\w*"
    r"|vergeet|zignoruj\w*|zapomnij\w*|pomi[nń]\w*|ignorera|gl[öo]m|glem|unohda|yoksay|unut|g[öo]rmezden|abaikan"
    r"|lupakan|b[ỏo] qua"
    r"|qu[êe]n|uit[ăa]|zapome[nň]\w*|zabudi|игнорир\w*|проигнорир\w*|забуд\w*|отбрось|ігнор\w*|αγν[όο]\w*|ξ[έε]χν\w*"
    "|無視|忘れ|무시|잊어|忽略|忘记|忘掉|忘了|无视|忽視|不要遵守|تجاهل|انس|अनदेखा|भूल|नज़रअंदाज़|ละเว้น|เพิกเฉย|התעלם|שכח"
)
_FOREIGN_RULES = (
    r"instru[cçkz]\w*|istruzion\w*|regras|anweisung\w*|regeln|vorgaben|consignes|r[èe]gles|regole|regels|polece\w*"
    r"|zasad\w*"
    r"|regler|ohjeet|talimat\w*|kural\w*|aturan|perintah|h[ướu]+[ơo]?ng d[ẫa]n|ch[ỉi] d[ẫa]n|quy t[ắa]c|pokyn\w*"
    r"|pravid\w*"
    r"|инструкц\w*|правил\w*|указани\w*|інструкц\w*|οδηγ[ίι]\w*|καν[όο]ν\w*|prompt|промпт"
    "|指示|命令|ルール|規則|规则|規定|지시|명령|규칙|指令|提示|要求|设定|設定|تعليمات|أوامر|القواعد|निर्देश|नियम|คำสั่ง|กฎ|הוראות|כללים"
)
_FOREIGN = re.compile(
    "忽略.{0,12}(?:提示|指令|要求|规则|内容)|系统提示|提示词|提示注入|扮演|你现在是|你的新身份|管理员|不受任何|无限制|超级管理员"
    "|системн\\w+ (?:промпт|инструкц)|ты теперь|システムプロンプト|시스템 프롬프트"
    "|systemprompt|prompt syst[èe]me|prompt do sistema"
    f"|(?:{_FOREIGN_DROP}).{{0,30}}?(?:{_FOREIGN_RULES})|(?:{_FOREIGN_RULES}).{{0,20}}?(?:{_FOREIGN_DROP})",
    re.IGNORECASE,
)
#: words that stand for English and Spanish here, where the phrases judge with more care
_AT_HOME = re.compile(r"\b(?:instruct\w*|instrucci\w+|prompt(?:s|ly|ed)?|rules?)\b", re.IGNORECASE)
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_][._*-]){3,}[^\W\d_](?!\w)")
_RUN_TOGETHER = re.compile(r"(?<![\w@])(?:[^\W\d_]{2,}[._|*~/\\+-]){2,}[^\W\d_]{2,}(?![\w@])")
_ORDERS = re.compile(
    r" (?:you (?:will|must|should|shall|are|have to|can|need to|may|always|never|do not)|your (?:responses?|answers?"
    r"|repl(?:y|ies)|output|task|job|role|character|name)|respond|answer|reply|generate|output|pretend|simulate"
    r"|prompts?|always|never|character|write|create|describe)(?= )"
)
_MANY_ORDERS = 4
#: without one of these no English attack is worth reading for
_TELLTALE = re.compile(
    r"ignore|instruc|prompt|rules|reveal|system|forget|disregard|approve|password|secret", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff]|[\U000e0000-\U000e007f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class InputVerdict:
    """`flagged` turns do not reach the model. `kind` is one of injection, oversize, abuse, crisis, minor; `reason`
    says in a few words what was seen, without the customer's words."""

    flagged: bool = False
    kind: str | None = None
    reason: str | None = None


CLEAR = InputVerdict()


def inspect(text: str, context: str | None = None) -> InputVerdict:
    """Judge one customer turn. `context` (Cathy's line before it) is not judged. Never raises."""
    return _judged(text)


@lru_cache(maxsize=64)
def _judged(text: str) -> InputVerdict:
    """Remembered for a moment: the same turn is judged by the engine and read by the recogniser."""
    if len(text) > MAX_CHARS:
        return InputVerdict(True, "oversize", "longer than a message may be")
    spoken = _DOTTED.sub(lambda match: re.sub(r"[._*-]", "", match.group()), text)
    spoken = _RUN_TOGETHER.sub(lambda match: re.sub(r"[._|*~/\\+-]", " ", match.group()), spoken)
    lines = [_without_harmless(_unslipped(normalise(sentence))) for sentence in split_sentences(spoken)] or [" "]
    whole = _joined(lines)
    in_crisis = _any(CRISIS, lines)
    if in_crisis and len(whole.split()) <= _LONG_WORDS:
        return InputVerdict(False, "crisis", "words of distress")
    if reason := _attack(text, lines, whole):
        return InputVerdict(True, "injection", reason)
    if in_crisis:
        return InputVerdict(False, "crisis", "words of distress")
    if _any(THREAT, lines):
        return InputVerdict(True, "abuse", "a threat or hate")
    if _any(MINOR, lines):
        return InputVerdict(False, "minor", "may be a minor")
    return CLEAR


def _without_harmless(line: str) -> str:
    """Drop what only sounds like an attack: "can I act as co-signer", "your instructions for the form"."""
    for template in HARMLESS:
        line = compile_phrase(template).pattern.sub("", line)
    return line


#: the words that an attack cannot do without, as they are looked for in a text full of slips
_KEYWORDS = (
    "ignore",
    "instructions",
    "previous",
    "disregard",
    "prompt",
    "guidelines",
    "system",
    "reveal",
    "override",
    "unrestricted",
)
_CLOSE = 0.8


def _unslipped(line: str) -> str:
    """ "iggnore yuor previuos instrctions" → "ignore yuor previous instructions"."""
    return " ".join(_keyword(word) for word in line.split(" "))


@lru_cache(maxsize=8192)
def _keyword(word: str) -> str:
    if len(word) < 5 or not word.isalpha() or word in KNOWN or word in EVERYDAY:
        return word
    near = difflib.get_close_matches(word, _KEYWORDS, n=1, cutoff=_CLOSE)
    return near[0] if near else word


def _joined(lines: list[str]) -> str:
    return " " + " ".join(line.strip() for line in lines) + " "


def _any(templates: tuple[str, ...], lines: list[str]) -> bool:
    return any(compile_phrase(template).search(line) for line in lines for template in templates)


def _attack(text: str, lines: list[str], whole: str) -> str | None:
    if _MARKUP.search(text) or _SHOUTED_ROLE.search(text):
        return "text that imitates the machine's own markup"
    if _FOREIGN.search(_AT_HOME.sub("", text)):
        return "an order to the machine in another language"
    if _TOOL_CALL.search(text):
        return "text that imitates a tool call"
    if _hidden(text):
        return "hidden or encoded text"
    return attacks.weigh(_phrased(lines, whole), [whole.strip(), *lines])


def _phrased(lines: list[str], whole: str) -> str | None:
    """What the phrases see in it."""
    for reason, templates in INJECTION.items():
        if _any(templates, lines) or (len(lines) > 1 and _any(templates, [whole])):
            return reason
    if len(whole.split()) > _LONG_WORDS and len(_ORDERS.findall(whole)) >= _MANY_ORDERS:
        return "a long set of orders to the machine"
    return None


def _hidden(text: str) -> bool:
    """Encoded or invisible text. Short codes, phone numbers and links are left alone."""
    if len(_INVISIBLE.findall(text)) >= 4 or _BIDI.search(text):
        return True
    if any(_decodes(match.group()) for match in _ENCODED.finditer(text)):
        return True
    return _rot13(text)


def _decodes(blob: str) -> bool:
    compact = re.sub(r"[\s:]", "", blob)
    if re.fullmatch(r"\d{7,20}", compact):
        return False
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+|[01]+|[.\-/ ]+", compact) or compact[:1] in "\\%&.-":
        return True
    try:
        plain = base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return False
    return plain.isprintable() or len(_WORDS.findall(plain)) >= 2


def _rot13(text: str) -> bool:
    """Does it read as an attack once every letter is moved by thirteen, or read from the end?"""
    if not 12 <= len(text) <= 600:
        return False
    return any(
        _TELLTALE.search(plain) and _reads_as_attack(plain) for plain in (codecs.encode(text, "rot13"), text[::-1])
    )


def _reads_as_attack(plain: str) -> bool:
    line = normalise(plain)
    return any(_any(templates, [line]) for templates in INJECTION.values())
