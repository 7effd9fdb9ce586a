/** The widget's own words. What Cathy, the cards and the disclosure say comes from the server in the same language. */

export const TEXTS = {
  en: {
    otherLanguage: "Español",
    switchLanguage: "Cambiar a español",
    chat: "Chat with Cathy",
    conversation: "Conversation",
    aiBadge: "AI assistant",
    aiShort: "AI",
    personBadge: "Team member",
    aTeamMember: "A team member",
    simulated: "Simulated",
    simulatedHint: "Replies and credit results are simulated in this installation.",
    you: "You",
    close: "Close chat",
    placeholder: "Write a message…",
    composer: "Your message",
    send: "Send message",
    notice: "This chat is saved so that we can help you. Please don't share your Social Security or card number here.",
    connecting: "Connecting…",
    reconnecting: "The connection was lost. Trying again…",
    offline: "You are offline. Your messages will go out when you are back.",
    back: "You are connected again.",
    sending: "Sending…",
    waiting: "Waiting for the connection…",
    sent: "Sent",
    delivered: "Delivered",
    read: "Read",
    failed: "Not sent",
    retry: "Try again",
    edit: "Edit",
    dismiss: "Dismiss",
    typingCathy: "Cathy is typing",
    typingStaff: "A team member is typing",
    newMessages: "New messages",
    queue: "A team member has been asked to join. You can keep writing here.",
    place: (position) => `Your place in line: ${position}.`,
    closed: "This chat is closed. Write a message to open it again.",
    startAnew: "Start a new chat",
    tooLong: (count) => `That is ${count} characters. A message can hold up to 4,000.`,
    left: (count) => `${count} characters left`,
    starters: "Suggestions",
    menu: "More",
    saveChat: "Save this chat",
    printChat: "Print this chat",
    sound: "Sound for new messages",
    theProgram: "Notice",
    required: "Please fill this in.",
    requiredBox: "Please tick the box if you agree.",
    requiredChoice: "Please choose one.",
    checkPhone: "Please enter a phone number with its area code, for example 555-123-4567.",
    checkEmail: "Please enter an e-mail address such as name@example.com.",
    checkFields: "Please look at the marked fields.",
    optional: "optional",
    readThis: "Please read before you decide",
    consentText: "The text of this consent",
    save: "Save a copy",
    print: "Print",
    cardSent: "Sent. Thank you.",
    cardAgreed: "You agreed.",
    cardDeclined: "You did not agree. Nothing was checked.",
    cardLater: "Not now.",
    cardWithCathy: "You are staying with Cathy.",
    cardBroken: "This form could not be shown in full, so nothing can be agreed to here. Please ask for a person.",
    newChat: "This is a new chat. Your earlier one could not be reopened here.",
    closed4403: "This chat cannot be opened from this page.",
    closed4408: "The chat was paused because it was quiet for a while.",
    closed4429: "That was a lot at once. The chat takes a short break and then goes on by itself.",
    resume: "Continue the chat",
    unknownError: "Something went wrong. Please try again.",
  },
  es: {
    otherLanguage: "English",
    switchLanguage: "Switch to English",
    chat: "Chat con Cathy",
    conversation: "Conversación",
    aiBadge: "Asistente de IA",
    aiShort: "IA",
    personBadge: "Persona del equipo",
    aTeamMember: "Una persona del equipo",
    simulated: "Simulado",
    simulatedHint: "En esta instalación las respuestas y los resultados de crédito son simulados.",
    you: "Usted",
    close: "Cerrar el chat",
    placeholder: "Escriba un mensaje…",
    composer: "Su mensaje",
    send: "Enviar mensaje",
    notice: "Este chat se guarda para poder ayudarle. No comparta aquí su número de Seguro Social ni de tarjeta.",
    connecting: "Conectando…",
    reconnecting: "Se perdió la conexión. Intentando de nuevo…",
    offline: "No tiene conexión. Sus mensajes saldrán cuando vuelva a tenerla.",
    back: "La conexión se restableció.",
    sending: "Enviando…",
    waiting: "Esperando la conexión…",
    sent: "Enviado",
    delivered: "Entregado",
    read: "Leído",
    failed: "No enviado",
    retry: "Intentar de nuevo",
    edit: "Editar",
    dismiss: "Descartar",
    typingCathy: "Cathy está escribiendo",
    typingStaff: "Una persona del equipo está escribiendo",
    newMessages: "Mensajes nuevos",
    queue: "Pedimos a una persona del equipo que se una. Puede seguir escribiendo aquí.",
    place: (position) => `Su turno en la fila: ${position}.`,
    closed: "Este chat está cerrado. Escriba un mensaje para abrirlo de nuevo.",
    startAnew: "Empezar un chat nuevo",
    tooLong: (count) => `Son ${count} caracteres. Un mensaje admite hasta 4,000.`,
    left: (count) => `Quedan ${count} caracteres`,
    starters: "Sugerencias",
    menu: "Más",
    saveChat: "Guardar este chat",
    printChat: "Imprimir este chat",
    sound: "Sonido para mensajes nuevos",
    theProgram: "Aviso",
    required: "Complete este campo, por favor.",
    requiredBox: "Marque la casilla si está de acuerdo.",
    requiredChoice: "Elija una opción, por favor.",
    checkPhone: "Escriba un teléfono con código de área, por ejemplo 555-123-4567.",
    checkEmail: "Escriba un correo electrónico como nombre@ejemplo.com.",
    checkFields: "Revise los campos marcados, por favor.",
    optional: "opcional",
    readThis: "Lea esto antes de decidir",
    consentText: "El texto de este consentimiento",
    save: "Guardar una copia",
    print: "Imprimir",
    cardSent: "Enviado. Gracias.",
    cardAgreed: "Usted aceptó.",
    cardDeclined: "Usted no aceptó. No se consultó nada.",
    cardLater: "Ahora no.",
    cardWithCathy: "Usted sigue con Cathy.",
    cardBroken: "Este formulario no se pudo mostrar completo, así que aquí no se puede aceptar nada. Pida hablar con una persona.",
    newChat: "Este es un chat nuevo. El anterior no se pudo abrir aquí.",
    closed4403: "Este chat no se puede abrir desde esta página.",
    closed4408: "El chat quedó en pausa porque no hubo mensajes por un rato.",
    closed4429: "Fueron muchos mensajes a la vez. El chat hace una pausa corta y sigue por sí solo.",
    resume: "Continuar el chat",
    unknownError: "Algo salió mal. Intente de nuevo, por favor.",
  },
};

/** What a page may word itself. That Cathy is an AI, what is stored and what a consent says is not among it. */
const OWN_KEYS = ["chat", "placeholder"];

/** Puts words on nodes and remembers which, so that a language switch can retell all of them at once. */
export class Words {
  /** @param own the page's own words for some keys: {key: text} or {en: {key: text}, es: {…}} */
  constructor(lang, own = {}) {
    this.own = own;
    this.lang = knownLanguage(lang);
  }

  say(key, arg) {
    const text = this.#ownFor(key) ?? TEXTS[this.lang][key];
    return typeof text === "function" ? text(arg) : text;
  }

  #ownFor(key) {
    if (!OWN_KEYS.includes(key)) return undefined;
    const found = this.own[this.lang]?.[key] ?? this.own[key];
    return typeof found === "string" && found.trim() ? found : undefined;
  }

  put(node, key, arg) {
    node.dataset.say = key;
    if (arg === undefined) delete node.dataset.sayArg;
    else node.dataset.sayArg = arg;
    node.textContent = this.say(key, arg);
    return node;
  }

  label(node, key, attribute = "aria-label") {
    node.dataset.sayAttribute = attribute;
    node.dataset.sayLabel = key;
    node.setAttribute(attribute, this.say(key));
    return node;
  }

  switchTo(lang, root) {
    this.lang = knownLanguage(lang);
    for (const node of root.querySelectorAll("[data-say]")) this.put(node, node.dataset.say, node.dataset.sayArg);
    for (const node of root.querySelectorAll("[data-say-label]")) {
      this.label(node, node.dataset.sayLabel, node.dataset.sayAttribute);
    }
  }
}

/** "es-MX" and "ES" are Spanish; everything that we do not speak is English. */
export function knownLanguage(lang) {
  return String(lang ?? "").toLowerCase().startsWith("es") ? "es" : "en";
}
