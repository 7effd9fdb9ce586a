/**
 * One socket that comes back. It says `hello`, waits for `ready`, pings, notices a dead line, and reconnects with
 * exponential backoff and jitter. What the frames mean is the chat's business, not this module's.
 */

const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 20_000;
const COOL_DOWN_MS = 30_000;
const READY_WITHIN_MS = 10_000;
const PING_EVERY_MS = 25_000;
const SILENT_FOR_MS = 10_000;
/** After so many sockets that never opened, plain requests are tried in turn with them. */
const SOCKETS_BEFORE_REQUESTS = 2;
const TRY_SOCKET_AFTER_MS = 180_000;

/** What each close code of the server asks of us; any other code is a lost line. */
const CLOSE_CODES = { 4400: "stopped", 4401: "refused", 4403: "stopped", 4408: "paused", 4429: "cooling" };

export class Connection {
  #socket = null;
  #attempt = null;
  #timers = {};
  #failures = 0;
  #refusals = 0;
  #unopened = 0;

  /**
   * @param url      address of the chat socket
   * @param hello    gives the first frame, asked anew for each attempt
   * @param onFrame  called with each parsed frame
   * @param onState  called with (state, code): connecting, ready, lost, paused, cooling, refused, stopped
   */
  constructor({ url, hello, onFrame, onState }) {
    Object.assign(this, { url, hello, onFrame, onState });
    this.state = "idle";
    this.wake = () => this.#wakeUp();
  }

  start() {
    if (this.state !== "idle") return;
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.#connect();
  }

  stop() {
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.#abandonSocket();
    this.state = "idle";
  }

  /** Drop the line, if there is one, and connect again at once. */
  restart() {
    if (this.state === "idle") return;
    this.#connect();
  }

  /** Send a frame if the line is ready; false if it is not (the caller keeps what must not be lost). */
  send(frame) {
    if (this.state !== "ready" || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(json(frame));
    return true;
  }

  async #connect() {
    this.#abandonSocket();
    this.#enter("connecting");
    this.#after("ready", READY_WITHIN_MS, () => this.#closed(0));
    const attempt = (this.#attempt = {});
    const Line = await this.#kindOfLine();
    // While the other kind of line was loaded somebody may have stopped us or begun anew.
    if (this.#attempt === attempt) this.#open(new Line(this.url));
  }

  /** A socket; where sockets do not come through, plain requests every other time. */
  async #kindOfLine() {
    const blocked = this.#unopened >= SOCKETS_BEFORE_REQUESTS && this.#unopened % 2 === 0;
    this.#unopened += 1;
    if (!blocked) return WebSocket;
    return import("./polling.js").then((module) => module.PollSocket, () => WebSocket);
  }

  #open(socket) {
    this.#socket = socket;
    socket.onopen = () => socket.send(json(this.hello()));
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = (event) => this.#closed(event.code);
  }

  #received(data) {
    clearTimeout(this.#timers.silence);
    const frame = parse(data);
    if (!frame) return;
    if (frame.type === "ready") this.#becomeReady();
    if (frame.type !== "pong") this.onFrame(frame);
  }

  #becomeReady() {
    clearTimeout(this.#timers.ready);
    this.#failures = this.#refusals = 0;
    if (this.#socket.isFallback) this.#after("socket", TRY_SOCKET_AFTER_MS, () => this.#connect());
    else this.#unopened = 0;
    this.#enter("ready");
    this.#schedulePing();
  }

  #schedulePing() {
    this.#after("ping", PING_EVERY_MS, () => {
      this.#ping();
      this.#schedulePing();
    });
  }

  #ping() {
    if (this.send({ type: "ping" })) this.#after("silence", SILENT_FOR_MS, () => this.#closed(0));
  }

  #closed(code) {
    this.#abandonSocket();
    const verdict = CLOSE_CODES[code] ?? "lost";
    if (verdict === "refused") return this.#refused();
    if (verdict === "lost") this.#after("retry", backoff(this.#failures++), () => this.#connect());
    if (verdict === "cooling") this.#after("retry", COOL_DOWN_MS * (1 + Math.random() / 2), () => this.#connect());
    this.#enter(verdict, code);
  }

  /** A bad ticket: the chat forgets it and we try once without; a second refusal in a row is final. */
  #refused() {
    if (this.#refusals++ > 0) return this.#enter("stopped", 4403);
    this.#enter("refused", 4401);
    this.#connect();
  }

  #wakeUp() {
    if (document.hidden || navigator.onLine === false) return;
    if (this.state === "lost") this.#connect();
    else if (this.state === "ready") this.#ping();
  }

  #enter(state, code = 0) {
    this.state = state;
    this.onState(state, code);
  }

  #after(name, ms, action) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(action, ms);
  }

  /** Let go of the socket without hearing from it again: its own close may take a minute on a dead network. */
  #abandonSocket() {
    Object.values(this.#timers).forEach(clearTimeout);
    this.#attempt = null;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

/** The same text whatever the host page has added to the objects of the language. */
export function json(frame) {
  return JSON.stringify({ __proto__: null, ...frame, ...(frame.fields && { fields: { __proto__: null, ...frame.fields } }) });
}

function backoff(failures) {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures) * (0.5 + Math.random() / 2);
}

function parse(data) {
  try {
    const frame = typeof data === "string" ? JSON.parse(data) : data;
    return frame && typeof frame === "object" ? frame : null;
  } catch {
    return null;
  }
}
