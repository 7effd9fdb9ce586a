/**
 * Builds DOM nodes. Every text goes in as a text node, so nothing that a customer, a model or a server wrote is
 * ever parsed as HTML, and no inline style or handler is written that a strict content policy would refuse.
 */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  send: "M5 12h13M12 5.5l6.5 6.5-6.5 6.5",
  down: "M12 5v13M6 12.5l6 6 6-6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  alert: "M12 7v6M12 16.6v.1M12 3a9 9 0 100 18 9 9 0 000-18z",
  contact_form: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
  credit_consent: "M12 3l7.5 3v5.5c0 4.6-3.2 7.9-7.5 9.5-4.3-1.6-7.5-4.9-7.5-9.5V6zM9 12l2.2 2.2L15.3 10",
  credit_result: "M12 3.5l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.7-5 2.7 1.1-5.5L4 9.2l5.6-.7z",
  callback: "M12 7v5l3.5 2M12 3a9 9 0 100 18 9 9 0 000-18z",
  handoff: "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM2.5 20c.6-3.3 3.2-5 6.5-5s5.9 1.7 6.5 5M16 4.3a3.5 3.5 0 010 6.4M18.5 15.4c1.6.8 2.7 2.3 3 4.6",
  rating: "M12 20.5C5 16 3 12.5 3 9a4.6 4.6 0 019-1.4A4.6 4.6 0 0121 9c0 3.5-2 7-9 11.5z",
  more: "M5.5 12v.1M12 12v.1M18.5 12v.1",
  privacy: "M6.5 11h11v9h-11zM8.5 11V8a3.5 3.5 0 017 0v3",
};

/** Build `<tag>` with properties and children; null, undefined and false are left out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProperty(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProperty(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** A decorative line icon; meaning always stands in text beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name] ?? ICONS.handoff);
  svg.append(path);
  return svg;
}

/** The focused element, looked for inside open shadow roots too. */
export function deepFocus(root = document) {
  let active = root.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}

/** A random id. `randomUUID` exists only on secure pages, so a plain-http host page gets the same shape by hand. */
export function uuid() {
  const random = (digit) => (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16);
  return crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, random);
}
