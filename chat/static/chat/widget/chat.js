/** The conversation: what each frame of the protocol means for what is shown, kept and sent. */

import { Card } from "./cards.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Cursor, Outbox } from "./delivery.js";
import { uuid } from "./dom.js";
import { Panel } from "./panel.js";
import { Transcript } from "./transcript.js";

const NOTICE_AFTER_MS = 1200;

export class Chat {
  #conversation = null;
  #cards = new Map();
  #cursor = new Cursor();
  #askedAfter = 0;
  #noticeTimer = 0;
  #toldLost = false;
  #resumed = false;
  #newestTheirs = 0;

  constructor({ root, settings, words, memory }) {
    Object.assign(this, { settings, words, memory });
    this.composer = new Composer({ words, onSend: (text) => this.say(text), onTyping: (on) => this.#typing(on) });
    this.panel = this.#makePanel(root);
    this.transcript = this.#makeTranscript();
    this.panel.jump.addEventListener("click", () => this.transcript.toEnd());
    this.outbox = this.#makeOutbox();
    this.connection = this.#makeConnection();
    this.onVisible = () => this.#markRead();
    document.addEventListener("visibilitychange", this.onVisible);
    if (memory.get("ticket")) this.connection.start();
  }

  open() {
    if (this.panel.isOpen) return;
    this.panel.show();
    this.connection.start();
    if (this.connection.state === "paused") this.connection.restart();
    this.transcript.toEnd();
    this.#markRead();
    this.settings.onEvent("open", {});
  }

  close() {
    if (!this.panel.isOpen) return;
    this.panel.hide();
    this.settings.onEvent("close", {});
  }

  destroy() {
    document.removeEventListener("visibilitychange", this.onVisible);
    this.#forgetNoticeTimer();
    this.outbox.rest();
    this.connection.stop();
    this.panel.destroy();
  }

  /** The customer says something: shown at once, kept until the server has it. */
  say(text) {
    const frame = { type: "message", id: uuid(), text };
    this.transcript.addPending(frame.id, text, "waiting");
    if (this.outbox.add(frame)) this.transcript.setState(frame.id, "sending");
    if (this.connection.state === "paused") this.connection.restart();
    this.panel.showStarters(false);
  }

  #makePanel(root) {
    const { position, colour } = this.settings;
    const { words, composer } = this;
    const onClose = () => this.close();
    const onStarter = (text) => {
      this.say(text);
      composer.focus();
    };
    return new Panel({ root, words, composer, position, colour, onClose, onStarter, onLanguage: () => this.#switchLanguage() });
  }

  #makeTranscript() {
    const { scroller, list } = this.panel;
    const makeCard = (card) => new Card(card, this.words, (view, press) => this.#pressCard(view, press));
    return new Transcript({ scroller, list, words: this.words, makeCard, onAway: (on) => this.panel.showAway(on) });
  }

  #makeOutbox() {
    return new Outbox({
      transmit: (frame) => this.connection.send(frame),
      onSilence: () => this.connection.restart(),
      onGiveUp: (frame) => this.#failed(frame, this.words.say("noAnswer")),
    });
  }

  #makeConnection() {
    return new Connection({
      url: this.settings.socketUrl,
      hello: () => this.#hello(),
      onFrame: (frame) => this.#handlers[frame.type]?.(frame),
      onState: (state, code) => this.#connectionIs(state, code),
    });
  }

  /** The ticket alone says who we are; the visitor's id and the page's language only matter without one. */
  #hello() {
    const ticket = this.memory.get("ticket");
    const lang = this.memory.get("lang") ?? (ticket ? undefined : this.words.lang);
    this.#askedAfter = ticket ? this.#cursor.value : 0;
    const visitor = ticket ? undefined : this.settings.visitor || undefined;
    return { type: "hello", visitor, ticket: ticket ?? undefined, after: this.#askedAfter, lang };
  }

  #handlers = {
    ready: (frame) => this.#ready(frame),
    ack: (frame) => this.#acknowledged(frame),
    message: (frame) => this.#message(frame),
    delta: (frame) => this.transcript.stream(frame.id, String(frame.text ?? "")),
    typing: (frame) => this.transcript.setTyping(frame.who, Boolean(frame.on)),
    status: (frame) => this.#status(frame),
    owner: (frame) => this.#owner(frame.owner, frame.name),
    error: (frame) => this.#error(frame),
  };

  #ready(frame) {
    const another = this.#conversation && this.#conversation !== frame.conversation;
    this.memory.set("ticket", frame.ticket);
    if (another) this.#forget();
    if (another && this.#askedAfter > 0) return this.connection.restart();
    this.#conversation = frame.conversation;
    if (!this.memory.get("lang")) this.#speak(frame.lang ?? this.words.lang);
    this.panel.showMode(frame.mode);
    this.panel.showOwner(frame.owner, frame.name);
    this.#showHistory(frame);
    this.outbox.flush();
    this.transcript.setWaiting("sending");
    this.#markRead();
    this.settings.onEvent("ready", { visitor: frame.visitor, conversation: frame.conversation });
  }

  /** The disclosure stands before the first message, and again below a history that is taken up later. */
  #showHistory(frame) {
    const first = !this.#resumed;
    this.#resumed = true;
    const fresh = [];
    this.transcript.batch(() => {
      if (first) this.transcript.disclose(frame.ai_disclosure);
      else this.transcript.retellDisclosure(frame.ai_disclosure);
      fresh.push(...frame.messages.filter((message) => this.#keep(message)));
      if (first && fresh.some(({ role }) => role === "customer")) this.transcript.disclose(frame.ai_disclosure);
    });
    this.#cursor.raise(frame.seq);
    if (first) this.panel.announce(frame.ai_disclosure);
    (first ? fresh.slice(-1) : fresh).forEach((message) => this.#announce(message));
    this.panel.showStarters(!this.transcript.items.some((item) => item.role === "customer"));
    this.#countUnread();
  }

  #message(frame) {
    const isNew = this.#keep(frame);
    if (frame.role === "cathy" || frame.role === "staff") this.transcript.setTyping(frame.role, false);
    if (frame.role === "customer") this.panel.showStarters(false);
    if (!isNew) return;
    this.#announce(frame);
    this.#markRead();
    this.#countUnread();
    this.settings.onEvent("message", { role: frame.role, seq: frame.seq });
  }

  /** Show a stored message; true if this page had not seen it. A message of ours that came back is settled by that. */
  #keep(message) {
    this.#cursor.see(message.seq);
    if (message.role !== "customer") this.#newestTheirs = Math.max(this.#newestTheirs, message.seq);
    else this.outbox.settle(message.id);
    return this.transcript.receive(message);
  }

  #announce({ role, name, text, card }) {
    if (role === "customer") return;
    const who = role === "system" ? "" : `${name || "Cathy"}: `;
    this.panel.announce([who + text, card?.title].filter(Boolean).join(" "));
  }

  #acknowledged({ id, seq }) {
    const frame = this.outbox.settle(id);
    if (frame?.type === "action") return this.#cards.get(id)?.settle();
    this.#cursor.see(seq);
    this.transcript.acknowledge(id, seq);
  }

  #status({ id, status }) {
    if (status !== "failed") return this.transcript.setState(id, status);
    const text = this.transcript.textOf(id);
    if (text !== null) this.#failed({ type: "message", id, text }, "");
  }

  #pressCard(card, press) {
    const frame = { type: "action", ...press };
    this.#cards.set(frame.id, card);
    this.outbox.add(frame);
  }

  #owner(owner, name) {
    this.transcript.dropStreams();
    this.panel.showOwner(owner, name);
    this.settings.onEvent("owner", { owner });
  }

  #error({ id, code, message, fields }) {
    const frame = this.outbox.settle(id);
    const sentence = message || this.words.say("unknownError");
    if (frame) return this.#failed(frame, sentence, { code, fields });
    const dismiss = { key: "dismiss", run: () => this.panel.notice(null) };
    this.panel.notice("unknownError", { text: sentence, tone: "warn", action: dismiss });
  }

  /** A message or a press did not go through: say so where it stands, with a way on. */
  #failed(frame, reason, { code = "", fields = {} } = {}) {
    if (frame.type === "action") return this.#cards.get(frame.id)?.fail(reason, sentences(fields));
    const onEdit = () => {
      this.transcript.remove(frame.id);
      this.composer.restore(frame.text);
    };
    const hopeless = ["too_long", "bad_text", "empty"].includes(code);
    const onRetry = () => this.#retry(frame);
    this.transcript.setState(frame.id, "failed", hopeless ? { reason, onEdit } : { reason, onRetry });
    this.panel.announce(`${this.words.say("failed")}. ${reason}`);
  }

  #retry(frame) {
    this.transcript.setState(frame.id, this.outbox.add(frame) ? "sending" : "waiting");
    this.composer.focus();
  }

  #connectionIs(state, code) {
    if (state === "ready") return this.#lineIsBack();
    this.outbox.rest();
    this.transcript.interruptStreams();
    this.transcript.setWaiting("waiting");
    if (state === "refused") this.#ticketRefused();
    else if (state === "connecting" || state === "lost") this.#noticeTimer ||= setTimeout(() => this.#sayLost(), NOTICE_AFTER_MS);
    else this.#sayClosed(state, code);
  }

  #lineIsBack() {
    this.#forgetNoticeTimer();
    this.panel.notice(null);
    if (this.#toldLost) this.panel.announce(this.words.say("back"));
    this.#toldLost = false;
  }

  /** A line that is back within a second is not worth a word. */
  #sayLost() {
    this.#toldLost = this.#conversation !== null;
    const key = navigator.onLine === false ? "offline" : this.#conversation ? "reconnecting" : "connecting";
    this.panel.notice(key);
  }

  #forgetNoticeTimer() {
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = 0;
  }

  #sayClosed(state, code) {
    this.#forgetNoticeTimer();
    const restart = () => this.connection.restart();
    const startAnew = () => {
      this.#forgetTicket();
      restart();
    };
    const action = { paused: { key: "resume", run: restart }, stopped: { key: code === 4403 ? "startAnew" : "retry", run: startAnew } };
    this.panel.notice(`closed${code}`, { tone: state === "paused" ? "quiet" : "warn", action: action[state] });
  }

  /** Our ticket is no longer good: what is on the screen belongs to a chat that we may not take up. */
  #ticketRefused() {
    const hadChat = this.#conversation !== null;
    this.#forgetTicket();
    if (hadChat) this.transcript.note(this.words.say("newChat"));
  }

  #forgetTicket() {
    this.memory.set("ticket", null);
    this.#forget();
  }

  #forget() {
    this.memory.set("seen", null);
    this.#conversation = null;
    this.#resumed = false;
    this.#newestTheirs = 0;
    this.#cursor.reset();
    this.transcript.clear();
  }

  #typing(on) {
    this.connection.send({ type: "typing", on });
    if (on && this.connection.state === "paused") this.connection.restart();
  }

  #markRead() {
    const seen = this.memory.get("seen") ?? 0;
    if (!this.panel.isOpen || document.hidden || this.#newestTheirs <= seen) return;
    if (this.connection.send({ type: "read", seq: this.#newestTheirs })) this.memory.set("seen", this.#newestTheirs);
    this.#countUnread();
  }

  #countUnread() {
    const seen = this.memory.get("seen") ?? 0;
    const unread = this.transcript.items.filter((item) => item.role !== "customer" && item.seq > seen).length;
    this.settings.onEvent("unread", { count: this.panel.isOpen && !document.hidden ? 0 : unread });
  }

  /** The server learns the language from the next `hello`, so the line is taken up anew. */
  #switchLanguage() {
    const lang = this.words.lang === "en" ? "es" : "en";
    this.memory.set("lang", lang);
    this.#speak(lang);
    if (this.connection.state !== "idle") this.connection.restart();
  }

  #speak(lang) {
    this.words.switchTo(lang, this.panel.frame);
    this.panel.frame.lang = this.words.lang;
    this.panel.language.lang = this.words.lang === "en" ? "es" : "en";
  }
}

/** Field errors come as {"code","message"}; a plain sentence is taken as it is. */
function sentences(fields) {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, error]) => [name, error?.message ?? String(error)]));
}
