/*! Car Loans: the tracker and the chat launcher. What a page can set and call is told in docs/widget.md. */
/* <script src="https://…/embed.js" data-site="KEY" async></script>
 *
 * Sends names of steps and fields, never what is typed. Contact data leaves the page only through
 * CarLoans.save(), which the page calls when its visitor presses “Save my progress”.
 * With Global Privacy Control or Do Not Track nothing is sent but what the visitor presses.
 *
 * Markup:  <form data-carloans-form> … <fieldset data-carloans-step="1"> … <input name="email">
 * API:     CarLoans.open() .close() .toggle() .reset() .locale(lang) .identify(ticket) .on(name, fn) .off(name, fn)
 *          .save(values, step) .submit() .error(step, field, code) .visitor
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
  let visitor = tag.dataset.visitor || stored() || uuid();
  keep();
  function stored() { try { return localStorage.getItem(key); } catch { return null; } }
  function keep() { try { localStorage.setItem(key, visitor); } catch { /* It lasts as long as the page. */ } }

  // A listener of the page that fails is the page's affair: it is reported and the others are called all the same.
  const emit = (name, detail) => (listeners[name] || []).forEach((fn) => {
    try { fn(detail); } catch (error) { reportError(error); }
  });
  const make = (type, more) => ({ id: uuid(), type, ts: new Date().toISOString(), page: location.pathname, ...more });
  // The same text whatever the page has added to Object and Array (old libraries add toJSON).
  const plain = (value) => ({ __proto__: null, ...value });
  const json = (event) => JSON.stringify(plain({ ...event, ...(event.data && { data: plain(event.data) }) }));
  const body = (events) => `{"site":${JSON.stringify(site)},"visitor":${JSON.stringify(visitor)},"events":[${events.map(json)}]}`;
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

  // The launcher and the chat are modules of their own; calls before they are loaded wait for them.
  let chat;
  function launch() {
    const welcome = tag.dataset.welcome !== undefined || new URLSearchParams(location.search).get("welcome") === "1";
    const options = { site, base, visitor, welcome, wishes: tag.dataset, emit };
    chat ??= import(base + "/static/chat/launcher.js").then(({ launch: show }) => show(options));
    chat.catch(() => { chat = undefined; });
    return chat;
  }
  const whole = new Promise((resolve) => {
    if (document.readyState !== "loading") resolve();
    else addEventListener("DOMContentLoaded", resolve);
  });
  const ask = (name) => (...args) => whole.then(launch).then((call) => call(name, ...args));

  window.CarLoans = {
    get visitor() { return visitor; },
    // Somebody else may sit here now: nothing leads back to who it was.
    reset: () => { visitor = uuid(); keep(); return ask("reset")(visitor); },
    ...Object.fromEntries(["open", "close", "toggle", "locale", "identify"].map((name) => [name, ask(name)])),
    on: (name, fn) => { (listeners[name] ??= []).push(fn); },
    off: (name, fn) => { listeners[name] = (listeners[name] || []).filter((one) => one !== fn); },
    error: (at, field, code) => track("step_error", { step: at, field, data: { code } }),
    save: (values, at) => press([make("save_progress", { data: values, ...((at || step) && { step: at || step }) })]),
    submit: () => press([make("submit", step && { step })]),
  };
  whole.then(() => { if (!quiet) watch(); launch().catch(() => {}); });
  dispatchEvent(new CustomEvent("carloans:ready"));
})();
