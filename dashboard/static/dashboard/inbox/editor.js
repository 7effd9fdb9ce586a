/** The reply: checked while it is written, kept over a reload, ready-made ones put in, Ctrl+Enter sends. */

import { say } from "./line.js";

const CHECK_MS = 400;
const TYPING_MS = 4000;

export class Editor {
  #form;
  #text;
  #lint;
  #key;
  #timer = 0;
  #asked = 0;
  #typedAt = 0;

  constructor(form, conversation) {
    this.#form = form;
    this.#text = form.elements.text;
    this.#lint = document.getElementById("lint");
    this.#key = `inbox-draft-${conversation}`;
    this.#text.value ||= sessionStorage.getItem(this.#key) ?? "";
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("blur", () => this.#ceased());
    this.#text.addEventListener("keydown", (event) => this.#pressed(event));
    form.addEventListener("submit", () => sessionStorage.removeItem(this.#key));
    if (this.#text.value) this.#check();
  }

  put(words) {
    const before = this.#text.value.trimEnd();
    this.#text.value = before ? `${before}\n${words}` : words;
    this.#text.focus();
    this.#typed();
  }

  #typed() {
    sessionStorage.setItem(this.#key, this.#text.value);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), CHECK_MS);
    if (!this.#text.value) return this.#ceased();
    if (Date.now() - this.#typedAt < TYPING_MS) return;
    this.#typedAt = Date.now();
    say({ type: "typing", on: true });
  }

  #ceased() {
    if (!this.#typedAt) return;
    this.#typedAt = 0;
    say({ type: "typing", on: false });
  }

  #pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#form.requestSubmit();
    }
  }

  async #check() {
    const asked = ++this.#asked;
    const body = new FormData(this.#form);
    body.set("conversation", this.#key.slice("inbox-draft-".length));
    const answer = await fetch(this.#form.dataset.check, { method: "POST", body }).catch(() => null);
    // An older answer must not cover a newer one.
    if (!answer?.ok || answer.redirected || asked !== this.#asked) return;
    this.#show((await answer.json()).violations);
  }

  #show(violations) {
    this.#lint.replaceChildren(...violations.map(({ title, excerpt }) => {
      const item = document.createElement("li");
      const rule = document.createElement("strong");
      rule.textContent = title;
      item.append(rule, `: ${excerpt}`);
      return item;
    }));
    if (violations.length) this.#text.setAttribute("aria-invalid", "true");
    else this.#text.removeAttribute("aria-invalid");
  }
}
