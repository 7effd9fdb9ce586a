/** What is needed seldom, behind one button: a copy of the chat, and its sound. Escape or a press elsewhere closes it. */

import { el, icon } from "./dom.js";

export class Menu {
  /** @param actions called by name: saveChat, printChat, sound; @param isSoundOn tells whether the sound is on */
  constructor({ words, actions, isSoundOn }) {
    Object.assign(this, { words, actions, isSoundOn });
    this.list = el("div", { class: "menu", id: "menu", hidden: true }, ["saveChat", "printChat", "sound"].map((key) => this.#entry(key)));
    this.button = el("button", { type: "button", class: "ghost round", "aria-expanded": "false", "aria-controls": "menu" }, icon("more"));
    words.label(this.button, "menu");
    this.button.addEventListener("click", () => this.show(this.list.hidden));
    this.node = el("div", { class: "menu-holder" }, this.button, this.list);
    this.node.addEventListener("focusout", (event) => !this.node.contains(event.relatedTarget) && this.show(false));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  show(on) {
    this.list.hidden = !on;
    this.button.setAttribute("aria-expanded", String(on));
    this.#showSound();
  }

  #entry(key) {
    const run = () => {
      this.actions[key]();
      if (key === "sound") return this.#showSound();
      this.button.focus();
      this.show(false);
    };
    const entry = el("button", { type: "button", onclick: run }, this.words.put(el("span"), key), key === "sound" && icon("check"));
    if (key === "sound") this.sound = entry;
    return entry;
  }

  #showSound() {
    this.sound.setAttribute("aria-pressed", String(this.isSoundOn()));
  }
}
