/** The conversation: what each frame of the protocol means for what is shown, kept and sent. */

import { Card } from "./cards.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Cursor, Outbox } from "./delivery.js";
import { uuid } from "./dom.js";
import { Menu } from "./menu.js";
import { Panel } from "./panel.js";
import { print, recordOf, save } from "./paper.js";
import { Sound } from "./sound.js";
import { knownLanguage } from "./texts.js";
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
  #disclosure = "";

  constructor({ root, settings, words, memory, tab }) {
    Object.assign(this, { settings, words, memory, tab });
    this.sound = new Sound(memory);
    this.composer = this.#makeComposer();
    this.panel = this.#makePanel(root);
    this.transcript = this.#makeTranscript();
    this.panel.jump.addEventListener("click", () => this.transcript.toEnd());
    this.outbox = this.#makeOutbox();
    this.connection = this.#makeConnection();
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    document.addEventListener("visibilitychange", () => this.#markRead(), { signal });
    memory.onOtherTab(() => this.#otherTabMoved(), signal);
    this.#takeUpWaiting();
    if (memory.get("ticket")) this.connection.start();
  }

  /** `unasked` is for a chat that opens by itself: it does not take the focus. */
  open({ unasked = false } = {}) {
    if (this.panel.isOpen) return;
    this.panel.show({ unasked });
    this.connection.start();
    if (this.connection.state === "paused") this.connection.restart();
    this.transcript.toEnd();
    this.#markRead();
    this.settings.onEvent("open", {});
  }

  close() {
    if (!this.panel.isOpen) return;
    // First the page, so that a launcher which it hid can have the focus back.
    this.settings.onEvent("close", {});
    this.panel.hide();
  }

  /** Forget this chat in this browser and, where the window is open, begin a new one, as `visitor` if that is given. */
  reset(visitor) {
    this.settings.visitor = visitor ?? this.settings.visitor;
    this.outbox.clear();
    this.transcript.clear({ all: true });
    this.composer.clear();
    this.panel.suggest([]);
    this.#beginAgain(null);
  }

  /** Take up the chat of a signed ticket; the server refuses one that it has not signed. */
  identify(ticket) {
    this.#beginAgain(ticket);
    this.connection.start();
  }

  /** Speak "en" or "es" from now on; the conversation stays. The server learns it from the next `hello`. */
  switchLanguage(lang) {
    if (knownLanguage(lang) === this.words.lang) return;
    this.memory.set("lang", knownLanguage(lang));
    this.#speak(lang);
    if (this.connection.state !== "idle") this.connection.restart();
  }

  destroy() {
    this.listeners.abort();
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
    this.panel.suggest([]);
  }

  #makeComposer() {
    return new Composer({
      words: this.words,
      draft: this.tab.get("draft"),
      onSend: (text) => this.say(text),
      onTyping: (on) => this.#typing(on),
      onDraft: (text) => this.tab.set("draft", text),
    });
  }

  #makePanel(root) {
    const { words, composer, sound, settings: look } = this;
    const record = () => recordOf(this.transcript.items, words, this.#disclosure);
    const actions = { saveChat: () => save(record()), printChat: () => print(record()), sound: () => sound.toggle() };
    const menu = new Menu({ words, actions, isSoundOn: () => sound.isOn });
    const onClose = () => this.close();
    const onLanguage = () => this.switchLanguage(words.lang === "en" ? "es" : "en");
    const onStarter = (text) => {
      this.say(text);
      composer.focus();
    };
    return new Panel({ root, words, composer, menu, look, onClose, onStarter, onLanguage });
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
      onGiveUp: (frame) => this.#failed(frame, this.words.say("unknownError")),
      onChange: (frames) => this.tab.keepWaiting(frames.filter((frame) => frame.type === "message")),
    });
  }

  /** Messages that a reload overtook go out again with their own ids. A press on a card does not: it is pressed anew. */
  #takeUpWaiting() {
    const frames = this.tab.waiting();
    for (const frame of frames) {
      this.transcript.addPending(frame.id, frame.text, "waiting");
      this.outbox.add(frame);
    }
    if (frames.length) this.connection.start();
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
    owner: (frame) => this.#owner(frame),
    queue: (frame) => this.panel.showPlace(frame.queue),
    error: (frame) => this.#error(frame),
  };

  #ready(frame) {
    const another = this.#conversation && this.#conversation !== frame.conversation;
    this.memory.set("conversation", frame.conversation);
    this.memory.set("ticket", frame.ticket);
    if (another) this.#forget();
    if (another && this.#askedAfter > 0) return this.connection.restart();
    this.#conversation = frame.conversation;
    if (!this.memory.get("lang")) this.#speak(frame.lang ?? this.words.lang);
    this.panel.showMode(frame.mode);
    this.panel.showOwner(frame.owner, frame.name, frame.queue);
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
    this.#disclosure = frame.ai_disclosure;
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
    this.#suggest();
    this.#countUnread();
  }

  /** What the server suggests under the newest message; void as soon as the customer has something on its way. */
  #suggest() {
    this.panel.suggest(this.transcript.hasPending ? [] : this.transcript.newest?.suggestions ?? []);
  }

  #message(frame) {
    const isNew = this.#keep(frame);
    if (frame.role === "cathy" || frame.role === "staff") this.transcript.setTyping(frame.role, false);
    if (frame.role === "staff") this.transcript.readUpTo(frame.seq);
    this.#suggest();
    if (!isNew) return;
    this.#announce(frame);
    if (frame.role !== "customer" && !this.#isWatched()) this.sound.play();
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

  #owner({ owner, name, queue }) {
    this.transcript.dropStreams();
    this.panel.showOwner(owner, name, queue);
    if (owner !== "ai") this.panel.suggest([]);
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
    this.panel.notice(code === 4400 ? "unknownError" : `closed${code}`, { tone: state === "paused" ? "quiet" : "warn", action: action[state] });
  }

  /** Our ticket is no longer good: what is on the screen belongs to a chat that we may not take up. */
  #ticketRefused() {
    this.#forgetTicket();
    this.transcript.note(this.words.say("newChat"));
  }

  #forgetTicket() {
    for (const name of ["ticket", "conversation"]) this.memory.set(name, null);
    this.#forget();
  }

  /** Leave what is shown and come in again, by this ticket or as somebody new. */
  #beginAgain(ticket) {
    this.#forgetTicket();
    if (ticket) this.memory.set("ticket", ticket);
    if (this.panel.isOpen || ticket) this.connection.restart();
    else this.connection.stop();
  }

  /** Another tab has read on, switched the language, or begun another chat: this one stays in step. */
  #otherTabMoved() {
    const theirs = this.memory.get("conversation");
    if (this.#conversation && theirs !== this.#conversation) {
      this.#forget();
      if (this.panel.isOpen || theirs) this.connection.restart();
      else this.connection.stop();
    }
    const lang = this.memory.get("lang");
    if (lang && lang !== this.words.lang) this.#speak(lang);
    this.#countUnread();
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
    if (!this.#isWatched() || this.#newestTheirs <= seen) return;
    if (this.connection.send({ type: "read", seq: this.#newestTheirs })) this.memory.set("seen", this.#newestTheirs);
    this.#countUnread();
  }

  #countUnread() {
    const seen = this.memory.get("seen") ?? 0;
    const unread = this.transcript.items.filter((item) => item.role !== "customer" && item.seq > seen).length;
    this.settings.onEvent("unread", { count: this.#isWatched() ? 0 : unread });
  }

  /** The window is open and somebody can see it. */
  #isWatched() {
    return this.panel.isOpen && !document.hidden;
  }

  #speak(lang) {
    this.words.switchTo(lang, this.panel.frame);
    this.panel.frame.lang = this.words.lang;
    this.panel.language.lang = this.words.lang === "en" ? "es" : "en";
    this.settings.onEvent("locale", { lang: this.words.lang });
  }
}

/** Field errors come as {"code","message"}; a plain sentence is taken as it is. */
function sentences(fields) {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, error]) => [name, error?.message ?? String(error)]));
}
