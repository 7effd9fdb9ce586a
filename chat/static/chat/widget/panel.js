/** The window of the chat: header, messages, notices, composer; its focus, its keyboard and its place on a phone. */

import { avatar } from "./bubbles.js";
import { deepFocus, el, icon } from "./dom.js";

const PHONE = "(max-width: 480px)";
const FOCUSABLE = "button, input, textarea, summary, [tabindex='0']";

export class Panel {
  #opener = null;

  constructor({ root, words, composer, position, colour, onClose, onLanguage, onStarter }) {
    Object.assign(this, { root, words, composer, onClose, onLanguage, onStarter });
    this.phone = matchMedia(PHONE);
    this.announcer = el("div", { class: "unseen", "aria-live": "polite" });
    this.node = el("div", { class: "panel", role: "dialog", hidden: true }, this.#header(), this.#status(), this.#log(), this.#foot());
    this.words.label(this.node, "chat");
    this.node.addEventListener("keydown", (event) => this.#pressed(event));
    this.frame = el("div", { class: "frame", lang: words.lang, "data-side": position }, this.node, this.announcer);
    this.#paint(colour);
    root.append(this.frame);
    this.#follow();
  }

  get isOpen() {
    return !this.node.hidden;
  }

  show() {
    this.#opener = deepFocus();
    this.node.hidden = false;
    this.#fit();
    // A touch keyboard that springs up by itself would hide half of the greeting.
    if (matchMedia("(pointer: coarse)").matches) this.closeButton.focus();
    else this.composer.focus();
  }

  hide() {
    const inside = this.root.activeElement !== null;
    this.node.hidden = true;
    if (inside && this.#opener?.isConnected) this.#opener.focus();
  }

  destroy() {
    this.listeners.abort();
  }

  /** Say a finished text to screen readers, once, if the chat is open. */
  announce(text) {
    if (!this.isOpen || !text) return;
    this.announcer.append(el("p", {}, text));
    while (this.announcer.children.length > 4) this.announcer.firstChild.remove();
  }

  /** Who answers: Cathy with the sign of an AI assistant, or a person with theirs. */
  showOwner(owner, name) {
    const person = owner === "human";
    const shown = person ? name || this.words.say("aTeamMember") : "Cathy";
    this.who.replaceChildren(avatar(person ? "staff" : "cathy", shown));
    this.name.textContent = shown;
    this.words.put(this.badge, person ? "personBadge" : "aiBadge");
    this.#showOwnerLine(owner);
  }

  showMode(mode) {
    this.mode.hidden = mode !== "simulated";
  }

  /** A notice above the composer, by key; `action` is {key, run}. Null clears it. */
  notice(key, { text, action, tone = "quiet" } = {}) {
    this.noticeBar.hidden = !key;
    this.noticeBar.className = `notice-bar tone-${tone}`;
    if (!key) return this.noticeBar.replaceChildren();
    const said = text ? el("span", {}, text) : this.words.put(el("span"), key);
    const press = action && this.words.put(el("button", { type: "button", class: "link", onclick: action.run }), action.key);
    this.noticeBar.replaceChildren(said, press ?? "");
  }

  showStarters(on) {
    this.starters.hidden = !on;
  }

  showAway(on) {
    this.jump.hidden = !on;
  }

  #header() {
    const { words } = this;
    this.who = el("span", { class: "who" }, avatar("cathy"));
    this.name = el("span", { class: "title-name" }, "Cathy");
    this.badge = words.put(el("span", { class: "badge" }), "aiBadge");
    this.mode = words.label(words.put(el("span", { class: "badge outline", hidden: true }), "simulated"), "simulatedHint", "title");
    this.language = words.put(el("button", { type: "button", class: "ghost", onclick: () => this.onLanguage() }), "otherLanguage");
    words.label(this.language, "switchLanguage");
    this.language.lang = words.lang === "en" ? "es" : "en";
    this.closeButton = el("button", { type: "button", class: "ghost round", onclick: () => this.onClose() }, icon("close"));
    words.label(this.closeButton, "close");
    const title = el("h2", {}, this.name, el("span", { class: "badges" }, this.badge, this.mode));
    return el("div", { class: "head" }, this.who, title, this.language, this.closeButton);
  }

  #status() {
    this.ownerLine = el("p", { class: "owner-line", role: "status", hidden: true });
    return this.ownerLine;
  }

  /** Waiting and closed need a word of their own; who else answers is plain from the header. */
  #showOwnerLine(owner) {
    this.ownerLine.hidden = !["queue", "closed"].includes(owner);
    if (!this.ownerLine.hidden) this.words.put(this.ownerLine, owner);
  }

  #log() {
    const { words } = this;
    this.list = el("ol", { class: "list" });
    this.starters = words.label(el("div", { class: "starters", role: "group", hidden: true }), "starters");
    for (const key of ["starter1", "starter2", "starter3"]) this.starters.append(this.#starter(key));
    this.scroller = words.label(el("div", { class: "scroller", role: "region", tabindex: "0" }, this.list, this.starters), "conversation");
    const jumpWord = words.put(el("span"), "newMessages");
    this.jump = el("button", { type: "button", class: "jump", hidden: true }, icon("down"), jumpWord);
    return el("div", { class: "log" }, this.scroller, this.jump);
  }

  #starter(key) {
    const run = (event) => this.onStarter(event.currentTarget.textContent);
    return this.words.put(el("button", { type: "button", class: "starter", onclick: run }), key);
  }

  #foot() {
    this.noticeBar = el("div", { class: "notice-bar", role: "status", hidden: true });
    return el("div", { class: "foot" }, this.noticeBar, this.composer.node);
  }

  #pressed(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.onClose();
    if (event.key === "Tab" && this.phone.matches) this.#keepInside(event);
  }

  /** On a phone the chat covers the page, so Tab stays in it. */
  #keepInside(event) {
    const reachable = [...this.node.querySelectorAll(FOCUSABLE)].filter((node) => node.checkVisibility?.() ?? node.offsetParent);
    const edge = event.shiftKey ? reachable[0] : reachable.at(-1);
    if (this.root.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? reachable.at(-1) : reachable[0]).focus();
  }

  /** Follow the colour scheme, the screen's width and the on-screen keyboard. */
  #follow() {
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const scheme = () => this.frame.classList.toggle("dark", dark.matches);
    const fit = () => this.#fit();
    dark.addEventListener("change", scheme, { signal });
    this.phone.addEventListener("change", fit, { signal });
    visualViewport?.addEventListener("resize", fit, { signal });
    visualViewport?.addEventListener("scroll", fit, { signal });
    scheme();
  }

  #fit() {
    if (!this.isOpen) return;
    this.node.setAttribute("aria-modal", String(this.phone.matches));
    const { height, offsetTop } = visualViewport ?? { height: innerHeight, offsetTop: 0 };
    this.frame.style.setProperty("--view-height", `${height}px`);
    this.frame.style.setProperty("--view-top", `${offsetTop}px`);
  }

  /** The host's colour, with black or white text on it, whichever reads better. */
  #paint(colour) {
    const parts = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour ?? "");
    if (!parts) return;
    const [red, green, blue] = parts.slice(1).map((part) => linear(parseInt(part, 16) / 255));
    const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    this.frame.style.setProperty("--accent", colour);
    this.frame.style.setProperty("--on-accent", light > 0.179 ? "#101415" : "#ffffff");
  }
}

function linear(channel) {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
