// The admin theme under a policy without inline script and eval. Its Alpine expressions are evaluated by Alpine's own
// parser, which knows no globals, no statements and no arrow functions: those few are put differently here, before Alpine starts.

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;

const SIDEBAR = "sidebarDesktopOpen";

function adminPage(first) {
  return {
    activeTab: first,
    sidebarMobileOpen: false,
    sidebarDesktopOpen: localStorage.getItem(SIDEBAR) !== "0",
    init() {
      this.activeTab = (first && getCurrentTab()) || first;
      this.$watch(SIDEBAR, (open) => localStorage.setItem(SIDEBAR, open ? "1" : "0"));
    },
    formAction() {
      const here = location.pathname + location.search;
      return this.activeTab && this.activeTab !== "general" ? `${here}#${this.activeTab}` : here;
    },
  };
}

// What the theme writes, by a mark in it, and what stands for it.
const INSTEAD = [
  [/^\s*sidebarDesktopOpen = !sidebarDesktopOpen;/, () => "sidebarDesktopOpen = !sidebarDesktopOpen"],
  [/window\.location\.pathname/, () => "formAction()"],
  [/^'width: ' \+ changeListWidth/, () => "{ width: changeListWidth + 'px' }"],
  [/^if \((.*)\) (selectItem\(.*\))$/, (match) => `${match[1]} && ${match[2]}`],
  [/\$refs\.searchInput\.blur\(\)/, () => "openSearchResults = false"],
  [/'border-t border-base-200': items !== undefined/, () => "{'border-t border-base-200': items && items.length > 0}"],
  // Two assignments in a row: as the elements of a list.
  [/^([^;{}]+);\s*([^;{}]+);?$/, (match) => `[${match[1]}, ${match[2]}]`],
];

function translate(attribute) {
  for (const [mark, words] of INSTEAD) {
    const match = attribute.value.trim().match(mark);
    if (match) {
      attribute.value = words(match);
      return;
    }
  }
}

function isAlpine(name) {
  return name.startsWith("x-") || name.startsWith("@");
}

function prepare(root) {
  for (const element of root.querySelectorAll("*")) {
    for (const attribute of element.attributes) if (isAlpine(attribute.name)) translate(attribute);
  }
}

function prepareBody() {
  const { body } = document;
  const found = body.getAttribute("x-data")?.match(/activeTab: '([^']*)'/);
  body.setAttribute("x-data", `adminPage('${(found?.[1] ?? "").replace(/[^\w-]/g, "")}')`);
  body.removeAttribute("x-init");
}

document.addEventListener("alpine:init", () => {
  for (const name of ["theme", "searchForm", "searchDropdown", "searchCommand"]) {
    if (typeof window[name] === "function") Alpine.data(name, window[name]);
  }
  Alpine.data("adminPage", adminPage);
  prepareBody();
  prepare(document);
});
