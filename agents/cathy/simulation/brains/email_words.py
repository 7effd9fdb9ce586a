"""The words of the re-engagement mails. Every sentence passes the claim linter; `<vehicle>` is the car of interest."""

from __future__ import annotations

from dataclasses import dataclass

Choices = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `subjects`, `preheaders`, `openings` and `closings` are by number of the mail."""

    your_car: str
    the: str
    #: in the order in which they are said
    car_parts: Choices
    subjects: dict[int, Choices]
    preheaders: dict[int, Choices]
    openings: dict[int, Choices]
    reasons: dict[str, Choices]
    closings: dict[int, Choices]
    buttons: Choices


_EN = Words(
    your_car="your next car",
    the="the",
    car_parts=("year", "make", "model"),
    subjects={
        1: ("Your application is saved", "Pick up where you left off", "Your saved application for <vehicle>"),
        2: (
            "Any questions about your application?",
            "Here to answer your questions",
            "Wondering how the next step works?",
        ),
        3: ("A last note about your application", "One last note from {company}", "We'll leave it here"),
    },
    preheaders={
        1: ("Everything you entered is still there.", "A few minutes are enough to go on."),
        2: ("Ask anything, at your own pace.", "Short answers, no obligation."),
        3: ("After this we stop writing about it.", "Your application stays saved for you."),
    },
    openings={
        1: (
            "You started an application with {company} for <vehicle>, and we saved what you entered.",
            "Thank you for starting your application with {company}. Everything you entered is still there.",
            "Your application for <vehicle> is saved, so you can go on from the same place.",
        ),
        2: (
            "Your application with {company} is still saved, and you can go on at your own pace.",
            "Maybe you have a question about your application for <vehicle>. I'm glad to answer it.",
        ),
        3: (
            "This is the last note we'll send about your application with {company}.",
            "I won't write again about your application for <vehicle> after this note.",
        ),
    },
    reasons={
        "form_length": (
            "There are five short steps, and you can stop and return between any of them.",
            "The rest takes a few minutes, and you can do it in more than one sitting.",
        ),
        "income_question": (
            "The income question covers every source that you would like considered, and your answer stays private.",
            "For the income step, a rough picture of what you really earn is enough to go on; you can correct it "
            "later.",
        ),
        "employer_question": (
            "If the employer step held you up, you can leave it for now and come back to it later.",
            "For the employer step, the name and how long you have worked there are enough.",
        ),
        "contact_question": (
            "Your contact details are used for your application, and nobody calls you unless you agree to it.",
            "You decide how we may reach you, and you can change your mind at any time.",
        ),
        "vehicle_unsure": (
            "You don't have to know the exact car yet; a rough idea is fine and can change later.",
            "Still deciding on a car? You can choose a type now and settle the details with the dealer.",
        ),
        "credit_worry": (
            "If you like, you can see if you prequalify. That is a soft inquiry, which does not affect your credit "
            "score; "
            "a lender may run a hard inquiry later if you apply.",
            "People with all kinds of histories use this service. Seeing if you prequalify is a soft inquiry, which "
            "does not "
            "affect your credit score; a lender may run a hard inquiry later if you apply.",
        ),
        "interrupted": (
            "If something came up in between, that's fine: you continue exactly where you stopped.",
            "Life gets busy. The page opens at the step where you stopped.",
        ),
        "unknown": (
            "You continue exactly where you stopped, and you can ask me anything on the way.",
            "If anything was unclear, open the page and ask me in the chat.",
        ),
    },
    closings={
        1: (
            "The button opens your saved application. I'm there in the chat, and a person from our team can join.",
            "Use the button whenever it suits you. There is no obligation.",
        ),
        2: (
            "Open your application and ask me in the chat, or ask for a person from our team.",
            "You can write to me in the chat on that page, in English or Spanish.",
        ),
        3: (
            "If you'd like to go on some day, the button opens your application. Thank you for your interest.",
            "Thank you for looking at {company}. The button is there if you ever want to continue.",
        ),
    },
    buttons=("Open my application", "Continue my application", "Go back to my application"),
)

_ES = Words(
    your_car="su próximo auto",
    the="el",
    car_parts=("make", "model", "year"),
    subjects={
        1: ("Su solicitud está guardada", "Continúe donde se quedó", "Guardamos su solicitud para <vehicle>"),
        2: ("¿Tiene preguntas sobre su solicitud?", "Con gusto respondo a sus preguntas", "¿Quiere saber cómo sigue?"),
        3: ("Una última nota sobre su solicitud", "Última nota de {company}", "Lo dejamos aquí"),
    },
    preheaders={
        1: ("Todo lo que escribió sigue ahí.", "Bastan unos minutos para continuar."),
        2: ("Pregunte lo que quiera, a su ritmo.", "Respuestas cortas, sin compromiso."),
        3: ("Después de esta nota dejamos de escribirle sobre esto.", "Su solicitud queda guardada."),
    },
    openings={
        1: (
            "Usted empezó una solicitud con {company} para <vehicle>, y guardamos lo que escribió.",
            "Gracias por empezar su solicitud con {company}. Todo lo que escribió sigue ahí.",
            "Su solicitud para <vehicle> está guardada, y puede continuar en el mismo lugar.",
        ),
        2: (
            "Su solicitud con {company} sigue guardada, y puede continuar a su ritmo.",
            "Tal vez tenga una pregunta sobre su solicitud para <vehicle>. Con gusto la respondo.",
        ),
        3: (
            "Esta es la última nota que le enviamos sobre su solicitud con {company}.",
            "Después de esta nota no le escribiré más sobre su solicitud para <vehicle>.",
        ),
    },
    reasons={
        "form_length": (
            "Son cinco pasos cortos, y puede parar y volver entre uno y otro.",
            "El resto toma unos minutos, y puede hacerlo en varias veces.",
        ),
        "income_question": (
            "La pregunta sobre ingresos incluye todas las fuentes que usted quiera que se consideren, y su respuesta "
            "es privada.",
            "En el paso de ingresos basta con lo que usted realmente gana; después lo puede corregir.",
        ),
        "employer_question": (
            "Si el paso del empleador le detuvo, puede dejarlo por ahora y volver después.",
            "Para el paso del empleador bastan el nombre y el tiempo que lleva ahí.",
        ),
        "contact_question": (
            "Sus datos de contacto se usan para su solicitud, y nadie le llama si usted no está de acuerdo.",
            "Usted decide cómo podemos comunicarnos, y puede cambiar de opinión en cualquier momento.",
        ),
        "vehicle_unsure": (
            "No hace falta saber el auto exacto; basta una idea y puede cambiarla después.",
            "¿Todavía no decide qué auto? Puede elegir un tipo ahora y ver los detalles con el concesionario.",
        ),
        "credit_worry": (
            "Si quiere, puede ver si precalifica. Es una consulta suave, que no afecta su puntaje de crédito; "
            "un prestamista puede hacer una consulta completa más adelante si usted solicita.",
            "Personas con todo tipo de historial usan este servicio. Ver si precalifica es una consulta suave, que no "
            "afecta "
            "su puntaje de crédito; un prestamista puede hacer una consulta completa más adelante si usted solicita.",
        ),
        "interrupted": (
            "Si algo se interpuso, no hay problema: continúa exactamente donde se quedó.",
            "El día a día es ocupado. La página se abre en el paso donde se quedó.",
        ),
        "unknown": (
            "Continúa exactamente donde se quedó, y en el camino me puede preguntar lo que quiera.",
            "Si algo no quedó claro, abra la página y pregúnteme en el chat.",
        ),
    },
    closings={
        1: (
            "El botón abre su solicitud guardada. Yo estoy en el chat, y una persona del equipo puede ayudar también.",
            "Use el botón cuando le convenga. No hay compromiso.",
        ),
        2: (
            "Abra su solicitud y pregúnteme en el chat, o pida hablar con una persona del equipo.",
            "Puede escribirme en el chat de esa página, en español o en inglés.",
        ),
        3: (
            "Si algún día quiere continuar, el botón abre su solicitud. Gracias por su interés.",
            "Gracias por su interés en {company}. El botón queda ahí por si quiere continuar.",
        ),
    },
    buttons=("Abrir mi solicitud", "Continuar mi solicitud", "Volver a mi solicitud"),
)

WORDS: dict[str, Words] = {"en": _EN, "es": _ES}
