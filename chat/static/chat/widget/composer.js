/** Where the customer writes. Nothing leaves it before Send but the bare fact that somebody is typing. */

import { el, icon } from "./dom.js";

const LONGEST = 4000;
const COUNT_FROM = 3600;
const TYPING_EVERY_MS = 4000;
const TYPING_ENDS_MS = 5000;
/** A number as long as a social security or card number is not kept beyond the page, not even in this tab. */
const PRIVATE_NUMBER = /\d(?:[ .-]?\d){8}/;

export class Composer {
  #typingUntil = 0;
  #typingTimer = 0;

  /**
   * @param draft    what was written and not sent before a reload
   * @param onSend   called with clean text
   * @param onTyping called with true or false
   * @param onDraft  called with what should be kept for a reload
   */
  constructor({ words, draft, onSend, onTyping, onDraft }) {
    Object.assign(this, { words, onSend, onTyping, onDraft });
    this.input = el("textarea", { rows: 1, id: "message", enterkeyhint: "send", dir: "auto", "aria-describedby": "count notice" });
    words.label(this.input, "placeholder", "placeholder");
    this.button = words.label(el("button", { type: "submit", class: "send" }, icon("send")), "send");
    this.count = el("p", { class: "count", id: "count", role: "status" });
    this.node = this.#form();
    this.input.value = draft ?? "";
    this.#changed();
  }

  clear() {
    this.input.value = "";
    this.#changed();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Put a message back for another try, in front of whatever was written since. */
  restore(text) {
    this.input.value = [text, this.input.value].filter(Boolean).join("\n");
    this.#changed();
    this.focus();
  }

  #form() {
    const label = this.words.put(el("label", { for: "message", class: "unseen" }), "composer");
    const notice = this.words.put(el("p", { class: "notice", id: "notice" }), "notice");
    const row = el("div", { class: "row" }, label, this.input, this.button);
    const form = el("form", { class: "composer" }, row, this.count, notice);
    form.addEventListener("submit", (event) => this.#submitted(event));
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#pressed(event));
    return form;
  }

  /** Enter sends, Shift+Enter breaks the line; an Enter that only confirms an input method's word does neither. */
  #pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submitted(event);
  }

  #submitted(event) {
    event.preventDefault();
    const text = clean(this.input.value);
    if (!text || length(text) > LONGEST) return;
    this.clear();
    this.#typing(false);
    this.onSend(text);
    this.focus();
  }

  #typed() {
    this.#changed();
    this.#typing(this.input.value.trim() !== "");
  }

  #changed() {
    const used = length(clean(this.input.value));
    this.button.setAttribute("aria-disabled", String(used === 0 || used > LONGEST));
    this.count.classList.toggle("error", used > LONGEST);
    if (used > LONGEST) this.words.put(this.count, "tooLong", used);
    else if (used >= COUNT_FROM) this.words.put(this.count, "left", LONGEST - used);
    else this.#countNothing();
    this.onDraft(PRIVATE_NUMBER.test(this.input.value) ? "" : this.input.value);
    this.grow();
  }

  #countNothing() {
    this.count.textContent = "";
    delete this.count.dataset.say;
  }

  /** As tall as its text, up to what the style sheet allows. */
  grow() {
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${this.input.scrollHeight}px`;
  }

  #typing(on) {
    clearTimeout(this.#typingTimer);
    if (on) this.#typingTimer = setTimeout(() => this.#typing(false), TYPING_ENDS_MS);
    if (on ? Date.now() < this.#typingUntil : this.#typingUntil === 0) return;
    this.#typingUntil = on ? Date.now() + TYPING_EVERY_MS : 0;
    this.onTyping(on);
  }
}

/** Text that the server will take: no control characters but line breaks and tabs, no broken surrogates. */
export function clean(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .trim();
}

/** Characters as the server counts them: code points. */
function length(text) {
  return text.length <= COUNT_FROM ? text.length : [...text].length;
}
