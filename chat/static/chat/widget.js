/**
 * The chat window that a lender's page embeds. `launcher.js` shows the button and loads this module when it is wanted.
 *
 * It lives in a shadow root with constructed style sheets, so that a page's styles and a strict content policy
 * (`script-src` and `style-src` without 'unsafe-inline') neither disturb it nor are disturbed.
 */

import { Chat } from "./widget/chat.js";
import { Memory, Tab } from "./widget/memory.js";
import { applyStyles } from "./widget/styles.js";
import { Words } from "./widget/texts.js";

/**
 * Put a closed chat window on the page.
 *
 * @param {object} options
 * @param {string} options.site       the site's key
 * @param {string} [options.base]     origin of the server; the one that served this module by default
 * @param {string} [options.visitor]  the visitor's id, if the tracker knows one
 * @param {string} [options.lang]     "en" or "es"; the page's language by default
 * @param {(name: string, detail: object) => void} [options.onEvent] told of open, close, ready {visitor, conversation},
 *        unread {count}, message {role, seq} and owner {owner}; never of what was said
 * @param {"left"|"right"} [options.position] the corner, right by default
 * @param {string} [options.colour]   the brand's colour as #rgb or #rrggbb; text on it is chosen to be readable
 * @param {"auto"|"light"|"dark"} [options.theme] as the system wants it by default
 * @param {HTMLElement} [options.launcher] what gets the focus when a window closes that opened by itself
 * @param {object} [options.texts]    the page's own words: {chat, placeholder}, or those for each language {en, es}
 * @returns {{open, close, toggle, reset, locale, identify, destroy}}
 */
export function mount(options = {}) {
  const settings = readSettings(options);
  const memory = new Memory(settings.site);
  const words = new Words(memory.get("lang") ?? settings.lang, settings.texts);
  const host = document.createElement("div");
  host.dataset.carLoansChat = settings.site;
  const root = host.attachShadow({ mode: "open" });
  applyStyles(root);
  // Beside the body: a page that transforms, hides or swaps its body leaves the chat where it is.
  document.documentElement.append(host);
  const chat = new Chat({ root, settings, words, memory, tab: new Tab(settings.site) });
  return controls(chat, host);
}

function controls(chat, host) {
  return {
    open: (how) => chat.open(how),
    close: () => chat.close(),
    toggle: () => (chat.panel.isOpen ? chat.close() : chat.open()),
    reset: (visitor) => chat.reset(visitor),
    locale: (lang) => chat.switchLanguage(lang),
    identify: (ticket) => chat.identify(String(ticket)),
    destroy() {
      chat.destroy();
      host.remove();
    },
  };
}

function readSettings({ site, base, visitor, lang, onEvent, position, colour, theme, texts, launcher }) {
  const socketUrl = new URL("/ws/chat/", base || import.meta.url);
  socketUrl.protocol = socketUrl.protocol.replace("http", "ws");
  socketUrl.searchParams.set("site", site);
  return {
    site,
    visitor,
    colour,
    theme,
    launcher,
    texts: texts ?? {},
    socketUrl: socketUrl.href,
    lang: lang || document.documentElement.lang || navigator.language,
    position: position === "left" ? "left" : "right",
    onEvent: onEvent ?? (() => {}),
  };
}
