// Live pages: the socket says that something happened; sections marked data-live are fetched anew, the feed grows.

const FEED_LENGTH = 60;
const SETTLE_MS = 400;
const RETRY_MS = [500, 1000, 2000, 5000, 10000];
// Periods move on and "5 minutes ago" grows old although nothing happens.
const QUIET_MS = 60000;

const status = document.getElementById("live");
const feed = document.getElementById("feed");
let tries = 0;
let waiting = null;
let current = null;

function showLive(on) {
  status.textContent = on ? status.dataset.on : status.dataset.off;
  status.classList.toggle("on", on);
}

async function fetchPart(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes;
}

// Somebody may stand on a link inside with the keyboard, or have scrolled a wide table: both stay as they were.
function replaceKeepingPlace(section, nodes) {
  const focused = section.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const scrolled = [...section.querySelectorAll(".sheet")].map((sheet) => sheet.scrollLeft);
  section.replaceChildren(...nodes);
  section.querySelectorAll(".sheet").forEach((sheet, at) => { sheet.scrollLeft = scrolled[at] ?? 0; });
  if (focused) section.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

async function refresh(section) {
  const selected = document.getSelection();
  if (!selected.isCollapsed && section.contains(selected.anchorNode)) return;
  const nodes = await fetchPart(section.dataset.live);
  if (nodes) replaceKeepingPlace(section, nodes);
}

function refreshSoon() {
  // Events come in bursts: one fetch for all that happen within a moment.
  if (waiting) return;
  waiting = setTimeout(() => {
    waiting = null;
    document.querySelectorAll("[data-live]").forEach((section) => refresh(section).catch(() => {}));
  }, SETTLE_MS);
}

function line(event) {
  const item = document.createElement("li");
  item.className = `${event.severity} fresh`;
  item.dataset.id = event.id;
  const time = document.createElement("time");
  time.dateTime = event.at;
  time.textContent = event.at.slice(11, 19);
  const room = document.createElement("span");
  room.className = "room";
  room.textContent = event.room;
  item.append(time, " ", room, " ", event.summary);
  const target = event.lead
    ? ["leads", event.lead, "lead"]
    : event.conversation ? ["conversations", event.conversation, "conversation"] : null;
  if (target) {
    const link = document.createElement("a");
    link.href = `/ops/${target[0]}/${target[1]}/`;
    link.textContent = target[2];
    item.append(" ", link);
  }
  return item;
}

function addToFeed(event) {
  if (!feed || feed.querySelector(`[data-id="${Number(event.id)}"]`)) return;
  feed.querySelector(".empty")?.remove();
  feed.prepend(line(event));
  while (feed.children.length > FEED_LENGTH) feed.lastElementChild.remove();
}

// What happened before the line stood, or while it was down, is in the database and not on the line.
async function catchUp(again) {
  if (again) refreshSoon();
  const nodes = feed ? await fetchPart(feed.dataset.source).catch(() => null) : null;
  if (nodes) feed.replaceChildren(...nodes);
}

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/ops/`);
  current = socket;
  socket.onopen = () => {
    showLive(true);
    document.dispatchEvent(new CustomEvent("ops:open", { detail: { again: tries > 0 } }));
    catchUp(tries > 0);
    tries = 0;
  };
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "reload") location.reload();
    if (message.type === "chat") document.dispatchEvent(new CustomEvent("ops:chat", { detail: message }));
    if (message.type !== "event") return;
    addToFeed(message);
    refreshSoon();
  };
  socket.onclose = ({ code }) => {
    showLive(false);
    if (code === 4401) return;
    const pause = RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)];
    setTimeout(connect, pause * (0.7 + Math.random() * 0.6));
  };
}

// Other scripts of a page share this line: they say something with an event, and hear "ops:open" and "ops:chat".
document.addEventListener("ops:say", ({ detail }) => {
  if (current?.readyState === WebSocket.OPEN) current.send(JSON.stringify(detail));
});
if (status) connect();
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
setInterval(() => { if (!document.hidden) refreshSoon(); }, QUIET_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshSoon(); });
