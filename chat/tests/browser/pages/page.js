/** Embeds the widget as a lender's page would; options come from the address. `embed` brings our own button too. */

const { base = location.origin, welcome, embed, ...wishes } = Object.fromEntries(new URLSearchParams(location.search));
const events = (window.events = []);
const told = (name, detail) => events.push([name, detail]);
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));

if (embed) {
  const { launch } = await import(`${base}/static/chat/launcher.js`);
  window.call = launch({ site: "demo", base, visitor: wishes.visitor, wishes, welcome: Boolean(welcome), emit: told });
} else {
  const { mount } = await import(`${base}/static/chat/widget.js`);
  window.chat = mount({ site: "demo", base, ...wishes, onEvent: told });
  document.querySelector("#launcher").addEventListener("click", () => window.chat.toggle());
  if (welcome) window.chat.open({ unasked: true });
}
document.documentElement.dataset.mounted = "yes";
