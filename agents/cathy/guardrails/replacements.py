"""What Cathy says instead of a sentence that breaks a rule: one allowed sentence per rule and language."""

from __future__ import annotations

REPLACEMENTS: dict[str, dict[str, str]] = {
    "guaranteed_approval": {
        "en": "Only a lender can decide about a loan, and I can help you with the next step.",
        "es": "Solo un prestamista puede decidir sobre un préstamo, y yo puedo ayudarte con el siguiente paso.",
    },
    "rate_or_payment_promise": {
        "en": "I can't quote rates or payments; the dealer will go over the numbers with you.",
        "es": "No puedo cotizar tasas ni pagos; el concesionario verá los números contigo.",
    },
    "adverse_action_by_bot": {
        "en": "I don't make credit decisions, and a person on our team can go over the next step with you.",
        "es": "Yo no tomo decisiones de crédito, y una persona del equipo puede ver contigo el siguiente paso.",
    },
    "claims_human": {
        "en": "I'm Cathy, an AI assistant, and a person on our team can join whenever you like.",
        "es": "Soy Cathy, una asistente de inteligencia artificial, y una persona del equipo puede ayudarte cuando "
        "quieras.",
    },
    "asks_sensitive_in_chat": {
        "en": "Please keep private numbers and documents out of this chat; a phone number or e-mail is enough.",
        "es": "Por favor, no pongas números privados ni documentos en este chat; basta con un teléfono o un correo.",
    },
    "prohibited_basis": {
        "en": "Everyone gets the same questions here, about the car and the application.",
        "es": "Aquí todos reciben las mismas preguntas, sobre el auto y la solicitud.",
    },
    "pressure": {
        "en": "There's no rush; you can go on whenever you're ready.",
        "es": "No hay prisa; puedes seguir cuando quieras.",
    },
    "legal_or_credit_repair_advice": {
        "en": "I can't give legal or credit-repair advice; a lawyer or a nonprofit credit counselor can help with "
        "that.",
        "es": "No puedo dar asesoría legal ni de reparación de crédito; un abogado o un consejero sin fines de lucro "
        "puede ayudarte.",
    },
    "credit_impact_misstatement": {
        "en": "A soft inquiry does not affect your credit score; a lender may run a hard inquiry later if you apply.",
        "es": "Una consulta suave no afecta tu puntaje; un prestamista puede hacer una consulta completa más adelante "
        "si solicitas.",
    },
    "contact_consent": {
        "en": "Nobody will contact you unless you agree, and you can stop at any time.",
        "es": "Nadie te contactará si no estás de acuerdo, y puedes parar cuando quieras.",
    },
    "leaks_other_customer": {
        "en": "I can only talk about your own application.",
        "es": "Solo puedo hablar de tu propia solicitud.",
    },
    "leaks_system_prompt": {
        "en": "I can't go into how I'm set up, but I'm happy to help with your application.",
        "es": "No puedo hablar de cómo estoy hecha, pero con gusto te ayudo con tu solicitud.",
    },
    "competitor_disparagement": {
        "en": "I can't compare us with other lenders; feel free to look at more than one offer.",
        "es": "No puedo compararnos con otros prestamistas; puedes ver más de una oferta.",
    },
    "application_falsification": {
        "en": "Please keep everything on the application true; you can correct it at any time.",
        "es": "Por favor, que todo en la solicitud sea verdad; puedes corregirla en cualquier momento.",
    },
    "fees_and_addons": {
        "en": "There is no fee to finish the application, and extras are always optional.",
        "es": "No hay ningún costo por terminar la solicitud, y los extras siempre son opcionales.",
    },
    "demeaning_or_unprofessional": {
        "en": "I'm here to help, one step at a time.",
        "es": "Estoy aquí para ayudarte, paso a paso.",
    },
}

FALLBACK = {
    "en": "Let me bring in a person on our team for that.",
    "es": "Voy a pedir a una persona del equipo que te ayude con eso.",
}


def replacement_for(rule: str, locale: str) -> str:
    """Return the allowed sentence for a broken rule; English when the language is not known."""
    lang = "es" if locale.lower().startswith("es") else "en"
    return REPLACEMENTS.get(rule, FALLBACK)[lang]
