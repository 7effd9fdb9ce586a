/** The window of the chat: header, messages, notices, composer; its focus, its keyboard and its place on a phone. */

import { avatar } from "./bubbles.js";
import { known, standsOut, textOn } from "./colour.js";
import { deepFocus, el, icon } from "./dom.js";

const PHONE = "(max-width: 480px)";
const FOCUSABLE = "button, input, textarea, summary, a[href], [tabindex='0']";
/** The two grounds that a line in the host's colour may stand on; they match `--surface` of the style sheet. */
const GROUND = { light: "#ffffff", dark: "#1d2629" };

export class Panel {
  #opener = null;

  /** @param look {position, colour, theme} as the page wants them; the callbacks are called on presses */
  constructor({ root, words, composer, menu, look, onClose, onLanguage, onStarter }) {
    Object.assign(this, { root, words, composer, menu, look, onClose, onLanguage, onStarter });
    this.phone = matchMedia(PHONE);
    this.announcer = el("div", { class: "unseen", "aria-live": "polite" });
    this.node = el("div", { class: "panel", role: "dialog", hidden: true }, this.#header(), this.#status(), this.#log(), this.#foot());
    words.label(this.node, "chat");
    this.node.addEventListener("keydown", (event) => this.#pressed(event));
    this.frame = el("div", { class: "frame", lang: words.lang, "data-side": look.position }, this.node, this.announcer);
    root.append(this.frame);
    this.#follow();
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /** A window that nobody pressed for leaves the focus where it is, unless it covers the page. */
  show({ unasked = false } = {}) {
    const active = deepFocus();
    this.#opener = active && active !== document.body ? active : this.look.launcher;
    this.node.hidden = false;
    this.#fit();
    this.composer.grow();
    if (unasked && !this.phone.matches) return;
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
  showOwner(owner, name, queue) {
    const person = owner === "human";
    const shown = person ? name || this.words.say("aTeamMember") : "Cathy";
    this.who.replaceChildren(avatar(person ? "staff" : "cathy", shown));
    this.name.textContent = shown;
    this.words.put(this.badge, person ? "personBadge" : "aiBadge");
    this.#showOwnerLine(owner, queue);
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

  /** Buttons with what the customer may want to say next; none for an empty list. */
  suggest(sentences) {
    const run = (event) => this.onStarter(event.currentTarget.textContent);
    const buttons = sentences.map((text) => el("button", { type: "button", class: "starter", dir: "auto", onclick: run }, text));
    this.starters.replaceChildren(...buttons);
    this.starters.hidden = !buttons.length;
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
    const title = el("h2", {}, el("span", { class: "badges" }, this.name, this.badge), this.mode);
    return el("div", { class: "head" }, this.who, title, this.language, this.menu.node, this.closeButton);
  }

  /** Not atomic: a screen reader says what has changed, not the whole line with each step of the queue. */
  #status() {
    this.ownerWord = el("span");
    this.place = el("span");
    this.promise = el("span");
    const line = { class: "owner-line", role: "status", "aria-atomic": "false", hidden: true };
    this.ownerLine = el("p", line, this.ownerWord, " ", this.place, " ", this.promise);
    return this.ownerLine;
  }

  /** Waiting and closed need a word of their own; who else answers is plain from the header. */
  #showOwnerLine(owner, queue) {
    this.ownerLine.hidden = !["queue", "closed"].includes(owner);
    if (this.ownerLine.hidden) return;
    this.words.put(this.ownerWord, owner);
    this.showPlace(queue);
  }

  /** The place in the queue and what may be promised, as the server says. What stays as it was is not touched. */
  showPlace({ position, promise = "" } = {}) {
    this.place.hidden = !position;
    if (position && this.place.dataset.sayArg !== `${position}`) this.words.put(this.place, "place", position);
    if (this.promise.textContent !== promise) this.promise.textContent = promise;
  }

  #log() {
    const { words } = this;
    this.list = el("ol", { class: "list" });
    this.starters = words.label(el("div", { class: "starters", role: "group", hidden: true }), "starters");
    this.scroller = words.label(el("div", { class: "scroller", role: "region", tabindex: "0" }, this.list, this.starters), "conversation");
    const jumpWord = words.put(el("span"), "newMessages");
    this.jump = el("button", { type: "button", class: "jump", hidden: true }, icon("down"), jumpWord);
    return el("div", { class: "log" }, this.scroller, this.jump);
  }

  #foot() {
    this.noticeBar = el("div", { class: "notice-bar", role: "status", hidden: true });
    return el("div", { class: "foot" }, this.noticeBar, this.composer.node);
  }

  #pressed(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.#escape();
    if (event.key === "Tab" && this.phone.matches) this.#keepInside(event);
  }

  #escape() {
    if (!this.menu.isOpen) return this.onClose();
    this.menu.button.focus();
    this.menu.show(false);
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
    this.darkRoom = matchMedia("(prefers-color-scheme: dark)");
    const fit = () => this.#fit();
    this.darkRoom.addEventListener("change", () => this.#paint(), { signal });
    this.phone.addEventListener("change", fit, { signal });
    visualViewport?.addEventListener("resize", fit, { signal });
    visualViewport?.addEventListener("scroll", fit, { signal });
    this.#paint();
  }

  #fit() {
    if (!this.isOpen) return;
    this.node.setAttribute("aria-modal", String(this.phone.matches));
    const { height, offsetTop } = visualViewport ?? { height: innerHeight, offsetTop: 0 };
    this.frame.style.setProperty("--view-height", `${height}px`);
    this.frame.style.setProperty("--view-top", `${offsetTop}px`);
    const field = this.root.activeElement;
    if (this.list.contains(field)) field.scrollIntoView({ block: "center" });
  }

  /** Light or dark as the page or the system wants it; the host's colour only where it can be read. */
  #paint() {
    const { theme, colour } = this.look;
    const dark = theme === "dark" || (theme !== "light" && this.darkRoom.matches);
    this.frame.classList.toggle("dark", dark);
    if (!colour) return;
    const accent = known(colour);
    const { style } = this.frame;
    style.setProperty("--accent", accent);
    style.setProperty("--on-accent", textOn(accent));
    const mark = standsOut(accent, dark ? GROUND.dark : GROUND.light) ? accent : "var(--text)";
    for (const name of ["--mark", "--focus"]) style.setProperty(name, mark);
  }
}
