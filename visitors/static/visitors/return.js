// Somebody who looks at this page need not press: a browser that shows it goes on by itself. A scanner that only
// fetches the page, or never shows it, uses nothing up.
const form = document.querySelector("[data-continue]");
const go = () => {
  if (document.visibilityState !== "visible" || !document.hasFocus()) return;
  document.removeEventListener("visibilitychange", soon);
  removeEventListener("focus", soon);
  form.requestSubmit();
};
const soon = () => setTimeout(() => requestAnimationFrame(go), 700);
document.addEventListener("visibilitychange", soon);
addEventListener("focus", soon);
soon();
