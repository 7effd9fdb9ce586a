/** One-letter shortcuts: what carries data-key="c" is pressed or focused by c. They can be switched off. */

const KEPT = "inbox-keys-off";
const list = document.getElementById("keys");
const box = document.getElementById("keys-on");

function isOff() {
  try {
    return localStorage.getItem(KEPT) === "yes";
  } catch {
    return false;
  }
}

box.checked = !isOff();
box.addEventListener("change", () => {
  try {
    localStorage.setItem(KEPT, box.checked ? "no" : "yes");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
});

function use(target) {
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
}

/** `more` maps further keys to what they do. */
export function shortcuts(more = {}) {
  document.addEventListener("keydown", (event) => {
    const writes = event.target.matches?.("input, textarea, select, [contenteditable]");
    if (!box.checked || writes || event.ctrlKey || event.metaKey || event.altKey) return;
    const showList = () => {
      list.open = true;
      list.querySelector("summary").focus();
    };
    const run = { "?": showList, ...more }[event.key];
    const target = run ? null : document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!run && !target) return;
    event.preventDefault();
    if (run) run();
    else use(target);
  });
}
