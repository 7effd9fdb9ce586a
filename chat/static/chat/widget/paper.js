/** Copies for the customer: a text file, or a page to print. `lines` are [tag, text], the first of them the title. */

import { el } from "./dom.js";

export function save(lines) {
  const text = lines.map(([, line]) => line).join("\n\n");
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  el("a", { href: address, download: `${fileName(lines[0][1])}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function fileName(title) {
  return String(title).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "chat";
}

/** Print through a window of its own: the host page's styles and content stay out of it. */
export function print(lines) {
  const page = open("", "_blank", "width=640,height=720");
  if (!page) return;
  page.document.title = lines[0][1];
  for (const [tag, text] of lines) {
    page.document.body.append(Object.assign(page.document.createElement(tag), { textContent: text }));
  }
  page.print();
}

/** The lines of a conversation as its customer may keep it: who said what and when, in the order of the server. */
export function recordOf(items, words, disclosure) {
  const said = [...items].sort((one, other) => one.seq - other.seq).map((item) => ["p", lineOf(item, words)]);
  return [["h1", words.say("chat")], ["p", disclosure].filter(Boolean), ...said].filter(([, text]) => text);
}

function lineOf({ role, name, text, card, at }, words) {
  const time = new Date(at).toLocaleString(words.lang, { dateStyle: "medium", timeStyle: "short" });
  const parts = [text, ...(card ? [card.title, ...(card.body ?? []), ...(card.consent?.paragraphs ?? [])] : [])];
  return `${time} · ${whoSaid(role, name, words)}\n${parts.filter(Boolean).join("\n")}`;
}

function whoSaid(role, name, words) {
  if (role === "customer") return words.say("you");
  if (role === "system") return words.say("theProgram");
  return role === "cathy" ? `${name || "Cathy"} (${words.say("aiBadge")})` : `${name} (${words.say("personBadge")})`;
}
