"""What the chat says without a model, in both languages. Spoken by the server, so it stays the same in every mode.

Nothing here denies, promises, sounds like a person, or names a time that no row allows; a test sends every text
through the claim linter.
"""

from __future__ import annotations

from typing import Final

from cathy import persona
from cathy.prompts import active, compiling

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # How Cathy opens for somebody who came back through the link in a mail.
    "welcome_back": (
        "Welcome back! I'm Cathy, an AI assistant of {company}. Your application is saved{where}. Would you like "
        "to go on from there, or do you have a question first? I can bring in a person from our team at any time.",
        "¡Qué bueno tenerle de vuelta! Soy Cathy, una asistente de IA de {company}. Su solicitud está "
        "guardada{where}. ¿Quiere continuar desde ahí o tiene primero una pregunta? Puedo llamar a una persona "
        "de nuestro equipo en cualquier momento.",
    ),
    "where_vehicle": (" for the {vehicle}, at step {step} of 5", " para el {vehicle}, en el paso {step} de 5"),
    "where_step": (" at step {step} of 5", " en el paso {step} de 5"),
    "disclose_again": (
        "A reminder: you are talking with Cathy, an AI assistant of {company}. Ask for a person at any time.",
        "Un recordatorio: está conversando con Cathy, una asistente de IA de {company}. Puede pedir una persona en "
        "cualquier momento.",
    ),
    # Why a part of the customer's message is gone.
    "removed": (
        "To protect you, we removed {what} from your message before it was saved or read. We never need that "
        "here, so please don't send it in the chat. Everything else arrived.",
        "Para protegerle, quitamos {what} de su mensaje antes de guardarlo o leerlo. Aquí nunca lo necesitamos, "
        "así que por favor no lo envíe por el chat. Todo lo demás llegó bien.",
    ),
    "SSN": ("a Social Security number", "un número de Seguro Social"),
    "SSN_LAST4": ("part of a Social Security number", "parte de un número de Seguro Social"),
    "CREDIT_CARD": ("a card number", "un número de tarjeta"),
    "BANK_ACCOUNT": ("an account number", "un número de cuenta"),
    "ROUTING": ("a bank routing number", "un número de ruta bancaria"),
    "IBAN": ("an account number", "un número de cuenta"),
    "DOB": ("a date of birth", "una fecha de nacimiento"),
    "DRIVER_LICENSE": ("a driver's license number", "un número de licencia de conducir"),
    "and": (" and ", " y "),
    # Nobody is promised a time.
    "failed_to_person": (
        "I'm sorry, I could not answer that just now. I have asked a person from our team to take over, and they can "
        "see your messages here. Nothing you wrote is lost.",
        "Lo siento, no pude responder a eso en este momento. He pedido a una persona de nuestro equipo que "
        "continúe, y puede ver aquí sus mensajes. Nada de lo que escribió se ha perdido.",
    ),
    "handed_off": (
        "I have asked a person from our team to join. They can read this conversation, so you need not repeat "
        "anything.",
        "He pedido a una persona de nuestro equipo que se una. Puede leer esta conversación, así que no tiene "
        "que repetir nada.",
    ),
    "still_with_people": (
        "Your conversation is back with our team, and your place is kept. They can read everything you wrote.",
        "Su conversación está de nuevo con nuestro equipo y conserva su lugar. Pueden leer todo lo que escribió.",
    ),
    "follow_up": (
        "Thank you for writing again. A person from our team was going to come back to you, so I have asked them to "
        "join.",
        "Gracias por escribir de nuevo. Una persona de nuestro equipo iba a responderle, así que le he pedido que se "
        "una.",
    ),
    # Said only when the hours and the staff of the site allow it.
    "somebody_is_here": (
        "Somebody from our team is here at the moment.",
        "En este momento hay alguien de nuestro equipo.",
    ),
    "answers_from": ("Our team answers again {when}.", "Nuestro equipo vuelve a responder {when}."),
    "today_at": ("today at {clock}", "hoy a las {clock}"),
    "tomorrow_at": ("tomorrow at {clock}", "mañana a las {clock}"),
    "weekday_at": ("{weekday} at {clock}", "el {weekday} a las {clock}"),
    "with_cathy_again": (
        "I'm Cathy, the AI assistant, and I'm with you again. How can I help?",
        "Soy Cathy, la asistente de IA, y estoy de nuevo con usted. ¿En qué le ayudo?",
    ),
    "staff_joined": ("{name} from our team has joined.", "{name}, de nuestro equipo, se ha unido."),
    "staff_left": (
        "{name} has left. Cathy, the AI assistant, answers again.",
        "{name} ha dejado la conversación. Cathy, la asistente de IA, vuelve a responder.",
    ),
    "a_person": ("A person", "Una persona"),
    "closed": (
        "This conversation is closed. Write any time to open it again.",
        "Esta conversación está cerrada. Escriba cuando quiera para abrirla de nuevo.",
    ),
    # In a copy by e-mail.
    "you": ("You", "Usted"),
    "notice": ("Notice", "Aviso"),
    "left_out": ("(left out)", "(omitido)"),
    # After the cards.
    "contact_saved_only": (
        "Thank you, that is saved. If you ticked the box, a dealer can contact you about your application.",
        "Gracias, quedó guardado. Si marcó la casilla, un concesionario puede comunicarse con usted sobre su "
        "solicitud.",
    ),
    "may_a_dealer": (
        "A dealer can take it from here with you. May they contact you? Only your tick below allows it.",
        "Un concesionario puede continuar con usted. ¿Puede comunicarse con usted? Solo su marca abajo lo permite.",
    ),
    "contact_saved": (
        "Thank you, your contact details are saved. If you like, I can check whether you prequalify: it is a "
        "soft credit inquiry, which does not affect your credit score, and it only starts if you agree to it. "
        "Just ask.",
        "Gracias, sus datos de contacto están guardados. Si quiere, puedo revisar si precalifica: es una consulta de "
        "crédito suave, que no afecta su puntaje de crédito, y solo comienza si usted lo acepta. Solo pídalo.",
    ),
    "contact_saved_then_check": (
        "Thank you, your contact details are saved. Here is the text for the soft credit check. It only starts "
        "if you agree to it.",
        "Gracias, sus datos de contacto están guardados. Aquí está el texto para la consulta de crédito suave. Solo "
        "comienza si usted lo acepta.",
    ),
    "contact_declined": (
        "That's fine. You can leave your details later if you want to. What else can I do for you?",
        "Está bien. Puede dejar sus datos más tarde si quiere. ¿Qué más puedo hacer por usted?",
    ),
    "check_started": (
        "Thank you. I have started the soft credit check. It does not affect your credit score. The answer will "
        "appear here.",
        "Gracias. He comenzado la consulta de crédito suave. No afecta su puntaje de crédito. La respuesta "
        "aparecerá aquí.",
    ),
    "check_declined": (
        "That's fine, nothing was checked. You can go on with your application without it, or ask me anything.",
        "Está bien, no se consultó nada. Puede continuar su solicitud sin ella o preguntarme lo que quiera.",
    ),
    "check_unavailable": (
        "The soft credit check could not be started. Nothing was checked. A person from our team can help you with it.",
        "No se pudo comenzar la consulta de crédito suave. No se consultó nada. Una persona de nuestro equipo puede "
        "ayudarle.",
    ),
    "fresh_consent": (
        "The text of the agreement was updated. Please read this version; nothing was checked.",
        "El texto del acuerdo se actualizó. Por favor lea esta versión; no se consultó nada.",
    ),
    "callback_saved": (
        "Thank you, I have passed your wish for a call on to our team.",
        "Gracias, he pasado a nuestro equipo su deseo de una llamada.",
    ),
    "press_not_typed": (
        "To agree, please press the button on the card above; typing it does not start anything.",
        "Para aceptar, presione el botón de la tarjeta de arriba; escribirlo no comienza nada.",
    ),
    # Refusals.
    "too_long": (
        "That message is longer than 4,000 characters. Please send it in shorter parts.",
        "Ese mensaje tiene más de 4,000 caracteres. Por favor envíelo en partes más cortas.",
    ),
    "empty": ("There is nothing in that message yet.", "Ese mensaje todavía está vacío."),
    "bad_text": (
        "That message holds characters that cannot be sent. Please type it again.",
        "Ese mensaje contiene caracteres que no se pueden enviar. Por favor escríbalo de nuevo.",
    ),
    "rate_limited": (
        "That was quite fast. Please wait a moment and send it again.",
        "Eso fue muy rápido. Por favor espere un momento y envíelo de nuevo.",
    ),
    "unknown_card": ("That form is no longer here.", "Ese formulario ya no está aquí."),
    "card_settled": ("This was already answered.", "Esto ya se respondió."),
    "bad_action": ("This form has no such button.", "Este formulario no tiene ese botón."),
    "bad_fields": ("Please look at the marked fields.", "Por favor revise los campos marcados."),
    "stale_text": (
        "The text has changed since you saw it. Please read the new one below.",
        "El texto cambió desde que lo vio. Por favor lea el nuevo abajo.",
    ),
    "contact_needed": (
        "For the soft credit check we need your phone number first.",
        "Para la consulta de crédito suave necesitamos primero su número de teléfono.",
    ),
    "unavailable": (
        "We cannot do that right now. Please try again in a moment.",
        "No podemos hacerlo ahora. Por favor inténtelo de nuevo en un momento.",
    ),
    "switched_off": (
        "This is switched off at the moment. A person from our team can help you instead.",
        "Esto está desactivado por el momento. Una persona de nuestro equipo puede ayudarle.",
    ),
    # Why a field was refused; keys are the reasons of carloans.core.contacts.
    "field_required": ("Please fill this in.", "Por favor complete este campo."),
    "phone_too_short": (
        "That number is too short. Please give the area code and the number, for example 555-123-4567.",
        "Ese número es demasiado corto. Escriba el código de área y el número, por ejemplo 555-123-4567.",
    ),
    "phone": (
        "That does not look like a phone number that we can call. Please check it.",
        "Eso no parece un número de teléfono al que podamos llamar. Por favor revíselo.",
    ),
    "email_disposable": (
        "Mail to that address would not reach you for long. Please use your usual address.",
        "El correo a esa dirección no le llegaría por mucho tiempo. Por favor use su dirección habitual.",
    ),
    "email": (
        "That does not look like an e-mail address. Please check it.",
        "Eso no parece una dirección de correo electrónico. Por favor revísela.",
    ),
    "field_choice": ("Please choose one.", "Por favor elija una opción."),
}


def say(key: str, locale: str, **values: object) -> str:
    """The words of `key` in the conversation's language. Raises KeyError for an unknown key."""
    english, spanish = _TEXTS[key]
    chosen = spanish if persona.language(locale) == "es" else english
    return chosen.format(**values) if values else chosen


def known(key: str) -> bool:
    """Whether `say` has words for this key."""
    return key in _TEXTS


def all_keys() -> list[str]:
    """Every key, for the tests that read all of it."""
    return list(_TEXTS)


def removed(kinds: list[str], locale: str) -> str:
    """Tell the customer, kindly, which kinds of data were taken out of the message."""
    names = list(dict.fromkeys(say(kind, locale) for kind in kinds if known(kind)))
    *most, last = names
    what = say("and", locale).join([", ".join(most), last]) if most else last
    return say("removed", locale, what=what)


def greeting(*, company: str, locale: str, returning: bool, vehicle: str, step: int | None) -> str:
    """Cathy's first message: she says that she is an AI. For a returner it names the vehicle and the step, no more."""
    if not returning:
        return compiling.greeting(active.current().wishes, company, locale)
    where = ""
    if step:
        where = say("where_vehicle" if vehicle else "where_step", locale, vehicle=vehicle, step=step)
    return say("welcome_back", locale, company=company, where=where)
