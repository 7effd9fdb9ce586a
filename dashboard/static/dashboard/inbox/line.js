/** The page's live line, which ops.js holds: what to follow, what arrives, and fragments of pages. */

export const say = (frame) => document.dispatchEvent(new CustomEvent("ops:say", { detail: frame }));

/** Follow something from now on and after each time that the line was down; `onOpen` hears whether it is again. */
export function follow(frame, { onOpen, onChat }) {
  const open = (again) => {
    say(frame);
    onOpen(again);
  };
  document.addEventListener("ops:open", ({ detail }) => open(detail.again));
  document.addEventListener("ops:chat", ({ detail }) => onChat(detail));
  if (document.getElementById("live").classList.contains("on")) open(false);
}

/** A page or a part of one; null when it could not be had (signed out, gone, no network). */
export async function fragment(address) {
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return null;
  }
}

/** Run `work` soon, once for all calls within a moment, and never twice at the same time. */
export function soon(work, ms) {
  let timer = 0;
  let running = false;
  const run = async () => {
    timer = 0;
    if (running) return call();
    running = true;
    try {
      await work();
    } finally {
      running = false;
    }
  };
  const call = () => { timer ||= setTimeout(run, ms); };
  return call;
}
