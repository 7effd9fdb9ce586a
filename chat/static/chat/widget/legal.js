/** The legal text of a consent card, in full, with a way to keep a copy. */

import { el } from "./dom.js";

/** The whole text, or null if the card has none. The links stand above it, so that the button follows the text. */
export function legalNode(card, words) {
  const { consent } = card;
  if (!consent) return null;
  const heading = words.put(el("h4"), "readThis");
  const keep = el("div", { class: "keep" }, keepLink("save", () => save(card), words), keepLink("print", () => print(card), words));
  const text = el("div", { class: "legal-text", dir: "auto" }, consent.paragraphs.map((part) => el("p", {}, part)));
  return el("div", { class: "legal" }, heading, keep, text);
}

/** The same text folded away, for a card that is settled. */
export function legalDetails(card, words) {
  const legal = legalNode(card, words);
  return legal && el("details", {}, words.put(el("summary"), "consentText"), legal);
}

function keepLink(key, action, words) {
  return words.put(el("button", { type: "button", class: "link", onclick: action }), key);
}

function save({ title, consent }) {
  const text = [consent.title ?? title, ...consent.paragraphs, identity(consent)].join("\n\n");
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  el("a", { href: address, download: `${fileName(consent.title ?? title)}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function identity({ version, sha256 }) {
  return `${version} · SHA-256 ${sha256}`;
}

function fileName(title) {
  return String(title).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "consent";
}

/** Print through a window of its own: the host page's styles and content stay out of it. */
function print({ title, consent }) {
  const page = open("", "_blank", "width=640,height=720");
  if (!page) return;
  const heading = consent.title ?? title;
  const lines = [["h1", heading], ...consent.paragraphs.map((part) => ["p", part]), ["p", identity(consent)]];
  page.document.title = heading;
  for (const [tag, text] of lines) {
    page.document.body.append(Object.assign(page.document.createElement(tag), { textContent: text }));
  }
  page.print();
}
