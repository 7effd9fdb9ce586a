/** A list of the inbox: rows that change are fetched alone, all of a moment in one request. */

import { shortcuts } from "./keys.js";
import { follow, fragment, soon } from "./line.js";

const SETTLE_MS = 400;
const MOST = 40;

const table = document.getElementById("rows");
const body = table.tBodies[0];
const lists = document.getElementById("lists");
const none = document.getElementById("none");
const owners = new Set((table.dataset.owners ?? "").split(" "));
const isOldestFirst = table.dataset.owners === "queue";
const title = document.title;
const changed = new Set();

const rowOf = (id) => body.querySelector(`tr[data-id="${CSS.escape(id)}"]`);

/** The queue's length stands in the tab, where somebody sees it who works elsewhere. */
function showCounts() {
  const n = Number.parseInt(lists.querySelector('[data-list="queue"] .n')?.textContent ?? "0", 10);
  document.title = n ? `(${n}) ${title}` : title;
  none.hidden = body.rows.length > 0;
}

function place(row) {
  const at = row.dataset.at;
  const behind = [...body.rows].find((other) => (isOldestFirst ? other.dataset.at > at : other.dataset.at < at));
  body.insertBefore(row, behind ?? null);
}

/** Whoever stands on a row with the keyboard stays on it. */
function replace(id, fresh) {
  const old = rowOf(id);
  const focused = old?.contains(document.activeElement);
  if (!fresh || (!old && !("grows" in table.dataset))) {
    const next = focused ? old.nextElementSibling ?? old.previousElementSibling : null;
    if (!fresh) old?.remove();
    next?.querySelector("a")?.focus();
    return;
  }
  old?.remove();
  place(fresh);
  if (focused) fresh.querySelector("a").focus();
}

const fetchNews = soon(async () => {
  const ids = [...changed].slice(0, MOST);
  ids.forEach((id) => changed.delete(id));
  const news = await fragment(`${table.dataset.news}&ids=${ids.join(",")}`);
  if (!news) return;
  lists.replaceChildren(...news.querySelector("nav").childNodes);
  ids.forEach((id) => replace(id, news.querySelector(`tr[data-id="${CSS.escape(id)}"]`)));
  showCounts();
  if (changed.size) fetchNews();
}, SETTLE_MS);

async function fetchAll() {
  const page = await fragment(location.href);
  if (!page) return;
  body.replaceChildren(...page.querySelector("#rows tbody").childNodes);
  lists.replaceChildren(...page.querySelector("#lists").childNodes);
  showCounts();
}

function hear({ kind, conversation, data }) {
  if (kind === "chat.typing") return;
  // Only what can be in this list, or leave it, or change a count, is worth a request.
  const moved = kind === "chat.owner" || kind === "chat.opened";
  if (!moved && !rowOf(conversation) && !owners.has(data.owner)) return;
  changed.add(conversation);
  fetchNews();
}

function step(by) {
  const links = [...body.querySelectorAll("th a")];
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

if (table.dataset.news) follow({ type: "follow", inbox: true }, { onOpen: (again) => again && fetchAll(), onChat: hear });
shortcuts({ j: () => step(1), k: () => step(-1) });
showCounts();
