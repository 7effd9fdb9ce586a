/**
 * Cards: small forms and answers that the server words completely. We only lay them out, check fields kindly before
 * they go, and make sure that nothing is agreed to whose text was not shown.
 */

import { el, icon, uuid } from "./dom.js";
import { checkField, fieldNode, focusField, readField, showFieldError } from "./fields.js";
import { print, save } from "./paper.js";

/** What a settled card says of the choice made; a "no" means something else on each kind of card. */
const DONE_WORDS = { submit: "cardSent", agree: "cardAgreed", decline: "cardLater" };
const DECLINED_WORDS = { credit_consent: "cardDeclined", handoff: "cardWithCathy" };

export class Card {
  #fields = [];
  #buttons = [];
  #pressed = null;

  /** @param press called with this card and {id, card, action, fields} when the customer presses a button */
  constructor(card, words, press) {
    Object.assign(this, { card, words, press });
    this.error = el("p", { class: "error", role: "alert" });
    const look = `card card-${card.kind} tone-${card.tone ?? "neutral"}`;
    this.node = el("div", { class: look, role: "group", "aria-labelledby": `title-${card.id}` });
    this.#draw();
  }

  /** True if `card` is this one and both are open, so that a half-filled form is not drawn anew under the fingers. */
  keeps(card) {
    return card.id === this.card.id && card.state === "open" && this.card.state === "open";
  }

  /** The server stored the press. Its own wording follows in the card's next version. */
  settle() {
    this.card = { ...this.card, state: "settled", choice: this.#pressed };
    const hadFocus = this.node.contains(this.node.getRootNode().activeElement);
    this.#draw();
    if (hadFocus) this.node.focus();
  }

  /** The press was refused: the form is open again, with the reason. `fieldErrors` maps a name to a sentence. */
  fail(sentence, fieldErrors = {}) {
    this.#busy(false);
    for (const field of this.#fields) showFieldError(field, fieldErrors[field.name] ?? "");
    this.error.textContent = sentence;
  }

  #draw() {
    const { card } = this;
    const title = el("h3", { id: `title-${card.id}` }, card.title);
    const body = card.state === "replaced" ? [] : card.body ?? [];
    const paragraphs = body.map((text) => el("p", { dir: "auto" }, text));
    if (card.link) {
      const { href, label } = card.link;
      paragraphs.push(el("p", {}, el("a", { class: "link", href, target: "_blank", rel: "noopener noreferrer" }, label)));
    }
    const rest = card.state === "open" ? this.#form() : this.#outcome();
    this.node.replaceChildren(el("div", { class: "card-head" }, icon(card.kind), title), ...paragraphs, ...rest);
    this.node.classList.toggle("settled", card.state !== "open");
    this.node.tabIndex = -1;
  }

  #outcome() {
    const { card, words } = this;
    const word = (card.choice === "decline" && DECLINED_WORDS[card.kind]) || DONE_WORDS[card.choice];
    const outcome = word && el("p", { class: "outcome" }, icon("check"), words.put(el("span"), word));
    return [outcome, legalDetails(card, words)].filter(Boolean);
  }

  /** Fields, then the legal text, then the buttons directly under it: nothing may stand between text and press. */
  #form() {
    const { card, words } = this;
    if (!card.actions?.length) return [];
    if (card.kind === "credit_consent" && !card.consent?.paragraphs?.length) {
      return [words.put(el("p", { class: "error" }), "cardBroken")];
    }
    this.#fields = (card.fields ?? []).map((field) => fieldNode(field, card.id, words));
    this.#buttons = card.actions.map((action) => this.#button(action));
    const form = el("form", { novalidate: true, onsubmit: (event) => this.#submitted(event) });
    const legal = legalNode(card, words);
    form.append(...this.#fields.map((field) => field.node), legal ?? "", el("div", { class: "actions" }, this.#buttons));
    return [form, this.error];
  }

  #button({ action, label }) {
    if (action !== "decline") return el("button", { type: "submit", class: "button primary", value: action }, label);
    const onclick = () => this.#send(action, {});
    return el("button", { type: "button", class: "button secondary", value: action, onclick }, label);
  }

  #submitted(event) {
    event.preventDefault();
    const action = event.submitter?.value ?? this.card.actions.find((each) => each.action !== "decline").action;
    if (this.#valid()) this.#send(action, this.#values());
  }

  #valid() {
    const wrong = this.#fields.filter((field) => !checkField(field, this.words));
    this.error.textContent = wrong.length ? this.words.say("checkFields") : "";
    if (wrong.length) focusField(wrong[0]);
    return !wrong.length;
  }

  /** What the form holds; with a consent, the identity of the text that stood above the button. */
  #values() {
    const values = Object.fromEntries(this.#fields.map((field) => [field.name, readField(field)]));
    const { consent } = this.card;
    return consent ? { ...values, version: consent.version, sha256: consent.sha256 } : values;
  }

  #send(action, fields) {
    if (this.#pressed) return;
    this.#pressed = action;
    this.#busy(true);
    this.press(this, { id: uuid(), card: this.card.id, action, fields });
  }

  /** Buttons stay focusable while the press is under way; a second press does nothing. */
  #busy(on) {
    if (!on) this.#pressed = null;
    this.node.setAttribute("aria-busy", String(on));
    for (const button of this.#buttons) button.setAttribute("aria-disabled", String(on));
    if (on) this.error.textContent = "";
  }
}

/** The whole text, or null if the card has none. The links stand above it, so that the button follows the text. */
function legalNode(card, words) {
  const { consent } = card;
  if (!consent) return null;
  const heading = words.put(el("h4"), "readThis");
  const copies = [keepLink("save", () => save(linesOf(card)), words), keepLink("print", () => print(linesOf(card)), words)];
  const keep = el("div", { class: "keep" }, copies);
  const text = el("div", { class: "legal-text", dir: "auto" }, consent.paragraphs.map((part) => el("p", {}, part)));
  return el("div", { class: "legal" }, heading, keep, text);
}

/** The same text folded away, for a card that is settled. */
function legalDetails(card, words) {
  const legal = legalNode(card, words);
  return legal && el("details", {}, words.put(el("summary"), "consentText"), legal);
}

function keepLink(key, action, words) {
  return words.put(el("button", { type: "button", class: "link", onclick: action }), key);
}

function linesOf({ title, consent }) {
  const { version, sha256 } = consent;
  return [["h1", consent.title ?? title], ...consent.paragraphs.map((part) => ["p", part]), ["p", `${version} · SHA-256 ${sha256}`]];
}
