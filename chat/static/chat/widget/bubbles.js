/** The look of one message: its bubble, the line that names its sender, and the line that says how it fared. */

import { el, icon } from "./dom.js";

/** Cathy's round sign, or a person's initials. Decorative: the name stands beside it in text. */
export function avatar(role, name) {
  const letters = role === "staff" ? initials(name) : "C";
  return el("span", { class: `avatar avatar-${role}`, "aria-hidden": "true" }, letters);
}

function initials(name) {
  const parts = String(name || "?").trim().split(/\s+/);
  return parts.slice(0, 2).map((part) => [...part][0]).join("").toUpperCase();
}

/** An empty list item for a message of this role; `fill` gives it its content. */
export function messageNode(role) {
  return el("li", { class: `message from-${role}` });
}

/** Replace what the node shows. `item` is {role, name, text, at}; the card, if any, is put under the bubble. */
export function fill(node, item, card, words) {
  const body = el("div", { class: "body" }, heading(item, words), item.text && bubble(item.text), card);
  node.replaceChildren(item.role === "cathy" || item.role === "staff" ? avatar(item.role, item.name) : "", body);
}

export function bubble(text) {
  const node = el("div", { class: "bubble", dir: "auto" });
  node.textContent = text;
  return node;
}

function heading(item, words) {
  if (item.role === "system") return null;
  const name = el("span", { class: "name" });
  if (item.role === "customer") words.put(name, "you");
  else name.textContent = item.name || (item.role === "cathy" ? "Cathy" : words.say("aTeamMember"));
  return el("div", { class: "heading" }, name, item.role === "cathy" && aiTag(words), clock(item.at, words));
}

function aiTag(words) {
  return words.put(el("span", { class: "tag" }), "aiShort");
}

function clock(at, words) {
  const time = new Date(at ?? NaN);
  if (Number.isNaN(time.valueOf())) return null;
  const shown = time.toLocaleTimeString(words.lang, { hour: "numeric", minute: "2-digit" });
  return el("time", { datetime: time.toISOString() }, shown);
}

/** A reply while it streams. Hidden from screen readers, which hear the finished message once. */
export function streamNode(words) {
  const node = messageNode("cathy");
  node.classList.add("streaming");
  node.setAttribute("aria-hidden", "true");
  fill(node, { role: "cathy", text: " " }, null, words);
  return node;
}

/** Three quiet dots with the words for those who do not see them. */
export function typingNode(who, words) {
  const key = who === "staff" ? "typingStaff" : "typingCathy";
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  const said = words.put(el("span", { class: "unseen" }), key);
  const node = el("li", { class: `message typing from-${who}` });
  node.append(avatar(who, who === "staff" ? "…" : "Cathy"), el("div", { class: "body" }, el("div", { class: "bubble" }, dots, said)));
  return node;
}

/** The line under a customer's message: sending, sent, delivered, read, or failed with a reason and a way on. */
export function stateLine(state, words, { reason, onRetry, onEdit } = {}) {
  const node = el("div", { class: `state state-${state}` });
  if (state === "failed") node.append(icon("alert"));
  node.append(words.put(el("span"), state));
  if (reason) node.append(el("span", { class: "reason" }, reason));
  if (onRetry) node.append(words.put(el("button", { type: "button", class: "link", onclick: onRetry }), "retry"));
  if (onEdit) node.append(words.put(el("button", { type: "button", class: "link", onclick: onEdit }), "edit"));
  return node;
}
