/**
 * What this browser remembers of a chat: the signed ticket (useless without the server), the language chosen and how
 * far it was read. Never a word of the conversation. Storage that is blocked or full is replaced by plain memory.
 */
export class Memory {
  constructor(site) {
    this.key = `carloans.chat.${site}`;
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
    try {
      localStorage.setItem(this.key, JSON.stringify(all));
    } catch {
      // A private window may refuse storage; `kept` then lasts as long as the page.
    }
  }

  #load() {
    try {
      const stored = JSON.parse(localStorage.getItem(this.key) ?? "null");
      return stored && typeof stored === "object" ? stored : this.kept;
    } catch {
      return this.kept;
    }
  }
}
