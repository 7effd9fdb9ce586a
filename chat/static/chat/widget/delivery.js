/** What keeps a conversation whole on a bad line, in both directions. */

const ACK_WITHIN_MS = 10_000;
const MOST_ATTEMPTS = 3;

/**
 * Frames that must not be lost: messages and card presses. Each stays here until the server acknowledges or refuses
 * its id, and goes out again with the same id after every reconnect, so the server stores it once.
 */
export class Outbox {
  #waiting = new Map();

  /**
   * @param transmit  sends a frame, false if the line is down
   * @param onSilence called when an answer is overdue; the line is probably dead
   * @param onGiveUp  called with the frame after the last attempt went unanswered
   * @param onChange  called with the frames that wait, whenever these are others
   */
  constructor({ transmit, onSilence, onGiveUp, onChange }) {
    Object.assign(this, { transmit, onSilence, onGiveUp, onChange });
  }

  /** Keep a frame until it is settled and try to send it; false while it waits for the line. */
  add(frame) {
    const entry = { frame, attempts: 0, timer: 0 };
    this.#waiting.set(frame.id, entry);
    this.#changed();
    return this.#try(entry);
  }

  /** The server answered for this id: stop re-sending. Gives the frame, or null if it was not ours. */
  settle(id) {
    const entry = this.#waiting.get(id);
    if (!entry) return null;
    clearTimeout(entry.timer);
    this.#waiting.delete(id);
    this.#changed();
    return entry.frame;
  }

  /** Forget everything that waits. */
  clear() {
    for (const id of [...this.#waiting.keys()]) this.settle(id);
  }

  /** Send everything again, oldest first. */
  flush() {
    for (const entry of [...this.#waiting.values()]) this.#try(entry);
  }

  /** The line is down: nothing is overdue until it is back. */
  rest() {
    for (const entry of this.#waiting.values()) clearTimeout(entry.timer);
  }

  #changed() {
    this.onChange([...this.#waiting.values()].map(({ frame }) => frame));
  }

  #try(entry) {
    clearTimeout(entry.timer);
    if (!this.transmit(entry.frame)) return false;
    entry.attempts += 1;
    entry.timer = setTimeout(() => this.#overdue(entry), ACK_WITHIN_MS);
    return true;
  }

  #overdue(entry) {
    if (entry.attempts < MOST_ATTEMPTS) return this.onSilence();
    this.settle(entry.frame.id);
    this.onGiveUp(entry.frame);
  }
}

/**
 * How much of the conversation is known without a hole. After a lost line we ask for everything beyond this point:
 * an acknowledgement may carry number 7 before message 6 has arrived, and asking after 7 would lose 6.
 */
export class Cursor {
  #known = new Set();
  #floor = 0;

  get value() {
    return this.#floor;
  }

  /** The server has given everything up to and including `seq`. */
  raise(seq) {
    this.#floor = Math.max(this.#floor, seq || 0);
    this.#advance();
  }

  see(seq) {
    if (seq > this.#floor) this.#known.add(seq);
    this.#advance();
  }

  reset() {
    this.#known.clear();
    this.#floor = 0;
  }

  #advance() {
    while (this.#known.delete(this.#floor + 1)) this.#floor += 1;
  }
}
