"""What Cathy says in Spanish, by topic, with "usted". Every sentence passes the claim linter."""

from __future__ import annotations

Words = dict[str, tuple[str, ...]]

ANSWERS: Words = {
    "greeting": (
        "Hola, soy Cathy, una asistente de IA de {company}. Puedo responder preguntas sobre su solicitud o ayudarle a "
        "terminarla.",
        "¡Hola! Soy Cathy, asistente de inteligencia artificial de {company}. Pregúnteme lo que quiera sobre su "
        "solicitud.",
    ),
    "ask_process": (
        "Son cinco pasos cortos: el auto, sus ingresos, su empleo, sus datos de contacto y una revisión. Después un "
        "concesionario ve las opciones con usted.",
        "Usted llena cinco pasos cortos, puede ver si precalifica si quiere, y luego un concesionario le explica las "
        "opciones.",
    ),
    "resume": (
        "Lo que escribió está guardado, y el formulario sigue en esta página.",
        "Puede continuar aquí mismo; lo que escribió sigue ahí.",
    ),
    "status": ("Le digo cómo va su solicitud.",),
    "trouble": (
        "Lamento el problema con la página. Lo que escribió está guardado; al recargarla casi siempre vuelve.",
    ),
    "how_long": (
        "El resto del formulario toma unos minutos. Cuándo le responde un concesionario depende de él.",
        "La mayoría necesita unos cinco minutos para el formulario, y puede parar cuando quiera.",
    ),
    "documents": (
        "Aquí no hay que enviar nada. En la visita, el concesionario suele ver una licencia y un comprobante de "
        "ingresos y de domicilio.",
        "Para este formulario no necesita papeles. El concesionario le dirá qué llevar a la visita.",
    ),
    "cosigner": (
        "Un cofirmante es posible con muchos prestamistas, y puede ser cualquier persona que usted elija y que esté "
        "de acuerdo.",
        "Sí, puede pedirle al concesionario que agregue un cofirmante más adelante. No lo necesita para el formulario.",
    ),
    "income_kinds": (
        "Puede poner todos los ingresos que quiera que se consideren: un empleo, su propio negocio, beneficios o "
        "jubilación.",
    ),
    "no_job": (
        "Ponga su situación tal como es hoy, con cualquier otro ingreso que quiera que se considere. Un concesionario "
        "puede ver las opciones con usted.",
    ),
    "choose_car": (
        "Puede poner el auto que tiene en mente o dejarlo abierto. El concesionario le muestra lo que hay, y usted "
        "elige.",
    ),
    "refinance": (
        "Esta solicitud es para comprar un auto. Para un arrendamiento o un refinanciamiento, una persona del equipo "
        "le puede decir si podemos ayudar.",
    ),
    "insurance": (
        "Los prestamistas suelen pedir que el auto esté asegurado, y usted elige su aseguradora. Los extras siempre "
        "son opcionales.",
    ),
    "fees": (
        "Llenar el formulario y este chat son gratis, y nadie pide dinero por adelantado.",
        "No hay ningún costo por terminar la solicitud ni por ver si precalifica.",
    ),
    "hours": (
        "Yo estoy aquí a cualquier hora porque soy una asistente de IA. El equipo responde en horario de oficina, y "
        "le puedo dejar una nota.",
    ),
    "binding": (
        "Nada de esto le obliga. Puede parar cuando quiera, y decide de nuevo con el concesionario antes de firmar.",
        "No, llenar el formulario no le compromete a nada.",
    ),
    "ask_soft_pull": (
        "Ver si precalifica es una consulta suave, que no afecta su puntaje de crédito. Un prestamista puede hacer "
        "una consulta completa más adelante si usted solicita.",
        "Se empieza con una consulta suave, que no afecta su puntaje. Nada se consulta hasta que usted acepte en la "
        "tarjeta; un prestamista puede hacer una consulta completa más adelante.",
    ),
    "what_is_soft": (
        "Una consulta suave es una mirada a su crédito que otros prestamistas no ven y que no afecta su puntaje. La "
        "consulta dura llega cuando un prestamista revisa una solicitud completa, y puede afectar el puntaje.",
    ),
    "no_credit_check": (
        "Esa parte no la puedo omitir: un prestamista querrá ver su crédito antes de decidir. Aquí se empieza como "
        "mucho con una consulta suave, y solo si usted acepta.",
    ),
    "want_check": ("Con gusto. Es una consulta suave, que no afecta su puntaje de crédito.",),
    "ask_rate": (
        "No puedo cotizar una tasa. La fija el prestamista, y se la muestra antes de que usted firme.",
        "La tasa depende del prestamista, del auto y de su situación, así que no voy a adivinar. El concesionario ve "
        "los números reales con usted.",
    ),
    "ask_payment": (
        "No puedo cotizar un pago; depende del auto, del prestamista y de lo que usted elija. El concesionario lo "
        "calcula con usted antes de firmar.",
        "Lo que pagaría depende del prestamista y del auto, así que no voy a adivinar. Puede decirle al concesionario "
        "qué presupuesto le queda cómodo.",
    ),
    "no_money_down": (
        "Algunos prestamistas piden un pago inicial y otros no. El concesionario le puede decir qué es posible en su "
        "caso.",
        "Depende del prestamista. Puede terminar el formulario y preguntarle al concesionario.",
    ),
    "trade_in": (
        "Sí, puede entregar su auto a cuenta. El concesionario lo revisa y le explica cómo funciona, también si "
        "todavía debe algo.",
        "Puede traer su auto actual. El concesionario lo valora y ve con usted lo que falte del préstamo.",
    ),
    "vehicle_interest": (
        "Gracias, es bueno saberlo. Desde aquí no veo el inventario, pero el concesionario sabrá lo que tiene en "
        "mente.",
        "Puede poner ese auto en el primer paso, y el concesionario lo verá. Todavía puede cambiar de idea.",
    ),
    "credit_worry": (
        "Gracias por contármelo; muchas personas que llegan aquí han pasado por algo parecido. Solo un prestamista "
        "puede decidir, y mira todo el panorama.",
        "Entiendo que le preocupe. Personas en todo tipo de situaciones llenan este formulario, y no juzgo a nadie. "
        "El prestamista mira todo el panorama.",
    ),
    "bankruptcy": (
        "Una bancarrota pasada no le impide llenar el formulario. Cómo la ve el prestamista depende de él, y una "
        "persona del equipo puede hablarlo con usted.",
    ),
    "privacy_worry": (
        "Es una buena pregunta. Sus datos están cifrados, se usan solo para su solicitud, y ningún concesionario los "
        "recibe si usted no acepta.",
        "Su información es privada y está cifrada. Yo no veo su teléfono ni sus ingresos, y aquí nunca pido su seguro "
        "social.",
    ),
    "why_phone": (
        "El teléfono sirve para que un concesionario vea las opciones con usted y hace falta para la consulta suave. "
        "Darlo es opcional, y nadie llama si usted no acepta.",
    ),
    "sell_data": (
        "Sus datos llegan solo a los concesionarios que nombra el formulario, y solo si usted marca la casilla. Puede "
        "retirarlo cuando quiera.",
    ),
    "delete_data": (
        "Claro, sus datos se pueden borrar. La tarjeta de privacidad muestra lo que está guardado, y una persona del "
        "equipo se encargará.",
    ),
    "who_is_this": (
        "Soy Cathy, una asistente de IA de {company}. Escribo porque en nuestra página se empezó y se guardó una "
        "solicitud de préstamo de auto.",
    ),
    "scam": (
        "Hace bien en preguntar. Soy una asistente de IA de {company}; en este chat nunca pedimos su seguro social, "
        "una tarjeta ni dinero.",
    ),
    "found_me": (
        "El contacto se guardó en nuestra página cuando se empezó una solicitud. Si no fue usted, dígamelo y paro los "
        "mensajes.",
    ),
    "where": (
        "Soy una asistente de IA, así que no tengo oficina, pero {company} tiene un equipo. Una persona le "
        "puede hablar de los concesionarios cercanos.",
    ),
    "your_name": ("Soy Cathy, una asistente de IA de {company}.",),
    "ask_if_bot": (
        "Sí, soy una asistente de inteligencia artificial. Me llamo Cathy, y una persona del equipo puede ayudarle "
        "cuando quiera.",
        "Soy una asistente de IA, no una persona. Si prefiere hablar con alguien del equipo, dígamelo.",
    ),
    "wants_human": (
        "Claro. Le pedí a una persona del equipo que se una aquí.",
        "Por supuesto, ya avisé a una persona del equipo. Lo que escribió queda aquí, así que no tendrá que repetirlo.",
    ),
    "declines_human": (
        "Está bien, seguimos por aquí.",
        "No hay problema, puede seguir conmigo. Dígame si cambia de opinión.",
    ),
    "angry": (
        "Lamento mucho esto. Le pedí a una persona del equipo que se una y le ayude.",
        "Siento la molestia. Una persona del equipo fue avisada para atenderle.",
    ),
    "complaint": ("Lamento escuchar eso. Se lo pasé a una persona del equipo, que lo verá con usted.",),
    "crisis": (
        "Siento que esté pasando por esto, y qué bueno que me lo dijo. Si está en peligro, por favor llame al 911; "
        "también puede llamar o escribir al 988 a cualquier hora para hablar con alguien. Además avisé a una persona "
        "del equipo.",
    ),
    "minor": (
        "Gracias por decírmelo. Un contrato de préstamo es para adultos, así que tendría que solicitarlo un padre, "
        "una madre o un tutor. Avisé a una persona del equipo para sus preguntas.",
    ),
    "stop_contact": (
        "Listo. No recibirá más mensajes de nosotros. Cuídese.",
        "Entendido. Todos los mensajes se detuvieron. Cuídese.",
    ),
    "contact_preference": (
        "Gracias, es bueno saberlo. Usted decide cómo y cuándo le contactamos; también lo puede elegir en la tarjeta.",
    ),
    "not_interested": (
        "Está bien, y gracias por decírmelo. Si no quiere más mensajes, escriba alto.",
        "No hay problema. Su solicitud queda guardada, a menos que quiera borrarla.",
    ),
    "not_now": (
        "Está bien. Su progreso está guardado, y puede volver cuando le convenga.",
        "No hay prisa. Todo queda guardado, y aquí estaré.",
    ),
    "wrong_person": (
        "Disculpe la confusión. Le pedí a una persona del equipo que lo corrija. Si no quiere más mensajes aquí, "
        "escriba alto.",
    ),
    "confirms_identity": ("Gracias. ¿En qué le ayudo con su solicitud?",),
    "bad_number": (
        "Eso no parece un número de teléfono completo, así que no lo guardé. Un número de EE. UU. tiene diez dígitos.",
        "No pude leer un número de teléfono completo y no se guardó nada. Hacen falta diez dígitos.",
    ),
    "press_card": (
        "Gracias. La tarjeta de arriba le espera: lo que cuenta es su botón, y puede leerla con calma.",
        "Bien. Por favor use el botón de la tarjeta de arriba; solo lo que presione ahí tiene efecto.",
    ),
    "saved_contact": ("Gracias, ya lo guardé.", "Muy bien, quedó guardado. Gracias."),
    "consent_no": (
        "Está perfecto; no pasa nada. Con gusto respondo otra pregunta.",
        "Entendido, lo dejamos. ¿Hay algo que quiera saber?",
    ),
    "consent_ambiguous": (
        "Tómese su tiempo. No pasa nada si no me da un sí claro, y con gusto se lo explico antes.",
        "No hay prisa. Lo dejo hasta que esté seguro; pregúnteme lo que quiera.",
    ),
    "consent_yes": ("Muy bien.", "Con gusto."),
    "asks_english": ("Claro, podemos seguir en inglés.",),
    "asks_spanish": ("Claro, seguimos en español.", "Con gusto, seguimos en español."),
    "off_topic": (
        "Eso queda fuera de lo que sé. Puedo ayudarle con su solicitud de préstamo de auto.",
        "Mejor me quedo con lo que sé: su solicitud de préstamo de auto.",
    ),
    "thanks_bye": ("De nada. Su progreso queda guardado para cuando quiera volver.", "Con gusto. Cuídese."),
    "unclear": (
        "Creo que no le entendí bien. ¿Me lo puede decir con otras palabras?",
        "Disculpe, no capté lo que quiere decir. ¿Puede decirlo de otra forma?",
    ),
    "hand_off_unclear": ("No logro entenderle, así que le pedí a una persona del equipo que se una.",),
}

FOLLOW_UPS: Words = {
    "resume": ("¿Quiere continuar con el siguiente paso?", "¿Seguimos donde se quedó?"),
    "check": (
        "¿Quiere ver si precalifica?",
        "Si quiere, le muestro la tarjeta para la consulta suave. ¿Se la muestro?",
    ),
    "contact": (
        "¿Quiere dejar una forma de contactarle? Puedo mostrarle un formulario corto de contacto.",
        "Si quiere que un concesionario le contacte, puedo mostrarle un formulario de contacto. ¿Se lo muestro?",
    ),
    "anything": ("¿Qué más le gustaría saber?", "¿Le puedo ayudar con algo más?"),
}

CARDS: Words = {
    "contact_form": (
        "Puede llenar el formulario corto de abajo; la casilla sobre llamadas de concesionarios la marca usted o la "
        "deja vacía.",
    ),
    "contact_first": (
        "Para eso hace falta primero un teléfono, así que aquí tiene un formulario corto. Después sigue la tarjeta de "
        "la consulta suave.",
    ),
    "consent": (
        "Por favor lea la tarjeta de abajo y oprima el botón si está de acuerdo. Antes de eso no se consulta nada.",
    ),
    "running": ("La consulta está en curso, y el resultado aparecerá aquí en el chat.",),
    "step": ("Había llegado al paso {step} de 5, y continúa en esta página.",),
    "no_application": ("Todavía no veo una solicitud guardada. Puede empezarla en esta página.",),
    "finished": ("Su solicitud está completa. El siguiente paso es con un concesionario.",),
    "already_checked": ("La consulta suave ya se hizo, y una persona o un concesionario sigue con usted.",),
    "tool_failed": (
        "Eso no funcionó en este momento, lo siento. Puedo pedirle a una persona del equipo que le ayude.",
    ),
}
