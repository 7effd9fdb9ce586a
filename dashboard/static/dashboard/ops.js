// Live pages: the socket says that something happened; sections marked data-live are fetched anew, the feed grows.

const FEED_LENGTH = 60;
const SETTLE_MS = 400;
const RETRY_MS = [500, 1000, 2000, 5000, 10000];

const status = document.getElementById("live");
const feed = document.getElementById("feed");
let tries = 0;
let waiting = null;

function showLive(on) {
  status.textContent = on ? status.dataset.on : status.dataset.off;
  status.classList.toggle("on", on);
}

async function refresh(section) {
  const response = await fetch(section.dataset.live, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // Do not take the focus away from somebody who is inside.
  if (!section.contains(document.activeElement)) section.replaceChildren(...page.body.childNodes);
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
  const time = document.createElement("time");
  time.dateTime = event.at;
  time.textContent = event.at.slice(11, 19);
  const room = document.createElement("span");
  room.className = "room";
  room.textContent = event.room;
  item.append(time, " ", room, " ", event.summary);
  const target = event.lead ? ["leads", event.lead, "lead"] : event.conversation ? ["conversations", event.conversation, "conversation"] : null;
  if (target) {
    const link = document.createElement("a");
    link.href = `/ops/${target[0]}/${target[1]}/`;
    link.textContent = target[2];
    item.append(" ", link);
  }
  return item;
}

function addToFeed(event) {
  if (!feed) return;
  feed.querySelector(".empty")?.remove();
  feed.prepend(line(event));
  while (feed.children.length > FEED_LENGTH) feed.lastElementChild.remove();
}

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/ops/`);
  socket.onopen = () => {
    showLive(true);
    // What happened while the line was down is in the database, not on the line.
    if (tries) refreshSoon();
    tries = 0;
  };
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "reload") location.reload();
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

if (status) connect();
