/** The host's colour, kept readable: what stands on it, and where it may be used as a line, reach WCAG AA. */

const OWN = "#0b5d4e";
const TEXT_CONTRAST = 4.5;
const LINE_CONTRAST = 3;

/** `colour` if it is written as #rgb or #rrggbb, else our own. */
export function known(colour) {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(colour ?? "");
  if (short) return `#${short.slice(1).map((digit) => digit + digit).join("")}`;
  return /^#[\da-f]{6}$/i.test(colour ?? "") ? colour : OWN;
}

/** White where it can be read on `colour`, else black: one of the two always can. */
export function textOn(colour) {
  return contrast(colour, "#ffffff") >= TEXT_CONTRAST ? "#ffffff" : "#000000";
}

/** Whether a line or a sign in `colour` stands out from `ground`. */
export function standsOut(colour, ground) {
  return contrast(colour, ground) >= LINE_CONTRAST;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(colour.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(channel) {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
