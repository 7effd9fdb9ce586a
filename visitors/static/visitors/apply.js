// The five-step form. Without this script the same page is one long form that works by itself.
document.documentElement.classList.add("js");

addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector(".apply");
  if (!form) return;
  const say = JSON.parse(document.getElementById("apply-messages").textContent);
  const steps = [...form.querySelectorAll("[data-carloans-step]")];
  const marks = [...form.querySelectorAll("[data-go]")];
  const field = (name) => form.elements[name];
  const [back, next, submit] = ["[data-back]", "[data-next]", "[data-submit]"].map((one) => form.querySelector(one));
  const status = form.querySelector("[data-status]");
  let step = 1;

  // ---- Reading what was typed, by the same rules as the server ----
  const cents = (text) => {
    const found = /^\$?\s*(\d{1,3}(?:,\d{3})*|\d{1,9})(?:\.(\d{1,2}))?$/.exec(text);
    return found ? Number(found[1].replaceAll(",", "")) * 100 + Number((found[2] || "0").padEnd(2, "0")) : NaN;
  };
  const months = (text) => {
    const found = /^(\d{1,2})(?:[.,](\d))?$/.exec(text);
    return found ? Number(found[1]) * 12 + Math.round(Number(found[2] || 0) * 1.2) : NaN;
  };
  const between = (least, most) => (value) => value >= least && value <= most;
  const rules = {
    vehicle_year: { read: Number, good: between(1950, 2035) },
    loan_amount: { key: "loan_amount_cents", read: cents, good: between(10000, 25000000) },
    monthly_income: { key: "monthly_income_cents", read: cents, good: between(0, 100000000) },
    years_on_job: { key: "months_on_job", read: months, good: between(0, 720) },
    email: { good: (value) => /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(value) },
    phone: { good: (value) => value.replace(/\D/g, "").length >= 10 },
    zip: { good: (value) => /^\d{5}(-\d{4})?$/.test(value) },
  };
  const plain = ["vehicle_make", "vehicle_model", "employer", "job_title", "first_name", "last_name", "state"];
  const text = (name) => field(name).value.trim();

  function problem(name, { saving = false } = {}) {
    const input = field(name);
    const typed = text(name);
    if (!typed) return !saving && "required" in input.dataset ? "required" : "";
    const rule = rules[name];
    return rule && !rule.good(rule.read ? rule.read(typed) : typed) ? "invalid" : "";
  }
  function show(name, message) {
    const input = field(name);
    const line = document.getElementById(`${name}-error`);
    line.textContent = message;
    line.hidden = !message;
    input.toggleAttribute("aria-invalid", Boolean(message));
    if (message) input.setAttribute("aria-invalid", "true");
  }
  const worded = (name, code) => (code === "required" ? say.required : say[name] || say.invalid);

  function check(names, options) {
    const wrong = names.filter((name) => {
      const code = problem(name, options);
      show(name, code && worded(name, code));
      if (code) window.CarLoans?.error(stepOf(name), name === "years_on_job" ? "months_on_job" : name, code);
      return code;
    });
    if (wrong.length) {
      go(stepOf(wrong[0]), { focus: false });
      field(wrong[0]).focus();
    }
    return !wrong.length;
  }
  const named = steps.flatMap((one) => [...one.querySelectorAll("input, select")].map((input) => input.name));
  const stepOf = (name) => Number(field(name).closest("[data-carloans-step]").dataset.carloansStep);
  const namesOf = (number) => named.filter((name) => stepOf(name) === number);

  // ---- Steps ----
  function go(to, { focus = true } = {}) {
    step = Math.min(Math.max(to, 1), steps.length);
    steps.forEach((one, index) => { one.hidden = index + 1 !== step; });
    marks.forEach((mark, index) => {
      mark.toggleAttribute("aria-current", index + 1 === step);
      if (index + 1 === step) mark.setAttribute("aria-current", "step");
      mark.classList.toggle("done", index + 1 < step);
    });
    field("step").value = step;
    back.hidden = step === 1;
    next.hidden = step === steps.length;
    submit.hidden = step !== steps.length;
    form.querySelector("[data-save-email]").hidden = step === 4;
    if (step === 5) review();
    if (focus) steps[step - 1].querySelector("legend").focus();
  }
  function review() {
    const list = form.querySelector("[data-review]");
    const lines = named.filter((name) => text(name) || "kept" in field(name).dataset);
    list.replaceChildren(...lines.flatMap((name) => {
      const [term, value] = [document.createElement("dt"), document.createElement("dd")];
      const label = form.querySelector(`label[for="${name}"]`).firstChild.textContent.trim();
      const change = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: say.change });
      change.setAttribute("aria-label", `${say.change}: ${label}`);
      change.addEventListener("click", () => { go(stepOf(name), { focus: false }); field(name).focus(); });
      term.textContent = label;
      const money = name === "loan_amount" || name === "monthly_income" ? "$" : "";
      value.append(text(name) ? money + text(name).replace(/^\$/, "") : say.kept, " ", change);
      return [term, value];
    }));
  }

  // ---- Saving: the one press that lets contact details leave the page ----
  function values() {
    const data = { locale: document.documentElement.lang, notice_version: field("notice_version").value };
    plain.filter(text).forEach((name) => { data[name] = text(name); });
    Object.entries(rules).forEach(([name, { key = name, read = String }]) => { if (text(name)) data[key] = read(text(name)); });
    return { ...data, marketing_email: field("marketing_email").checked };
  }
  const pages = { loan_amount_cents: "loan_amount", monthly_income_cents: "monthly_income", months_on_job: "years_on_job" };

  async function save(event) {
    if (!window.CarLoans) return;
    event.preventDefault();
    status.textContent = "";
    if (!text("email") && !("kept" in field("save_email").dataset)) return refuse("email", say.email_first);
    if (!check(named, { saving: true })) return;
    const answer = await window.CarLoans.save(values(), step);
    const quiet = navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";
    if (answer.ok) return void (status.textContent = field("marketing_email").checked && !quiet ? say.saved_mail : say.saved);
    const code = answer.code || "";
    const name = pages[answer.field] || answer.field || (code.includes("phone") ? "phone" : code.includes("email") ? "email" : "");
    if (name && field(name)) return refuse(name, say[code] || answer.message || worded(name, "invalid"));
    status.textContent = code === "network" ? say.network : answer.message || say.try_again;
  }
  function refuse(name, message) {
    const shown = name === "email" && step !== 4 ? "save_email" : name;
    show(shown, message);
    if (shown !== "save_email") go(stepOf(shown), { focus: false });
    field(shown).focus();
  }

  back.addEventListener("click", () => go(step - 1));
  next.addEventListener("click", () => { if (check(namesOf(step))) go(step + 1); });
  form.querySelector("[data-save]").addEventListener("click", save);
  form.addEventListener("keydown", (event) => {
    // Enter in a field goes on, as on any form; the browser's default would press the first submit button.
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.target.type === "checkbox") return;
    event.preventDefault();
    (event.target.name === "save_email" ? form.querySelector("[data-save]") : step < steps.length ? next : submit).click();
  });
  // An address typed beside the form and one typed in it are the same address.
  field("save_email").addEventListener("input", ({ target }) => { field("email").value = target.value; show("save_email", ""); });
  field("email").addEventListener("input", ({ target }) => { field("save_email").value = target.value; });
  form.addEventListener("focusout", ({ target }) => { if (named.includes(target.name) && text(target.name)) show(target.name, problem(target.name) && worded(target.name, "invalid")); });
  submit.addEventListener("click", (event) => {
    field("visitor").value = window.CarLoans?.visitor || "";
    if (!check(named)) event.preventDefault();
  });

  field("save_email").value = text("email");
  const wrong = document.getElementById("summary");
  go(Number(form.dataset.step) || 1, { focus: false });
  wrong?.focus();
});
