/**
 * The button that opens the chat, on the page of a lender. It tells how many messages are unread and always that an AI
 * answers. The chat window itself is loaded when somebody reaches for the button, or when this browser has a chat.
 */

import { known, textOn } from "./widget/colour.js";
import { Memory, Tab } from "./widget/memory.js";

const TEXTS = {
  en: { launcher: "Chat with Cathy", ai: "AI", assistant: "AI assistant", unread: (count) => `${count} unread` },
  es: { launcher: "Chatear con Cathy", ai: "IA", assistant: "asistente de IA", unread: (count) => `${count} sin leer` },
};
const MOST_SHOWN = 9;

const SHEET = `
:host { all: initial !important; direction: ltr !important; unicode-bidi: normal !important; position: static !important; display: block !important; }
:host([hidden]) { display: none !important; }
button {
  all: unset; box-sizing: border-box; position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right));
  bottom: calc(var(--bottom) + env(safe-area-inset-bottom)); display: flex; align-items: center; gap: 9px; min-height: 52px;
  max-width: calc(100vw - 40px); padding: 8px 18px 8px 15px; border-radius: 26px; cursor: pointer; touch-action: manipulation;
  background: var(--accent); color: var(--on-accent); box-shadow: 0 6px 24px rgb(16 30 28 / .28), 0 0 0 1px rgb(255 255 255 / .22);
  font: 600 16px/1.2 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
button.left { right: auto; left: max(20px, env(safe-area-inset-left)); }
button:hover { box-shadow: 0 10px 30px rgb(16 30 28 / .34), 0 0 0 1px rgb(255 255 255 / .3); }
button:focus-visible { outline: 3px solid #ffffff; box-shadow: 0 0 0 6px #101415; }
svg { width: 22px; height: 22px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
.label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.ai { flex: none; font-size: 12px; line-height: 1; font-weight: 700; padding: 4px 6px; border-radius: 6px; background: var(--on-accent); color: var(--accent); }
.unread {
  position: absolute; top: -6px; right: -6px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; box-sizing: border-box;
  background: #b3261e; color: #ffffff; font-size: 13px; line-height: 22px; font-weight: 700; text-align: center; box-shadow: 0 0 0 2px #ffffff;
}
.unread:empty { display: none; }
@media (max-width: 480px) { .label { display: none; } button { padding: 8px 14px; } }
@media (prefers-reduced-motion: no-preference) { button { transition: box-shadow .15s; } }
@media (forced-colors: active) { button { border: 2px solid; } }
@media print { button { display: none; } }
`;

/**
 * Show the button. Gives the API of the chat; each call loads the window first where that is needed.
 *
 * @param {object} options
 * @param {string} options.site @param {string} options.base @param {string} options.visitor
 * @param {DOMStringMap} options.wishes the data-* attributes of the page's script tag (docs/widget.md)
 * @param {boolean} options.welcome true for somebody who came back by the link in an e-mail
 * @param {(name: string, detail: object) => void} options.emit told of everything that happens in the chat
 */
export function launch({ site, base, visitor, wishes, welcome, emit }) {
  let window_ = null;
  let unread = 0;
  let lang = language(wishes.lang || document.documentElement.lang || navigator.language);
  const texts = readTexts(wishes.texts);
  const { host, button, parts } = build(wishes);

  function retell() {
    const words = TEXTS[lang];
    parts.label.textContent = texts[lang]?.launcher ?? texts.launcher ?? words.launcher;
    parts.ai.textContent = words.ai;
    parts.unread.textContent = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread || "";
    const said = [parts.label.textContent, words.assistant, unread && words.unread(unread)].filter(Boolean);
    button.setAttribute("aria-label", said.join(", "));
    button.lang = lang;
  }

  function heard(name, detail) {
    if (name === "open") host.hidden = true;
    if (name === "close") host.hidden = wishes.launcher === "none";
    if (name === "unread") unread = detail.count;
    if (name === "locale") lang = detail.lang;
    retell();
    emit(name, detail);
  }

  /** The chat window, loaded once; after a failure the next call tries again. */
  function load() {
    const { colour = wishes.color, position, theme } = wishes;
    const options = { site, base, visitor, lang, colour, position, theme, texts, launcher: button, onEvent: heard };
    window_ ??= import("./widget.js").then(({ mount }) => mount(options));
    window_.catch(() => (window_ = null));
    return window_;
  }

  function start() {
    button.addEventListener("click", () => call("open"));
    for (const sign of ["pointerenter", "focus"]) button.addEventListener(sign, () => import("./widget.js").catch(() => {}), { once: true });
    host.hidden = wishes.launcher === "none";
    retell();
    // Beside the body: a page that transforms, hides or swaps its body leaves the button where it is.
    document.documentElement.append(host);
    if (welcome && isFirstLook(site)) call("open", { unasked: true });
    // A chat that was begun may hold news.
    else if (new Memory(site).get("ticket")) (globalThis.requestIdleCallback ?? setTimeout)(() => load().catch(() => {}));
  }

  const call = (name, ...args) => load().then((chat) => chat[name](...args), () => emit("error", { code: "not_loaded" }));
  start();
  return call;
}

function build(wishes) {
  const host = document.createElement("div");
  host.dataset.carLoansLauncher = "";
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  root.adoptedStyleSheets = [sheet];
  const button = root.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = wishes.position === "left" ? "left" : "";
  const accent = known(wishes.colour ?? wishes.color);
  button.style.setProperty("--accent", accent);
  button.style.setProperty("--on-accent", textOn(accent));
  button.style.setProperty("--bottom", `${clamp(Number(wishes.bottom ?? 20), 0, 400)}px`);
  button.append(bubble());
  const parts = Object.fromEntries(["label", "ai", "unread"].map((name) => [name, button.appendChild(part(name))]));
  return { host, button, parts };
}

function part(name) {
  const node = document.createElement("span");
  node.className = name;
  return node;
}

function bubble() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS(svg.namespaceURI, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M4 5.5h16v11H10l-4.5 4v-4H4z");
  svg.append(path);
  return svg;
}

function language(lang) {
  return String(lang).toLowerCase().startsWith("es") ? "es" : "en";
}

/** A reload of the page that the link led to does not greet again: the customer may have closed the chat on purpose. */
function isFirstLook(site) {
  const tab = new Tab(site);
  const greeted = tab.get("greeted");
  tab.set("greeted", true);
  return !greeted;
}

function readTexts(text) {
  try {
    const found = JSON.parse(text ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    console.warn("Car Loans: data-texts is not JSON and was left out.");
    return {};
  }
}

function clamp(value, least, most) {
  return Number.isFinite(value) ? Math.min(Math.max(value, least), most) : least;
}
