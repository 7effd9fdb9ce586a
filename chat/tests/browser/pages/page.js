/** Embeds the widget as a lender's page would; options come from the address. */

const options = Object.fromEntries(new URLSearchParams(location.search));
const base = options.base ?? location.origin;
const { mount } = await import(`${base}/static/chat/widget.js`);

window.events = [];
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
window.chat = mount({ site: "demo", base, ...options, onEvent: (name, detail) => window.events.push([name, detail]) });
document.querySelector("#launcher").addEventListener("click", () => window.chat.toggle());
document.documentElement.dataset.mounted = "yes";
