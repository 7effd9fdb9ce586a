"""Which move Cathy makes: the tools to call and the topics to speak to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cathy.guardrails.claims.phrases import Phrase, compile_phrase
from cathy.guardrails.text import normalise

from .chat_scene import Scene
from .chat_topics import topic_of

_OFFERED_CHECK = compile_phrase("(prequalif*|precalif*|soft check|soft inquiry|consulta suave)")
_OFFERED_CONTACT = compile_phrase("(contact form|formulario|way to reach you|forma de contactar*)")
_OFFERED_STEP = compile_phrase("(next step|pick up|go on|continue|left off|siguiente paso|seguimos|continuar)")
_COMPLAINT = compile_phrase(
    "(complain*|complaint*|lawyer|attorney|sue|suing|lawsuit|bbb|cfpb|attorney general"
    "|dispute|queja|abogad*|demanda*|report you|legal action)"
)
#: Asks to be reached or to leave a way to be reached; a wish for a person to talk to is another matter.
_REACH_ME = compile_phrase("(contact*|reach*|call*|email|llam*|comuniqu*) ~2 (me|us|nos)?")
_DEALER = compile_phrase("(dealer*|dealership*|concesionario*)")
_LEAVE_CONTACT = compile_phrase(
    "(leave|give|add|change|update|enter|share|dejar|dejo|dar|doy|cambiar|agregar) ~3"
    " (number|phone|cell|email|contact|numero|telefono|celular|correo|contacto|datos)"
)
#: A number that was called a phone number and is none.
_BAD_NUMBER = compile_phrase("(phone|number|cell|mobile|numero|telefono|celular) ~3 #")
_FAREWELL = compile_phrase("(bye|goodbye|good bye|see you|talk later|adios|hasta luego|chao|nos vemos)")
_NO_CHECK = compile_phrase(
    "(not|never|no|nunca) ~3 (run|do|start|perform|check|pull|want|quiero|haga*|hacer|revis*|consult*) ~4"
    " (credit|check|pull|inquiry|credito|consulta)"
)
#: What may be asked in so few words that no intent shows.
_TERSE = frozenset({"status", "resume", "documents", "trouble"})
_QUESTIONS = (
    "ask_rate", "ask_payment", "ask_soft_pull", "ask_process", "trade_in", "no_money_down", "credit_worry",
    "bankruptcy", "privacy_worry", "who_is_this", "vehicle_interest",
)  # fmt: skip
_ENDS = frozenset({
    "stop_contact", "wants_human", "angry", "complaint", "crisis", "minor", "not_interested", "not_now",
    "wrong_person", "thanks_bye", "delete_data",
})  # fmt: skip
_SMALL_TALK = frozenset({"greeting", "thanks_bye", "confirms_identity"})
_MOST_TOPICS = 2


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool and its arguments."""

    name: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """`topics` are spoken to in order; `follow_up` names the question at the end, "" for none."""

    topics: tuple[str, ...]
    calls: tuple[ToolCall, ...] = ()
    follow_up: str = ""


def choose(scene: Scene) -> Move:
    """Choose the move for this turn. The same scene gives the same move."""
    move = (
        _urgent(scene)
        or _contact(scene)
        or _reached(scene)
        or _wants_check(scene)
        or _at_card(scene)
        or _answered(scene)
        or _informed(scene)
        or _lost(scene)
    )
    if scene.switch_to:
        calls = (ToolCall("set_language", {"lang": scene.switch_to}), *move.calls)
        return Move(move.topics, calls, move.follow_up)
    return move


def _urgent(scene: Scene) -> Move | None:
    """What comes before anything else: safety, a stop, a person."""
    if scene.verdict.kind == "crisis":
        return _to_person("crisis", "in distress")
    if scene.verdict.kind == "minor":
        return _to_person("minor", "cannot help, may be a minor")
    for intent in scene.meaning.intents[:3]:
        if intent != scene.meaning.best and (
            intent not in scene.meaning.cued or (intent in _NOT_BESIDE_CONTACT and scene.meaning.slots)
        ):
            continue
        if make := _URGENT.get(intent):
            return make(scene)
    return None


def _to_person(topic: str, reason: str) -> Move:
    return Move((topic,), (ToolCall("hand_off_to_person", {"reason": reason}),))


def _stop(scene: Scene) -> Move:
    return Move(("stop_contact",), (ToolCall("stop_contact"),))


def _person(scene: Scene) -> Move:
    if _COMPLAINT.search(scene.line):
        return _to_person("complaint", "complaint")
    return _to_person("wants_human", "asked for a person")


def _upset(scene: Scene) -> Move:
    if _COMPLAINT.search(scene.line):
        return _to_person("complaint", "complaint")
    return _to_person("angry", "upset")


def _erase(scene: Scene) -> Move:
    calls = (ToolCall("show_privacy"), ToolCall("hand_off_to_person", {"reason": "asks to delete data"}))
    return Move(("delete_data",), calls)


def _stranger(scene: Scene) -> Move:
    return _to_person("wrong_person", "privacy, not the person who applied")


#: "Wrong one: [EMAIL_2]" corrects an address, and "call me at [PHONE_1]" gives a number.
_NOT_BESIDE_CONTACT = frozenset({"wrong_person", "wants_human"})
_URGENT: dict[str, Callable[[Scene], Move]] = {
    "stop_contact": _stop,
    "wants_human": _person,
    "delete_data": _erase,
    "wrong_person": _stranger,
    "angry": _upset,
}


def _contact(scene: Scene) -> Move | None:
    """Keep what the customer typed, then go on."""
    calls = [
        ToolCall(tool, {"placeholder": scene.meaning.slots[slot]})
        for slot, tool in (("phone", "save_phone"), ("email", "save_email"), ("name", "save_name"))
        if scene.meaning.slots.get(slot, "").startswith("[")
    ]
    if not calls:
        return None
    topics = [topic_of(intent, scene.line) for intent in scene.meaning.intents if intent in _QUESTIONS]
    knows_phone = scene.has_phone or "phone" in scene.meaning.slots
    follow_up = _next_question(scene, knows_phone=knows_phone)
    if knows_phone and scene.credit == "none" and _hit(_OFFERED_CHECK, f"{scene.before} {scene.text}"):
        follow_up = "check"
    return Move(("saved_contact", *topics[:1]), tuple(calls), follow_up)


def _reached(scene: Scene) -> Move | None:
    """Show the contact form to who wants to be reached, and to who typed a number that is none."""
    if "why_phone" in {topic_of(intent, scene.line) for intent in scene.meaning.intents}:
        return None
    form = (ToolCall("ask_for_contact", {"reason": "to reach the customer"}),)
    if _BAD_NUMBER.search(scene.line) and scene.meaning.best in {"other", "give_phone", "contact_preference"}:
        return Move(("bad_number",), form)
    wants_dealer = _DEALER.search(scene.line) and _REACH_ME.search(scene.line)
    if wants_dealer or _LEAVE_CONTACT.search(scene.line):
        return Move(("consent_yes",), form)
    return None


def _wants_check(scene: Scene) -> Move | None:
    """A yes that names the check brings its agreement, which decides nothing: the card's own button does."""
    named = topic_of("ask_soft_pull", scene.line) == "want_check" and not _NO_CHECK.search(scene.line)
    agrees = scene.meaning.best in {"consent_yes", "consent_ambiguous"} and not scene.has_open("credit_consent")
    return _offer_check(scene, "want_check") if named and agrees else None


def _at_card(scene: Scene) -> Move | None:
    """A yes or no to a card that is open: the card's own button decides, and nothing that is typed."""
    if scene.meaning.best not in {"other", "consent_ambiguous"} or not scene.meaning.answer:
        return None
    if scene.meaning.answer == "no":
        return Move(("consent_no",))
    if scene.has_open("credit_consent") or scene.has_open("contact_form"):
        return Move(("press_card",))
    return _accepted(scene) if scene.meaning.answer == "yes" else None


def _answered(scene: Scene) -> Move | None:
    """A yes, a no or a maybe to what Cathy offered."""
    best = scene.meaning.best
    if best == "consent_yes" and _FAREWELL.search(scene.line):
        # "Ok, thank you, goodbye" is no yes to what was offered last.
        return Move(("thanks_bye",))
    if best == "consent_yes" or (best == "consent_ambiguous" and scene.meaning.answer == "yes"):
        # A plain yes to a question that asks for no consent goes on with what was offered.
        return _accepted(scene)
    if best == "consent_no":
        return Move(("consent_no",))
    if best == "consent_ambiguous":
        return Move(("consent_ambiguous",))
    if best == "declines_human":
        return Move(("declines_human",), (), _next_question(scene))
    return None


def _accepted(scene: Scene) -> Move:
    if _hit(_OFFERED_CHECK, scene.before) or _hit(_OFFERED_CHECK, scene.text):
        return _offer_check(scene, "consent_yes")
    if _hit(_OFFERED_CONTACT, scene.before):
        return Move(("consent_yes",), (ToolCall("ask_for_contact", {"reason": "to reach the customer"}),))
    if _hit(_OFFERED_STEP, scene.before) or not scene.before.strip():
        return _go_on(scene)
    return Move(("consent_yes",), (), _next_question(scene))


def _hit(phrase: Phrase, text: str) -> bool:
    return phrase.search(normalise(text)) is not None


def _offer_check(scene: Scene, topic: str) -> Move:
    if scene.credit in {"prequalified", "needs_person"}:
        return Move((topic, "already_checked"))
    return Move((topic,), (ToolCall("offer_credit_check"),))


def _go_on(scene: Scene) -> Move:
    if not scene.step and not scene.finished:
        return Move((), (ToolCall("resume_application"),))
    follow_up = "check" if scene.finished or scene.step >= 4 else ""
    return Move(("resume",), (ToolCall("resume_application"),), follow_up if scene.credit == "none" else "")


def _informed(scene: Scene) -> Move | None:
    """Speak to the topics of the turn, at most two."""
    topics = [topic_of(intent, scene.line) for intent in scene.meaning.intents if intent not in {"other"}]
    topics = [topic for topic in dict.fromkeys(topics) if not topic.startswith(("give_", "consent_"))]
    if not topics and (terse := topic_of("ask_process", scene.line)) in _TERSE:
        topics = [terse]
    if len(topics) > 1:
        topics = [topic for topic in topics if topic not in _SMALL_TALK] or topics[:1]
    if not topics:
        return None
    if "want_check" in topics and (scene.meaning.answer == "no" or _NO_CHECK.search(scene.line)):
        return Move(("consent_no",))
    if "want_check" in topics:
        return _offer_check(scene, "want_check")
    if topics[0] in {"status", "resume"}:
        return _go_on(scene)
    return Move(tuple(topics[:_MOST_TOPICS]), _calls_for(topics), _closing(scene, topics))


def _calls_for(topics: list[str]) -> tuple[ToolCall, ...]:
    if "contact_preference" in topics:
        return (ToolCall("request_callback"),)
    return ()


def _closing(scene: Scene, topics: list[str]) -> str:
    if _ENDS & set(topics):
        return ""
    if "ask_soft_pull" in topics or "credit_worry" in topics or "what_is_soft" in topics:
        return "check" if scene.credit == "none" else "anything"
    if topics == ["confirms_identity"] or "contact_preference" in topics:
        return ""
    return _next_question(scene)


def _next_question(scene: Scene, *, knows_phone: bool | None = None) -> str:
    """The one step that helps most now, unless it was just proposed."""
    knows_phone = scene.has_phone if knows_phone is None else knows_phone
    asks = scene.style.get("phone_request", "when_useful")
    if asks == "early" and not knows_phone and len(scene.said) <= 1 and not scene.has_open("contact_form"):
        return "contact"
    if 0 < scene.step < 4 and not scene.finished:
        wanted = "resume"
    elif not knows_phone and not scene.has_open("contact_form") and asks != "when_asked":
        wanted = "contact"
    elif scene.credit == "none" and not scene.has_open("credit_consent"):
        wanted = "check"
    else:
        wanted = "anything"
    return "anything" if _just_proposed(scene, wanted) else wanted


def _just_proposed(scene: Scene, wanted: str) -> bool:
    offered = {"check": _OFFERED_CHECK, "contact": _OFFERED_CONTACT, "resume": _OFFERED_STEP}.get(wanted)
    return offered is not None and _hit(offered, scene.before)


def _lost(scene: Scene) -> Move:
    if scene.missed_before:
        return _to_person("hand_off_unclear", "not understood twice")
    return Move(("unclear",), (ToolCall("note_not_understood"),))
