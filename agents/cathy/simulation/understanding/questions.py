"""What Cathy asked just before: the kind of question that a yes or no would answer."""

from __future__ import annotations

import re

from cathy.guardrails.claims.phrases import compile_phrase
from cathy.guardrails.text import normalise, split_sentences

#: kind of question → how it sounds; the first that fits counts
_KINDS: dict[str, tuple[str, ...]] = {
    "mind": (
        "(mind if|would you mind|do you mind|you mind|mind my|le molesta si|te molesta si|le importa si|te importa"
        " si) ~12",
    ),
    "permission": (
        "(may|can|could|ok if|okay if|ok to|okay to|ok with|agree|consent*|permission|allow|want|like|puede*|podemos"
        "|autoriza*|acepta*|quiere*|desea|permite*) ~6 (dealer*|partner*|lender*|concesionari*|motors|ford|toyota"
        "|chevrolet|honda|nissan|kia|hyundai|auto group|socio*) ~8 ?",
        "(dealer*|partner*|lender*|concesionari*|motors|ford|toyota|chevrolet|honda|nissan|kia|hyundai|auto group"
        "|socio*)"
        " ~2 (call*|text*|contact*|reach*|email*|llam*|contact*|escrib*) ~8 ?",
        "(may|can|could|ok if|okay if|ok to|okay to|agree|consent*|permission|puede*|podemos|autoriza*"
        "|acepta*) ~6 (call"
        "|text|contact*|email|reach|send|share|pass|llam*|contact*|envi*|mand*|compart*|pas*) ~4 (you|your|le|te|su"
        "|sus)"
        " ~10 ?",
        "(damos|pasamos|compartimos|mandamos|enviamos) ~2 (sus|su|tus|tu) ~8 ?",
    ),
    "name": (
        "(con quien tengo|who do i have|whom do i have) ~3 (gusto|pleasure)",
        "(who|whom|con quien) (am i|are we|i am|do i have|estoy|hablo|tengo) ~4",
        "(what|your|may i|can i|could i|first|full|last|how should i|call you|como te|como se|cual es|su|tu) ~4 (name"
        "|call you|nombre|llamas|llama|address you) ~3",
    ),
    "phone": (
        "(what|which|best|share|give|leave|may i have|can i get|could i get|have|need|type|your|cual|tu|su|deme"
        "|dejar) ~5 (number|phone|cell|telefono|numero|celular) ~4",
    ),
    "email": (
        "(what|which|best|share|give|leave|may i have|your|cual|tu|su|deme) ~4 (email|e mail|correo|email address) ~4",
    ),
    "time": (
        "(good time|now a good|have a (minute|moment)|few minutes|free now|buen momento|tiene un minuto|tienes "
        "un momento|time now|busy)",
    ),
    "human": (
        "(talk|speak|chat|connect*|transfer*|bring in|bring|ask|hablar|comuni*|pasar*|paso|hable) ~5 (person|human"
        "|agent|representative|specialist|someone|somebody|team|team member|colleague|advisor|persona|asesor*|agente"
        "|humano|equipo|alguien|companer*|colega) ~6",
        "(should|shall|want|like|may|can|would) ~2 (have|person|human|someone|colleague) ~2 (person|human|someone"
        "|colleague|agent|specialist)? ~2 (call you|join|help you|take over|step in|to call you|to join|to help) ~3 ?",
        "(a|have|get|ask|bring in|rather|alguien|una persona) ~2 (person|human|colleague|team member"
        "|teammate|advisor|agent|persona|asesor|companer*|colega) ~6 ?",
    ),
    "spanish": ("(spanish|espanol|english|ingles) ~4 (?|better|prefer|continue|or)",),
    "identity": (
        "^ ~6 (is this|is that|hablo con|eres|es usted|estoy hablando con|habla con|tengo el gusto de hablar con) ~1"
        " (mr|mrs|ms|dr|miss|senor|senora|sr|sra)? ~1 _ ~1 ?",
        "(am i|are we|is this) (speaking|talking|chatting|texting|messaging) (to|with) ~4 ?",
        "(are you|is this|am i speaking with) ~1 (the (one|person)|la persona|still the owner|_ _ from) ~6 ?",
        "(did you|was it you|were you the one|fue usted|fuiste tu|usted|are you the one) ~3 (start|apply|fill|request"
        "|began|who|empez*|solicit*|llen*) ~6 ?",
        "(right|correct|correcta|verdad) (person|persona|_) ?",
    ),
    "else": (
        "(anything else|something else|other questions|any questions|more questions|algo mas|otra pregunta"
        "|alguna otra|further questions|help with anything|else i can)",
    ),
    "trade": ("(trade|trading|trade in|a cambio|intercambi*) ~8 ?",),
    "vehicle": (
        "(what|which|kind|type|que|cual|have in mind|looking for|tipo) ~6 (car|vehicle|truck|model|auto|carro"
        "|vehiculo|in mind|tienes en mente|busca)",
    ),
    #: a yes to it goes on with the application and allows nothing
    "resume": (
        "(continue|resume|finish|keep going|pick|start|go on|seguir|continuar|terminar|retomar) ~2 (it|up|back|where"
        "|with|your|the|su|la|donde|tu)? ~2 (application|app|left off|back up|it back|up again|solicitud|quedo|dejo"
        "|where you|from where) ~6 ?",
    ),
    "consent": (
        "(alright|all right|fine|good|esta bien|le parece bien|te parece bien) (if|for us|for me|with you if|si"
        "|que) ~12 ?",
        "(can|may|could|should|shall) (i|we) ~2 (have|ask|get) ~6 (call|ring|text|phone|contact|reach|give you) ~8 ?",
        "(give|do we have|do i have|have) ~1 (us|me|your)? ~1 (permission|consent|ok|okay|approval) ~12 ?",
        "(agree|consent|permission|authorize|ok if|okay if|ok with|okay with|comfortable|may i|may we|can i"
        "|can we|could we|could i|shall i|shall we|should i|should we|would you like|do you want|want me to|like me "
        "to|ready to|want to|let me|interested in|willing|approve|like to|allow|acepta*|autoriza*|de acuerdo|permiso"
        "|puedo|podemos|quieres|quiere|te gustaria|le gustaria|consiente*|le parece|te parece|desea|is it ok|is that "
        "ok|sound good|does that work|go ahead|proceed|continue|seguimos|continuamos|started|look good|abro|abrir|abra"
        "|muestro|mostrar*|ensen*"
        "|hacemos|hago|corremos|reviso|revisamos|permite*|shall|may|okay to|ok to) ~12",
    ),
    #: what is so or not: a yes to it allows nothing
    "fact": (
        "^ ~6 (are you|do you (have|know|own|work|live|rent|drive|still)|did you|have you|has your|is (this|that|it"
        "|your|#)|does (your|the)|was (that|it)|were you|still (need|looking|interested|want)|tiene*|todavia|sigue*"
        "|ya) ~14 ?",
    ),
}

#: "how can I help?" asks for no yes or no
_OPEN_QUESTION = re.compile(
    r" (?:and |so |y )?(?:how(?! about| does that sound| would that be)|what(?! about| do you say| if)|when|where|why"
    r"|which|who"
    r"|que(?! le parece| te parece| tal)|como|cual|cuando|donde|quien|por que|en que) "
)


def question_kind(context: str | None) -> str | None:
    """Return the kind of Cathy's last question, "other" for one that fits no kind, None when she asked nothing."""
    if not context or not context.strip():
        return None
    sentences = split_sentences(context)
    asked = next((sentence for sentence in reversed(sentences) if "?" in sentence), sentences[-1])
    line = normalise(asked)
    for kind, templates in _KINDS.items():
        if any(compile_phrase(template).search(line) for template in templates):
            if kind == "human" and compile_phrase("(credit check|soft|prequalif*|consulta suave|precalific*)").search(
                line
            ):
                continue
            if kind in ("permission", "consent"):
                return "other" if _OPEN_QUESTION.match(line) else "consent"
            return kind
    return "other" if "?" in asked else None
