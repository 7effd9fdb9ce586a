/** The fields of a card: label, control, help, and an error that is tied to its control for every reader. */

import { el } from "./dom.js";

const CHECKS = {
  tel: (value) => /^\d{10,15}$/.test(value.replace(/(ext|x)\.?\s*\d+$|[\s().+-]/gi, "")) || "checkPhone",
  email: (value) => /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(value) || "checkEmail",
};
const LEFT_FOR_MS = 400;
const MISSING = { checkbox: "requiredBox", choice: "requiredChoice" };

/** Build a field from its JSON; gives {name, spec, node, control, error}. */
export function fieldNode(spec, cardId, words) {
  const id = `field-${cardId}-${spec.name}`;
  const error = el("p", { class: "field-error", id: `${id}-error` });
  const help = spec.help && el("p", { class: "help", id: `${id}-help` }, spec.help);
  const described = [help && `${id}-help`, `${id}-error`].filter(Boolean).join(" ");
  const shared = { id, name: spec.name, "aria-describedby": described, "aria-required": spec.required ? "true" : null };
  const control = (BUILDERS[spec.type] ?? textControl)(spec, shared);
  const field = { name: spec.name, spec, control, error };
  field.node = el("div", { class: `field field-${spec.type}` }, inOrder(spec, id, control, words), help, error);
  checkInTime(field, words);
  return field;
}

/**
 * A shown error is looked at again with every keystroke. A field that was left is checked a moment later: an error line
 * that comes or goes under a press would move the button away from the finger.
 */
function checkInTime(field, words) {
  const { control, error } = field;
  control.addEventListener("input", () => error.textContent && checkField(field, words));
  control.addEventListener("change", () => setTimeout(() => checkField(field, words), LEFT_FOR_MS));
}

function inOrder(spec, id, control, words) {
  if (spec.type === "checkbox") return [control, el("label", { for: id, dir: "auto" }, spec.label)];
  const optional = !spec.required && words.put(el("small"), "optional");
  if (spec.type !== "choice") return [el("label", { for: id }, spec.label, optional && " ", optional), control];
  control.prepend(el("legend", {}, spec.label, optional && " ", optional));
  return [control];
}

const BUILDERS = {
  // A consent box starts unticked whatever the server said.
  checkbox: (spec, shared) => el("input", { ...shared, type: "checkbox" }),
  choice: choiceControl,
};

function textControl(spec, shared) {
  const type = ["tel", "email"].includes(spec.type) ? spec.type : "text";
  return el("input", { ...shared, type, value: spec.value, autocomplete: spec.autocomplete ?? "off", maxlength: 254, dir: "auto" });
}

function choiceControl(spec, { id, name, ...shared }) {
  const options = spec.options.map(({ value, label, hint }, index) => {
    const radio = el("input", { type: "radio", id: `${id}-${index}`, name: id, value, checked: value === spec.value });
    return el("label", { class: "option" }, radio, el("span", {}, label, hint && el("small", {}, hint)));
  });
  return el("fieldset", { ...shared, id, role: "radiogroup", "data-name": name }, options);
}

/** What the customer gave: true/false for a box, the chosen value, or trimmed text. */
export function readField({ spec, control }) {
  if (spec.type === "checkbox") return control.checked;
  if (spec.type === "choice") return control.querySelector(":checked")?.value ?? "";
  return control.value.trim();
}

/** True if the field may go out; otherwise it says what is missing. */
export function checkField(field, words) {
  const { spec } = field;
  const value = readField(field);
  const check = value ? CHECKS[spec.type]?.(value) ?? true : !spec.required || (MISSING[spec.type] ?? "required");
  showFieldError(field, check === true ? "" : words.say(check));
  return check === true;
}

export function showFieldError({ control, error }, sentence) {
  error.textContent = sentence;
  if (sentence) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

export function focusField({ control }) {
  (control.matches("fieldset") ? control.querySelector("input") : control).focus();
}
