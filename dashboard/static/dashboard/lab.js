// The prompt lab: while both sides think, the form says so and is not sent twice; afterwards the field is ready.

const form = document.getElementById("lab-say");
const field = document.getElementById("lab-text");
const state = document.getElementById("lab-state");

form?.addEventListener("submit", () => {
  state.textContent = state.dataset.busy;
  form.querySelector("button").disabled = true;
});
// A page that comes back from the browser's memory must not stay locked.
window.addEventListener("pageshow", () => {
  if (!form) return;
  form.querySelector("button").disabled = false;
  state.textContent = "";
});
document.querySelector(".lab li:last-child")?.scrollIntoView({ block: "nearest" });
field?.focus();
