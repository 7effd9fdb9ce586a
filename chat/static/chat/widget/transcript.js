/**
 * The list of messages, each shown once and in the server's order.
 *
 * A message is known by its `seq`. A customer's own message has none until it is acknowledged: until then it stands at
 * the end, known by the id that we gave it, and whichever of acknowledgement, echo or history comes first ties the two.
 */

import { fill, messageNode, stateLine, streamNode, typingNode } from "./bubbles.js";

const NEAR_END_PX = 90;
const RANK = { sending: 0, waiting: 0, failed: 0, sent: 1, delivered: 2, read: 3 };

export class Transcript {
  #bySeq = new Map();
  #byId = new Map();
  #streams = new Map();
  #interrupted = new Set();
  #typing = null;
  #typingTimer = 0;
  #atEnd = true;
  #batching = false;

  /**
   * @param scroller the scrolling region; @param list the <ol> inside it
   * @param makeCard builds a card's node from its JSON; @param onAway told true when new text lies below the fold
   */
  constructor({ scroller, list, words, makeCard, onAway }) {
    Object.assign(this, { scroller, list, words, makeCard, onAway });
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // The keyboard or a growing composer takes room: whoever read the end goes on reading the end.
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(scroller);
  }

  get items() {
    return [...this.#bySeq.values()];
  }

  /** Show a stored message; true if it was new to this page. */
  receive(message) {
    this.#endStream(message.id);
    this.#interrupted.delete(message.id);
    const known = this.#bySeq.get(message.seq) ?? this.#pendingFor(message);
    if (known) return this.#update(known, message);
    const item = { ...message, node: messageNode(message.role), state: message.status || null };
    this.#change(() => {
      this.#render(item);
      this.#place(item);
    }, item.node);
    return true;
  }

  /** Show a message that the customer has just sent, before the server has it. */
  addPending(id, text, state) {
    const item = { id, seq: null, role: "customer", text, at: new Date().toISOString(), node: messageNode("customer"), state };
    this.#byId.set(id, item);
    this.#change(() => {
      this.#render(item);
      this.list.insertBefore(item.node, this.#typing?.node ?? null);
      this.#group(item.node);
      this.#showStates();
    }, item.node, true);
  }

  /** The server stored the message with this id as number `seq`. */
  acknowledge(id, seq) {
    const item = this.#byId.get(id);
    if (!item || item.seq) return;
    const echo = this.#bySeq.get(seq);
    if (echo && echo !== item) this.#discard(echo);
    item.seq = seq;
    this.#place(item);
    this.setState(id, "sent");
  }

  /** `extra` may carry a reason and what to do about it. A state only goes forward, or to failed. */
  setState(id, state, extra = {}) {
    const item = this.#byId.get(id);
    if (!item || (state !== "failed" && RANK[state] < RANK[item.state])) return;
    item.state = state;
    item.extra = extra;
    this.#change(() => this.#showStates());
  }

  /** Whoever answers with number `seq` has read what stands before it. */
  readUpTo(seq) {
    for (const item of this.#byId.values()) if (item.seq && item.seq < seq) this.setState(item.id, "read");
  }

  /** Everything that still waits is sending again, or waiting for the line. */
  setWaiting(state) {
    for (const item of this.#byId.values()) if (!item.seq && item.state !== "failed") this.setState(item.id, state);
  }

  remove(id) {
    const item = this.#byId.get(id);
    if (item) this.#discard(item);
  }

  /** More checked text of a running reply. A reply that lost its line midway shows as typing until it is final. */
  stream(id, text) {
    if (this.#interrupted.has(id)) return this.setTyping("cathy", true);
    this.#change(() => {
      const stream = this.#streams.get(id) ?? this.#openStream(id);
      stream.text += text;
      stream.bubble.textContent = stream.text;
    });
  }

  /** The line went down: half a reply is worse than none, and its rest would not join on. */
  interruptStreams() {
    for (const id of this.#streams.keys()) this.#interrupted.add(id);
    this.dropStreams();
  }

  dropStreams() {
    for (const id of [...this.#streams.keys()]) this.#endStream(id);
    this.setTyping(this.#typing?.who, false);
  }

  setTyping(who, on) {
    if (!on && this.#typing?.who !== who) return;
    clearTimeout(this.#typingTimer);
    if (on && this.#typing?.who === who) return this.#expireTyping();
    this.#change(() => {
      this.#typing?.node.remove();
      this.#typing = on ? { who, node: typingNode(who, this.words) } : null;
      if (on) this.list.append(this.#typing.node);
    });
    if (on) this.#expireTyping();
  }

  /** A line of ours at the end of the messages. */
  note(text, ...classes) {
    const node = messageNode("system");
    node.classList.add(...classes);
    fill(node, { role: "system", text }, null, this.words);
    this.#change(() => this.list.insertBefore(node, this.#tail()));
  }

  /** Whether something of the customer's still waits for the server. */
  get hasPending() {
    return [...this.#byId.values()].some((item) => !item.seq);
  }

  /** The newest message of all that the server has numbered, or null. */
  get newest() {
    return this.items.reduce((best, item) => (item.seq > (best?.seq ?? 0) ? item : best), null);
  }

  disclose(text) {
    if (text) this.note(text, "disclosure");
  }

  /** The disclosure in the language that was switched to. */
  retellDisclosure(text) {
    for (const node of this.list.querySelectorAll(".disclosure .bubble")) node.textContent = text;
  }

  /** The text of a message by its id, or null. */
  textOf(id) {
    return this.#byId.get(id)?.text ?? null;
  }

  /** Empty the list; messages that still wait for the server stay unless `all` go. */
  clear({ all = false } = {}) {
    if (all) this.#byId.clear();
    const waiting = [...this.#byId.values()].filter((item) => !item.seq);
    this.#bySeq.clear();
    this.#streams.clear();
    this.#interrupted.clear();
    this.#byId = new Map(waiting.map((item) => [item.id, item]));
    this.#typing = null;
    this.list.replaceChildren(...waiting.map((item) => item.node));
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.onAway(false);
  }

  /** Make many changes with one look at the layout. */
  batch(action) {
    this.#change(() => {
      this.#batching = true;
      action();
      this.#batching = false;
    });
  }

  #pendingFor(message) {
    const item = message.role === "customer" ? this.#byId.get(message.id) : null;
    return item?.seq ? null : item;
  }

  #update(item, message) {
    const cardMoved = JSON.stringify(item.card) !== JSON.stringify(message.card);
    const changed = cardMoved || item.text !== message.text || item.name !== message.name;
    Object.assign(item, message, { state: item.state, id: item.id });
    if (changed) this.#render(item);
    this.#place(item);
    this.setState(item.id, message.status || "sent");
    this.#showStates();
    return false;
  }

  #render(item) {
    const old = item.cardView;
    if (item.card && !(old && old.keeps(item.card))) item.cardView = this.makeCard(item.card);
    fill(item.node, item, item.cardView?.node, this.words);
    if (item.role === "customer") this.#byId.set(item.id, item);
  }

  #place(item) {
    this.#bySeq.set(item.seq, item);
    // Also where it stands already: whatever comes later finds its own place by these numbers.
    item.node.dataset.seq = item.seq;
    const next = this.#firstAfter(item.seq);
    if (item.node.parentNode && item.node.nextSibling === next) return;
    this.list.insertBefore(item.node, next);
    this.#group(item.node);
    if (item.role === "customer") this.#showStates();
  }

  /** Messages arrive nearly always in order, so the place is looked for from the end. */
  #firstAfter(seq) {
    let next = this.#tail();
    for (let node = this.list.lastElementChild; node; node = node.previousElementSibling) {
      const other = Number(node.dataset.seq || 0);
      if (other > seq) next = node;
      else if (other && other < seq) break;
    }
    return next;
  }

  /** What stays last: a waiting message, a running reply or the typing sign. */
  #tail() {
    const pending = [...this.#byId.values()].find((item) => !item.seq && item.node.parentNode);
    const stream = this.#streams.values().next().value;
    return pending?.node ?? stream?.node ?? this.#typing?.node ?? null;
  }

  #openStream(id) {
    this.setTyping("cathy", false);
    const node = streamNode(this.words);
    const stream = { node, text: "", bubble: node.querySelector(".bubble") };
    this.list.append(node);
    this.#streams.set(id, stream);
    this.#group(node);
    return stream;
  }

  #endStream(id) {
    this.#streams.get(id)?.node.remove();
    this.#streams.delete(id);
  }

  #discard(item) {
    item.node.remove();
    if (item.seq) this.#bySeq.delete(item.seq);
    this.#byId.delete(item.id);
  }

  /** Consecutive messages of one sender share one name line and one sign. */
  #group(node) {
    for (const each of [node, node?.nextElementSibling]) {
      each?.classList.toggle("follows", senderOf(each) === senderOf(each.previousElementSibling));
    }
  }

  /** Only the newest of the customer's messages tells that it arrived; one in trouble always tells. */
  #showStates() {
    const own = [...this.#byId.values()];
    const newest = own.reduce((best, item) => (RANK[item.state] > 0 && item.seq > (best?.seq ?? 0) ? item : best), null);
    for (const item of own) {
      item.stateLine?.remove();
      const shown = item === newest || RANK[item.state] === 0;
      item.stateLine = shown ? stateLine(item.state, this.words, item.extra) : null;
      if (shown) item.node.lastElementChild?.append(item.stateLine);
    }
  }

  #expireTyping() {
    this.#typingTimer = setTimeout(() => this.setTyping(this.#typing?.who, false), 45_000);
  }

  #scrolled() {
    this.#atEnd = this.#nearEnd();
    if (this.#atEnd) this.onAway(false);
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  /** Change the list and stay at its end if the reader was there; otherwise say that there is more below. */
  #change(action, node = null, own = false) {
    if (this.#batching) return action();
    const near = this.#nearEnd();
    action();
    if (near || own) this.#reveal(node);
    else if (node) this.onAway(true);
  }

  /** A message taller than the window is shown from its top, so that a consent is read from its first line. */
  #reveal(node) {
    const { clientHeight, scrollHeight } = this.scroller;
    const tall = node && clientHeight && node.offsetHeight > clientHeight - 24;
    this.scroller.scrollTop = tall ? node.offsetTop - 12 : scrollHeight;
  }
}

function senderOf(node) {
  return node?.className.match(/from-(?!system)\w+/)?.[0] ?? Symbol("nobody");
}
