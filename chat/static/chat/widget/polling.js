/**
 * The chat over plain requests, for networks that block sockets. It looks like a socket to its user: same frames in,
 * same frames out, same close codes. Loaded only when sockets do not come through.
 */

import { json } from "./connection.js";

const WAIT_SECONDS = 25;
const CLOSE_CODES = { 400: 4400, 401: 4401, 403: 4403, 429: 4429 };
const LOST = 1006;

export class PollSocket {
  #ended = new AbortController();
  #ticket = "";
  #conversation = "";
  #last = null;
  #told = [];
  #posts = Promise.resolve();

  /** @param url the address of the socket that did not come through */
  constructor(url) {
    const address = new URL(url);
    address.protocol = address.protocol.replace("ws", "http");
    this.site = address.searchParams.get("site");
    this.base = `${address.origin}/api/v1/conversations`;
    this.isFallback = true;
    this.readyState = WebSocket.OPEN;
    queueMicrotask(() => this.onopen?.());
  }

  send(text) {
    const frame = JSON.parse(text);
    if (frame.type === "hello") this.#enter(frame);
    else if (frame.type === "ping") queueMicrotask(() => this.#give({ type: "pong" }));
    // One after the other: two requests at once may overtake each other.
    else if (frame.type !== "typing") this.#posts = this.#posts.then(() => this.#post(frame));
  }

  close() {
    this.readyState = WebSocket.CLOSED;
    this.#ended.abort();
  }

  async #enter({ visitor, ticket, after, lang }) {
    const ready = await this.#ask("", { method: "POST", body: json({ site: this.site, visitor, ticket, after, lang }) });
    if (!ready) return;
    this.#ticket = ready.ticket;
    this.#conversation = ready.conversation;
    this.#told = ready.messages;
    this.#last = ready;
    this.#give({ type: "ready", ...ready });
    while (await this.#listen());
  }

  /** Wait for news and pass it on; false when the line has ended. */
  async #listen() {
    const { seq, owner, queue, read = 0 } = this.#last;
    const news = await this.#ask(`?after=${seq}&read=${read}&position=${queue?.position ?? 0}&wait=${WAIT_SECONDS}`);
    if (!news) return false;
    this.#last = news;
    for (const message of news.messages) this.#give(message);
    this.#told.push(...news.messages);
    for (const { id, role, seq } of this.#told)
      if (role === "customer" && seq > read && seq <= news.read) this.#give({ type: "status", id, status: "read" });
    if (news.owner !== owner) this.#give({ ...news, type: "owner" });
    else if (news.queue) this.#give({ ...news, type: "queue" });
    return true;
  }

  async #post(frame) {
    const ack = await this.#ask("", { method: "POST", body: json(frame) }, frame.id);
    if (ack?.id) this.#give(ack);
  }

  /** The answer's body; null after a refusal (told as an error frame where it concerns one frame) or a lost line. */
  async #ask(path, options = {}, id = null) {
    const where = this.#conversation ? `${this.base}/${this.#conversation}/messages${path}` : this.base;
    const headers = { "Content-Type": "application/json", ...(this.#ticket && { Authorization: `Ticket ${this.#ticket}` }) };
    try {
      const answer = await fetch(where, { ...options, headers, signal: this.#ended.signal });
      // What has no answer on a socket has an empty one here.
      const body = answer.status === 204 ? {} : await answer.json();
      if (answer.ok) return body;
      if (id && answer.status !== 401) this.#refused(body, id);
      else this.#end(CLOSE_CODES[answer.status] ?? LOST);
    } catch {
      this.#end(LOST);
    }
    return null;
  }

  #refused({ code, detail, fields }, id) {
    this.#give({ type: "error", id, code, message: detail, fields });
  }

  #give(frame) {
    if (this.readyState === WebSocket.OPEN) this.onmessage?.({ data: frame });
  }

  #end(code) {
    if (this.readyState !== WebSocket.OPEN) return;
    this.close();
    this.onclose?.({ code });
  }
}
