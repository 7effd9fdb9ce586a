/** The look. Constructed style sheets need no 'unsafe-inline'; browsers without them get a <style> element. */

const SHEET = `
/* "all" leaves the direction as it is. */
:host { all: initial !important; direction: ltr !important; unicode-bidi: normal !important; position: static !important; display: block !important; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }

.frame {
  --accent: #0b5d4e; --on-accent: #fff;
  --paper: #f7f4ee; --surface: #fff; --text: #1d282b; --muted: #58656a; --line: #e3ddd2; --edge: #838e92;
  --tint: #e6f0ee; --warm: #fff4dc; --warm-text: #5f4300; --danger: #ad2018; --good: #17683f; --good-tint: #e7f4ec;
  --mark: #0b5d4e; --focus: #0b5d4e; --shadow: 0 18px 50px rgb(24 38 40 / .22), 0 2px 8px rgb(24 38 40 / .1);
  color-scheme: light; color: var(--text);
  font: 400 15px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  -webkit-text-size-adjust: 100%;
}
.frame.dark {
  --accent: #14695a;
  --paper: #12191b; --surface: #1d2629; --text: #edf2f1; --muted: #a8b5b6; --line: #313d41; --edge: #76868b;
  --tint: #1b3433; --warm: #3a2e12; --warm-text: #f7dc9c; --danger: #ff9d94; --good: #86dcae; --good-tint: #17332a;
  --mark: #6fd0c3; --focus: #7fd6c8; --shadow: 0 18px 50px rgb(0 0 0 / .55), 0 0 0 1px #2b3639;
  color-scheme: dark;
}

.panel {
  position: fixed; z-index: 2147483000; right: 20px; bottom: 20px; display: flex; flex-direction: column; overflow: hidden;
  width: min(400px, calc(100vw - 40px)); height: min(700px, calc(100vh - 40px)); min-height: min(360px, 100vh);
  background: var(--paper); border-radius: 20px; box-shadow: var(--shadow);
  overscroll-behavior: contain; animation: rise .22s cubic-bezier(.2, .8, .3, 1);
}
[data-side="left"] .panel { right: auto; left: 20px; }
@keyframes rise { from { opacity: 0; transform: translateY(12px) scale(.985); } }

button, input, textarea { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; border: 0; background: none; padding: 0; touch-action: manipulation; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
input:focus-visible, textarea:focus-visible { outline-width: 2px; outline-offset: -1px; }
input[type="checkbox"]:focus-visible, input[type="radio"]:focus-visible { outline-offset: 2px; }
h2, h3, h4, p, ol, fieldset { margin: 0; padding: 0; border: 0; }
ol { list-style: none; }
.icon { width: 20px; height: 20px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.unseen, .message.follows .heading { position: absolute; width: 1px; height: 1px; min-height: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.head {
  position: relative; z-index: 1; display: flex; align-items: center; gap: 6px; padding: 14px 10px 14px 16px; flex: none;
  background: var(--accent); color: var(--on-accent); touch-action: none;
}
.head :focus-visible { outline-color: var(--on-accent); }
.head h2 { flex: 1; min-width: 0; font-size: 16px; line-height: 1.25; font-weight: 650; }
.title-name { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.badges { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 6px; }
@media (max-width: 420px) { .head { gap: 1px; padding-left: 12px; } .head h2 { padding-left: 6px; } }
.badge {
  flex: none; font-size: 11.5px; line-height: 1; font-weight: 600; padding: 3px 7px; border-radius: 99px;
  background: var(--on-accent); color: var(--accent); border: 1px solid var(--on-accent); white-space: nowrap;
}
.badge.outline { display: inline-block; margin-top: 4px; background: none; color: inherit; }
.ghost { min-height: 40px; padding: 0 7px; border-radius: 12px; font-size: 13.5px; font-weight: 600; }
.ghost.round { width: 40px; padding: 0; display: grid; place-items: center; }
.ghost:hover { box-shadow: inset 0 0 0 1.5px currentColor; }

.menu-holder { position: relative; }
.menu-holder > button .icon { stroke-width: 3.4; }
.menu {
  position: absolute; z-index: 2; right: 0; top: calc(100% + 6px); display: grid; width: max-content; max-width: min(270px, calc(100vw - 32px));
  padding: 6px; border-radius: 14px; background: var(--surface); color: var(--text); box-shadow: var(--shadow);
}
.menu button { display: flex; align-items: center; justify-content: space-between; gap: 10px; min-height: 44px; padding: 6px 12px; border-radius: 9px; text-align: start; }
.menu button:hover { background: var(--tint); }
.head .menu :focus-visible { outline-color: var(--focus); outline-offset: -2px; }
.menu [aria-pressed="false"] .icon { opacity: 0; }

.avatar {
  display: grid; place-items: center; flex: none; width: 30px; height: 30px; border-radius: 50%;
  font-size: 13px; line-height: 1; font-weight: 700; background: var(--accent); color: var(--on-accent);
}
.who .avatar { width: 40px; height: 40px; font-size: 17px; background: var(--on-accent); color: var(--accent); }
.avatar-staff, .who .avatar-staff { background: var(--warm); color: var(--warm-text); }

.owner-line { flex: none; padding: 9px 16px; font-size: 13.5px; background: var(--tint); border-bottom: 1px solid var(--line); }

.log { position: relative; flex: 1; min-height: 0; }
.scroller { position: absolute; inset: 0; overflow: hidden auto; overscroll-behavior: contain; padding: 16px 14px 20px; }
.scroller:focus-visible { outline-offset: -3px; border-radius: 4px; }
.jump {
  position: absolute; left: 50%; bottom: 12px; transform: translateX(-50%); display: flex; align-items: center; gap: 6px;
  min-height: 36px; padding: 0 14px 0 10px; border-radius: 99px; font-size: 13.5px; font-weight: 600; white-space: nowrap;
  background: var(--text); color: var(--paper); box-shadow: var(--shadow);
}

.message { display: flex; gap: 8px; align-items: flex-start; margin-top: 16px; }
.message.follows { margin-top: 5px; }
.message.follows .avatar { display: none; }
.message.follows:not(.from-customer) > .body { margin-left: 38px; }
.message:first-child { margin-top: 0; }
.body { min-width: 0; flex: 1; display: flex; flex-direction: column; align-items: flex-start; gap: 5px; }
.from-customer .body { align-items: flex-end; padding-left: 44px; }
.heading { display: flex; align-items: center; gap: 6px; min-height: 18px; font-size: 12.5px; color: var(--muted); }
.name { font-weight: 650; color: var(--text); overflow: hidden; text-overflow: ellipsis; max-width: 180px; white-space: nowrap; }
.tag { font-size: 11px; line-height: 1; font-weight: 650; padding: 3px 5px; border-radius: 5px; background: var(--tint); color: var(--text); }
.from-customer .name { display: none; }
.bubble {
  max-width: 100%; padding: 9px 13px; border-radius: 5px 16px 16px 16px; white-space: pre-wrap; overflow-wrap: anywhere; overflow: hidden;
  background: var(--surface); border: 1px solid var(--line);
}
.from-customer .bubble { border-radius: 16px 16px 5px 16px; background: var(--accent); color: var(--on-accent); border-color: transparent; }
.from-system { display: block; text-align: center; }
.from-system .body { align-items: center; }
.from-system .bubble { border: 0; background: none; padding: 2px 12px; font-size: 13px; color: var(--muted); }
.disclosure .bubble {
  font-size: 13px; line-height: 1.45; text-align: start; color: var(--text); background: var(--tint);
  border-radius: 12px; padding: 9px 13px;
}
.message:not(.streaming) > .body > .bubble { animation: appear .18s ease-out; }
@keyframes appear { from { opacity: 0; transform: translateY(4px); } }

.typing .bubble { padding: 13px 14px; }
.dots { display: flex; gap: 4px; }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--muted); animation: breathe 1.3s infinite ease-in-out; }
.dots i:nth-child(2) { animation-delay: .16s; }
.dots i:nth-child(3) { animation-delay: .32s; }
@keyframes breathe { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }

.state { margin-bottom: 3px; display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: center; gap: 2px 8px; font-size: 12.5px; color: var(--muted); }
.state-failed { color: var(--danger); }
.state .icon { width: 16px; height: 16px; }
.link { min-height: 24px; font-weight: 600; text-decoration: underline; text-underline-offset: 2px; color: var(--text); }

.starters { display: flex; flex-wrap: wrap; gap: 8px; margin: 18px 0 0 38px; }
.starter {
  min-height: 38px; padding: 7px 14px; border-radius: 19px; text-align: start; font-size: 14px; line-height: 1.35; font-weight: 550;
  background: var(--surface); border: 1.5px solid var(--mark);
}
.starter:hover { background: var(--tint); }

.card {
  width: 100%; padding: 16px; border-radius: 16px; background: var(--surface); border: 1px solid var(--line);
  box-shadow: 0 1px 3px rgb(24 38 40 / .07); overflow-wrap: anywhere;
}
.from-cathy .card, .from-staff .card { width: calc(100% + 38px); margin-left: -38px; }
.heading + .card { margin-top: 10px; }
.card-head { display: flex; align-items: center; gap: 10px; margin-bottom: 8px; }
.card-head .icon { width: 32px; height: 32px; padding: 6px; border-radius: 10px; background: var(--tint); }
.card h3 { font-size: 16px; line-height: 1.3; font-weight: 650; }
.card h4 { font-size: 14px; line-height: 1.35; font-weight: 650; }
.card > p { margin-top: 8px; }
.tone-good { border-color: var(--good); }
.tone-good > .card-head .icon { background: var(--good-tint); color: var(--good); }
.card.settled { box-shadow: none; }
.outcome { display: flex; gap: 6px; align-items: center; font-weight: 600; color: var(--good); }
.error, .field-error { color: var(--danger); font-size: 13.5px; }
.error:not(:empty) { margin-top: 10px; }
.field { margin-top: 14px; }
.field > label, legend { display: block; margin-bottom: 5px; padding: 0; font-size: 14px; font-weight: 600; }
.field small { font-size: 12.5px; font-weight: 400; color: var(--muted); }
.field > input:not([type="checkbox"]) {
  width: 100%; min-height: 46px; padding: 8px 12px; font-size: 16px; border-radius: 11px; border: 1.5px solid var(--edge); background: var(--surface);
}
.field [aria-invalid="true"] { border-color: var(--danger); }
.field-error:not(:empty), .help { margin-top: 5px; }
.help { font-size: 13px; color: var(--muted); }
.field-checkbox { display: grid; grid-template-columns: 24px 1fr; gap: 4px 10px; align-items: start; }
.field-checkbox > label { margin: 0; font-size: 13.5px; line-height: 1.5; font-weight: 400; }
.field-checkbox > p { grid-column: 2; margin-top: 0; }
input[type="checkbox"], input[type="radio"] { width: 22px; height: 22px; margin: 0; flex: none; accent-color: var(--mark); }
.option {
  display: flex; align-items: center; gap: 10px; min-height: 46px; padding: 8px 12px; margin-top: 6px; border-radius: 11px;
  border: 1.5px solid var(--edge); cursor: pointer;
}
.option:has(:checked) { background: var(--tint); border-color: var(--text); }
.card-rating [role="radiogroup"] { display: grid; grid-template-columns: repeat(5, 1fr); gap: 6px; }
.card-rating legend { grid-column: 1 / -1; }
.card-rating .option { position: relative; flex-direction: column; justify-content: center; gap: 2px; margin: 0; padding: 8px 2px; min-height: 62px; text-align: center; font-weight: 650; }
.card-rating .option input { position: absolute; opacity: 0; }
.card-rating .option:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 2px; }
.card-rating .option:has(:checked) { background: var(--accent); color: var(--on-accent); border-color: var(--mark); }
.card-rating small { display: block; font-size: 11.5px; line-height: 1.2; font-weight: 500; color: inherit; }
.from-system .card { text-align: start; }
.actions { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 10px; margin-top: 16px; }
.button { min-height: 46px; padding: 8px 14px; border-radius: 12px; font-weight: 650; line-height: 1.25; border: 2px solid var(--mark); }
.button.primary { background: var(--accent); color: var(--on-accent); }
.button.secondary { background: var(--surface); }
.button:hover { box-shadow: 0 2px 8px rgb(24 38 40 / .2); }
[aria-disabled="true"] { cursor: default; }
.button[aria-disabled="true"] { opacity: .55; box-shadow: none; }
.legal { margin-top: 14px; }
.keep { display: flex; gap: 16px; margin: 4px 0 8px; font-size: 13.5px; }
.legal-text { padding: 12px 14px; border-radius: 12px; font-size: 14px; background: var(--paper); border: 1px solid var(--line); }
.legal-text p + p { margin-top: 8px; }
details { margin-top: 8px; }
summary { cursor: pointer; font-size: 13.5px; font-weight: 600; min-height: 24px; }

.foot { flex: none; background: var(--surface); border-top: 1px solid var(--line); padding-bottom: env(safe-area-inset-bottom); }
.notice-bar { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 9px 16px; font-size: 13.5px; background: var(--tint); }
.notice-bar .link { flex: none; color: inherit; }
.tone-warn { background: var(--warm); color: var(--warm-text); }
.composer { padding: 10px 12px; }
.row { display: flex; align-items: flex-end; gap: 8px; }
textarea {
  flex: 1; min-width: 0; resize: none; max-height: 132px; min-height: 46px; padding: 10px 14px; font-size: 16px; line-height: 1.5;
  border-radius: 23px; border: 1.5px solid var(--edge); background: var(--paper); overflow: hidden auto;
}
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { display: grid; place-items: center; flex: none; width: 46px; height: 46px; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.send[aria-disabled="true"] { background: var(--line); color: var(--muted); }
.count:not(:empty) { margin: 6px 6px 0; font-size: 13px; color: var(--muted); }
.count.error:not(:empty) { color: var(--danger); }
.notice { margin: 8px 6px 0; font-size: 12px; line-height: 1.4; color: var(--muted); }

@media (max-width: 480px) {
  .panel, [data-side="left"] .panel {
    inset: var(--view-top, 0) 0 auto 0; width: 100%; height: var(--view-height, 100dvh); min-height: 0; border-radius: 0; box-shadow: none;
  }
  .head { padding-top: max(12px, env(safe-area-inset-top)); }
  .ghost { min-height: 44px; }
  .ghost.round { width: 44px; }
}
@media (max-height: 460px) {
  .notice { font-size: 11.5px; margin-top: 4px; }
  .head { padding-block: 6px; }
  .composer { padding-block: 6px; }
}
@media (max-height: 300px) {
  .log { min-height: 96px; }
  .panel { overflow: hidden auto; }
}
@media print { .frame { display: none; } }
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  .panel, .bubble, .badge, .send, .jump { border: 1px solid; }
  .icon { stroke: CanvasText; }
}
`;

export function applyStyles(root) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = SHEET;
    root.append(style);
  }
}
