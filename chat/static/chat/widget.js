/**
 * The chat window that a lender's page embeds. `embed.js` shows the launcher and loads this module when it is wanted.
 *
 * It lives in a shadow root with constructed style sheets, so that a page's styles and a strict content policy
 * (`script-src` and `style-src` without 'unsafe-inline') neither disturb it nor are disturbed.
 */

import { Chat } from "./widget/chat.js";
import { Memory } from "./widget/memory.js";
import { applyStyles } from "./widget/styles.js";
import { Words } from "./widget/texts.js";

/**
 * Put a closed chat window on the page.
 *
 * @param {object} options
 * @param {string} options.site       the site's key
 * @param {string} [options.base]     origin of the server; the one that served this module by default
 * @param {string} [options.visitor]  the visitor's id, if the tracker knows one
 * @param {boolean} [options.welcome] true for somebody who came back by a return link: the chat opens by itself
 * @param {string} [options.lang]     "en" or "es"; the page's language by default
 * @param {(name: string, detail: object) => void} [options.onEvent] told of open, close, ready {visitor, conversation},
 *        unread {count}, message {role, seq} and owner {owner}; never of what was said
 * @param {"left"|"right"} [options.position] the corner, right by default
 * @param {string} [options.colour]   the brand's colour as #rrggbb; text on it is chosen to be readable
 * @returns {{open: () => void, close: () => void, toggle: () => void, destroy: () => void}}
 */
export function mount(options = {}) {
  const settings = readSettings(options);
  const memory = new Memory(settings.site);
  const words = new Words(memory.get("lang") ?? settings.lang);
  const host = document.createElement("div");
  host.dataset.carLoansChat = settings.site;
  const root = host.attachShadow({ mode: "open" });
  applyStyles(root);
  document.body.append(host);
  const chat = new Chat({ root, settings, words, memory });
  if (options.welcome) chat.open();
  return controls(chat, host);
}

function controls(chat, host) {
  return {
    open: () => chat.open(),
    close: () => chat.close(),
    toggle: () => (chat.panel.isOpen ? chat.close() : chat.open()),
    destroy() {
      chat.destroy();
      host.remove();
    },
  };
}

function readSettings({ site, base, visitor, lang, onEvent, position, colour }) {
  const socketUrl = new URL("/ws/chat/", base || import.meta.url);
  socketUrl.protocol = socketUrl.protocol.replace("http", "ws");
  socketUrl.searchParams.set("site", site);
  return {
    site,
    visitor,
    colour,
    socketUrl: socketUrl.href,
    lang: lang || document.documentElement.lang || navigator.language,
    position: position === "left" ? "left" : "right",
    onEvent: onEvent ?? (() => {}),
  };
}
