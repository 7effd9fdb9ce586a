/** One conversation, live: new messages are fetched alone, the head and the side when they have changed. */

import { Editor } from "./editor.js";
import { shortcuts } from "./keys.js";
import { follow, fragment, say, soon } from "./line.js";

const VIEW_MS = 15_000;
const TYPES_MS = 6000;
/** Without a touch for so long the page is open and nobody is there. */
const ACTIVE_MS = 180_000;

const page = document.getElementById("conversation");
const scroller = document.getElementById("log");
const talk = document.getElementById("talk");
const types = document.getElementById("customer-types");
let touchedAt = Date.now();
let typesTimer = 0;

const address = (part, after = 0) => `${page.dataset.address}?part=${part}&after=${after}`;
const lastSeq = () => Number(talk.lastElementChild?.dataset.seq ?? 0);

function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
}

const fetchTalk = soon(async () => {
  const news = await fragment(address("talk", lastSeq()));
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  for (const item of news?.querySelectorAll("li[data-seq]") ?? []) {
    if (Number(item.dataset.seq) > lastSeq()) talk.append(item);
  }
  if (atEnd) toEnd();
}, 100);

async function fetchOne(seq) {
  const news = await fragment(address("talk", seq - 1));
  const fresh = news?.querySelector(`li[data-seq="${Number(seq)}"]`);
  const old = talk.querySelector(`li[data-seq="${Number(seq)}"]`);
  if (fresh && old) old.replaceWith(fresh);
}

/** Nobody's half-written note or opened list is taken away under their hands. */
function isBusy(section) {
  const fields = [...section.querySelectorAll("textarea, input:not([type=hidden]), select")];
  return section.contains(document.activeElement) || fields.some((field) => field.value);
}

async function fetchPart(id) {
  const section = document.getElementById(id);
  if (isBusy(section)) return;
  const news = await fragment(address(section.dataset.part));
  if (news && !isBusy(section)) section.replaceChildren(...news.body.childNodes);
}

const fetchHead = soon(() => fetchPart("head"), 300);
const fetchSide = soon(() => fetchPart("side"), 300);

function customerTypes(on) {
  types.textContent = on ? types.dataset.words : "";
  clearTimeout(typesTimer);
  if (on) typesTimer = setTimeout(() => customerTypes(false), TYPES_MS);
}

const heard = {
  "chat.message": () => {
    customerTypes(false);
    fetchTalk();
    fetchHead();
    // What arrives before somebody's eyes is read.
    view();
  },
  "chat.card": ({ data }) => fetchOne(data.seq),
  // Who has it decides what the page offers; the draft outlives the reload.
  "chat.owner": () => location.assign(page.dataset.address),
  "chat.typing": ({ data }) => data.who === "customer" && customerTypes(data.on),
  "chat.desk": () => {
    fetchHead();
    fetchSide();
  },
};

function view() {
  if (!document.hidden) say({ type: "view", active: Date.now() - touchedAt < ACTIVE_MS });
}

for (const kind of ["pointerdown", "keydown", "scroll"]) {
  document.addEventListener(kind, () => { touchedAt = Date.now(); }, { passive: true, capture: true });
}

const form = document.getElementById("editor");
const editor = form ? new Editor(form, page.dataset.id) : null;
document.getElementById("canned")?.addEventListener("submit", (event) => {
  event.preventDefault();
  editor.put(event.target.elements.canned.selectedOptions[0].dataset.text);
});

follow({ type: "follow", conversation: page.dataset.id }, {
  onOpen: (again) => {
    fetchTalk();
    if (again) fetchHead();
  },
  onChat: (event) => heard[event.kind]?.(event),
});
setInterval(() => {
  view();
  // Waiting times grow and onlookers leave without a word.
  fetchHead();
}, VIEW_MS);
shortcuts({ u: () => location.assign("/ops/inbox/") });
toEnd();
