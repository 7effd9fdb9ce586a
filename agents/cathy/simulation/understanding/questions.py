"""What Cathy asked just before: the kind of question that a yes or no would answer."""

from __future__ import annotations

from cathy.guardrails.claims.phrases import compile_phrase
from cathy.guardrails.text import normalise, split_sentences

#: kind of question → how it sounds; the first that fits counts
_KINDS: dict[str, tuple[str, ...]] = {
    "phone": (
        "(what|which|best|share|give|leave|may i have|can i get|could i get|have|need|type|your|cual|tu|su|deme"
        "|dejar) ~5 (number|phone|cell|telefono|numero|celular) ~4",
    ),
    "email": (
        "(what|which|best|share|give|leave|may i have|your|cual|tu|su|deme) ~4 (email|e mail|correo|email address) ~4",
    ),
    "human": (
        "(talk|speak|connect|transfer|person|human|agent|representative|specialist|someone|team member|colleague|team"
        "|hablar|persona|asesor|agente|humano|comunique|comunicarte|comunicarle) ~6 (person|human|agent|team|call you"
        "|join|you|us|help|persona|equipo|llame|now|?)",
    ),
    "spanish": ("(spanish|espanol|english|ingles) ~4 (?|better|prefer|continue|or)",),
    "identity": (
        "(is this|are you|am i (speaking|talking|chatting)|is that|speaking with|hablo con|eres|es usted|estoy "
        "hablando con|habla) ~2 (_|the person|still|la persona) ~3 ?",
        "(did you|was it you|were you the one|fue usted|fuiste tu|usted|are you the one) ~3 (start|apply|fill|request"
        "|began|who|empez*|solicit*|llen*) ~6 ?",
        "(right|correct|correcta|verdad) (person|persona|_) ?",
    ),
    "name": (
        "(what|your|may i|first|how should i|who am i|call you|con quien|como te|como se|cual es|su|tu) ~4 (name"
        "|call you|speaking|nombre|llamas|llama|address you|talking) ~3",
    ),
    "else": (
        "(anything else|something else|other questions|any questions|more questions|algo mas|otra pregunta"
        "|alguna otra|further questions|help with anything|else i can)",
    ),
    "time": (
        "(good time|now a good|have a (minute|moment)|few minutes|free now|buen momento|tiene un minuto|tienes "
        "un momento|time now|busy)",
    ),
    "trade": ("(trade|trading|trade in|a cambio|intercambi*) ~8 ?",),
    "vehicle": (
        "(what|which|kind|type|que|cual|have in mind|looking for|tipo) ~6 (car|vehicle|truck|model|auto|carro"
        "|vehiculo|in mind|tienes en mente|busca)",
    ),
    "consent": (
        "(agree|consent|permission|authorize|ok if|okay if|ok with|okay with|comfortable|mind if|may i|may we|can i"
        "|can we|could we|could i|shall i|shall we|should i|should we|would you like|do you want|want me to|like me "
        "to|ready to|want to|let me|interested in|willing|approve|like to|allow|acepta*|autoriza*|de acuerdo|permiso"
        "|puedo|podemos|quieres|quiere|te gustaria|le gustaria|consiente*|le parece|te parece|desea|is it ok|is that "
        "ok|sound good|does that work|go ahead|proceed|continue|seguimos|continuamos|started|look good) ~12",
    ),
}


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
            return kind
    return "other" if "?" in asked else None
