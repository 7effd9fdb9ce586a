/* Car Loans embed: <script src="https://…/embed.js" data-site="KEY" async></script>
 *
 * Sends names of steps and fields, never what is typed. Contact data leaves the page only through
 * CarLoans.save(), which the page calls when its visitor presses “Save my progress”.
 * With Global Privacy Control or Do Not Track nothing is sent but what the visitor presses.
 *
 * Markup:  <form data-carloans-form> … <fieldset data-carloans-step="1"> … <input name="email">
 * API:     CarLoans.open() .close() .on(name, fn) .save(values, step) .submit() .error(step, field, code) .visitor
 */
(() => {
  const tag = document.currentScript || document.querySelector("script[data-site]");
  if (!tag || window.CarLoans) return;
  const site = tag.dataset.site;
  const base = new URL(tag.src).origin;
  const quiet = navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";
  const names = new Set(("email phone first_name last_name state zip vehicle_year vehicle_make vehicle_model " +
    "loan_amount monthly_income employer job_title months_on_job marketing_email").split(" "));
  const listeners = {};
  let queue = [], seen = new Set(), step = 0, active = true;

  const uuid = () => crypto.randomUUID ? crypto.randomUUID()
    : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
      (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));

  // The visitor's id lives in this browser only. A page that restored somebody by a signed link names them in its tag.
  const key = "carloans.visitor." + site;
  let visitor = tag.dataset.visitor || null;
  try {
    visitor = visitor || localStorage.getItem(key) || uuid();
    localStorage.setItem(key, visitor);
  } catch { visitor = visitor || uuid(); }

  const emit = (name, detail) => (listeners[name] || []).forEach((fn) => fn(detail));
  const make = (type, more) => ({ id: uuid(), type, ts: new Date().toISOString(), page: location.pathname, ...more });
  const body = (events) => JSON.stringify({ site, visitor, events });
  const send = (events, keepalive) => fetch(base + "/api/v1/events", {
    method: "POST", body: body(events), keepalive, credentials: "omit", headers: { "Content-Type": "text/plain" },
  });

  function track(type, more) {
    if (!quiet) queue.push(make(type, more));
    if (queue.length > 90) flush();
  }
  function flush(leaving) {
    const events = queue.splice(0, 100);
    if (!events.length) return;
    // A batch that did not arrive is sent again; its ids make a double one harmless.
    send(events, leaving === true).catch(() => { queue = [...events, ...queue].slice(-100); });
  }
  // Answers {ok, code, field, message}; the visitor pressed a button, so this is sent at once and with values.
  async function press(events) {
    try {
      const answer = await send([...queue.splice(0, 90), ...events]);
      const said = await answer.json();
      const lost = (said.dropped || []).find((one) => events.some((event) => event.id === one.id));
      const ok = answer.ok && !lost;
      return { ok, code: ok ? "" : said.code || lost?.reason, field: said.field, message: said.detail };
    } catch { return { ok: false, code: "network" }; }
  }

  function watch() {
    track("page_view");
    const steps = new IntersectionObserver((entries) => entries.forEach(({ isIntersecting, target }) => {
      const number = +target.dataset.carloansStep;
      if (isIntersecting && number !== step) track("step_view", { step: step = number });
    }));
    document.querySelectorAll("[data-carloans-step]").forEach((one) => steps.observe(one));
    document.addEventListener("focusin", ({ target }) => {
      const field = target.name;
      if (!target.form?.matches("[data-carloans-form]") || !names.has(field) || seen.has(field)) return;
      seen.add(field);
      track("field_focus", { field, ...(step && { step }) });
    });
    // Still there: after a sign of life, while the page can be seen.
    ["pointerdown", "keydown", "scroll"].forEach((sign) => addEventListener(sign, () => { active = true; }, { passive: true }));
    setInterval(() => {
      if (active && !document.hidden) track("heartbeat", step && { step });
      active = false;
    }, 15000);
    setInterval(flush, 2000);
    addEventListener("pagehide", () => flush(true));
  }

  // The launcher: a small button of its own; the chat itself is loaded at the first press.
  let chat;
  const host = document.createElement("div");
  function open(welcome) {
    host.hidden = true;
    chat ??= import(base + "/static/chat/widget.js").then(({ mount }) => mount({
      site, base, visitor, welcome: welcome === true, lang: document.documentElement.lang || "en",
      onEvent: (name, detail) => { if (name === "close") host.hidden = false; emit(name, detail); },
    }));
    return chat.then((widget) => { widget.open(); emit("open"); }, () => { chat = undefined; host.hidden = false; });
  }
  function close() {
    host.hidden = false;
    chat?.then((widget) => widget.close());
  }
  function launcher() {
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`button { all: unset; position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; cursor: pointer;
      padding: 14px 20px; border-radius: 999px; background: #0b5d4e; color: #fff; font: 600 16px/1.2 system-ui, sans-serif;
      box-shadow: 0 6px 24px #0005 } button:focus-visible { outline: 3px solid #ffbf47; outline-offset: 3px }
      @media print { button { display: none } }`);
    root.adoptedStyleSheets = [sheet];
    const button = document.createElement("button");
    button.textContent = document.documentElement.lang.startsWith("es") ? "Chatear con Cathy (IA)" : "Chat with Cathy (AI)";
    button.type = "button";
    button.onclick = () => open();
    root.append(button);
    document.body.append(host);
    if (tag.dataset.welcome !== undefined || new URLSearchParams(location.search).get("welcome") === "1") open(true);
  }

  window.CarLoans = {
    visitor, open: () => open(), close,
    on: (name, fn) => { (listeners[name] ??= []).push(fn); },
    error: (at, field, code) => track("step_error", { step: at, field, data: { code } }),
    save: (values, at) => press([make("save_progress", { data: values, ...((at || step) && { step: at || step }) })]),
    submit: () => press([make("submit", step && { step })]),
  };
  const start = () => { if (!quiet) watch(); launcher(); emit("ready"); };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start); else start();
  dispatchEvent(new CustomEvent("carloans:ready"));
})();
