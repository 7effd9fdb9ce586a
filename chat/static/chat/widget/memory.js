/**
 * What this browser remembers of a chat: the signed ticket (useless without the server), whose conversation it is, the
 * language and the sound chosen, and how far it was read. Never a word of the conversation. Storage that is blocked or
 * full is replaced by plain memory.
 */
export class Memory {
  constructor(site) {
    this.key = keyOf(site);
    this.kept = {};
  }

  get(name) {
    return this.#load()[name] ?? null;
  }

  /** Keep a value; null forgets it. Other tabs of the same site see it at their next look. */
  set(name, value) {
    const all = { ...this.#load(), [name]: value };
    if (value === null) delete all[name];
    this.kept = all;
    put(() => localStorage, this.key, all);
  }

  /** Call `action` when another tab has changed something, until `signal` ends it. */
  onOtherTab(action, signal) {
    addEventListener("storage", (event) => event.key === this.key && action(), { signal });
  }

  #load() {
    return take(() => localStorage, this.key) ?? this.kept;
  }
}

/** No message holds this character, and an id is a UUID. */
const BETWEEN = "\u0000";
const ID_LENGTH = 36;

/**
 * What this tab keeps until it is closed, so that a reload loses nothing: the unfinished text, and messages that the
 * server has not acknowledged. Both are gone as soon as they are sent.
 */
export class Tab {
  constructor(site) {
    this.key = keyOf(site);
  }

  get(name) {
    return take(() => sessionStorage, this.key)?.[name] ?? null;
  }

  set(name, value) {
    put(() => sessionStorage, this.key, { ...take(() => sessionStorage, this.key), [name]: value });
  }

  /** Frames as one text: a host page may have changed how arrays and objects are written. */
  keepWaiting(frames) {
    this.set("waiting", frames.map(({ id, text }) => id + text).join(BETWEEN));
  }

  waiting() {
    const parts = (this.get("waiting") || "").split(BETWEEN).filter(Boolean);
    return parts.map((part) => ({ type: "message", id: part.slice(0, ID_LENGTH), text: part.slice(ID_LENGTH) }));
  }
}

function keyOf(site) {
  return `carloans.chat.${site}`;
}

/** Touching the storage itself may already throw. */
function take(storage, key) {
  try {
    const found = JSON.parse(storage().getItem(key) ?? "null");
    return found && typeof found === "object" ? found : null;
  } catch {
    return null;
  }
}

function put(storage, key, all) {
  try {
    storage().setItem(key, JSON.stringify({ __proto__: null, ...all }));
  } catch {
    // A private window may refuse storage; what is kept then lasts as long as the page.
  }
}
