"""What a page is measured by: names and roles from the accessibility tree, contrast from the rendered styles, sizes."""

CONTRAST = """
const rgb = (text) => { const m = text.match(/[\\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
const part = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
const luminance = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
const behind = (element) => { for (let e = element; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
const shown = (e) => e.checkVisibility({checkVisibilityCSS: true, checkOpacity: true}) && e.getClientRects().length;
const faults = [];
for (const element of document.querySelectorAll("body *")) {
  if (!shown(element)) continue;
  if (element.closest('.vh, .skip, .under, [aria-hidden="true"] .under')) continue;
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const style = getComputedStyle(element);
  if (own || element.matches("input, textarea, select")) {
    const value = ratio(rgb(style.color), behind(element));
    if (value < 4.5 && !element.matches(":disabled")) faults.push(`text ${value.toFixed(2)}: ${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 30)}"`);
  }
  if (element.matches("input, textarea, select, button") && parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== "none") {
    const edge = rgb(style.borderTopColor);
    const value = ratio(edge, behind(element.parentElement));
    const fill = ratio(behind(element), behind(element.parentElement));
    if (edge[3] === 1 && Math.max(value, fill) < 3) faults.push(`edge ${value.toFixed(2)}: ${element.tagName}.${element.className}`);
  }
}
return faults;
"""

TARGETS = """
const faults = [];
for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
  if (!element.checkVisibility({checkVisibilityCSS: true}) || element.closest(".skip") || element.matches(".skip")) continue;
  const around = element.closest("label") ?? element.closest("form.find") ?? element;
  const box = around.getBoundingClientRect();
  // Inline in a sentence is excepted (WCAG 2.5.8).
  if ((box.width < 24 || box.height < 23.5) && !(element.matches("a, button") && element.closest("p, h3") && getComputedStyle(element).display.startsWith("inline"))) faults.push(`${Math.round(box.width)}x${Math.round(box.height)}: ${element.outerHTML.slice(0, 80)}`);
}
return faults;
"""

STRUCTURE = """
const faults = [];
const visible = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
if (!document.querySelector("dialog[open]") && visible("h1").length !== 1) faults.push(visible("h1").length + " h1");
if (!visible("main").length) faults.push("no main");
if (!["sv", "en"].includes(document.documentElement.lang)) faults.push("lang " + document.documentElement.lang);
if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the window: " + document.documentElement.scrollWidth);
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) faults.push("twice: #" + id);
for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) for (const name of ["aria-describedby", "aria-labelledby"]) for (const id of (e.getAttribute(name) ?? "").split(" ").filter(Boolean)) if (!document.getElementById(id)) faults.push("no #" + id);
// A word that is missing stands as its key.
for (const e of document.querySelectorAll("body *")) for (const node of e.childNodes) if (node.nodeType === 3 && /^[a-z]+(\\.[a-zA-Z-]+)+$/.test(node.textContent.trim()) && e.checkVisibility()) faults.push("a key for a word: " + node.textContent);
if (localStorage.length + sessionStorage.length || document.cookie) faults.push("something is kept in the browser");
if (location.href !== location.origin + "/") faults.push("address " + location.href);
return faults;
"""

CONTROLS = {"button", "link", "textbox", "searchbox", "checkbox", "radio", "combobox", "listbox", "option", "DisclosureTriangle"}


def unnamed(browser):
    """Controls without a name, in the browser's own accessibility tree."""
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    faults = []
    for node in nodes:
        role = node.get("role", {}).get("value")
        if not node.get("ignored") and role in CONTROLS and not node.get("name", {}).get("value", "").strip():
            faults.append(f"unnamed {role}: {node.get('properties', [])[:2]}")
    return faults


def audit(desk):
    return (desk.script(CONTRAST) + [f"target {one}" for one in desk.script(TARGETS)] + desk.script(STRUCTURE)
            + unnamed(desk.browser))


def focus_walk(desk, limit=80):
    """Everything that Tab reaches, in order, and whether it can be seen that it has the focus."""
    seen, faults = [], []
    for _ in range(limit):
        desk.press("Tab")
        facts = desk.script("""
            const e = document.activeElement;
            if (e === document.body) return null;
            e.dataset.walked ??= String(Math.random());
            const around = e.closest(".text, .find, .ask") ?? e;
            const style = getComputedStyle(around);
            const own = getComputedStyle(e);
            const visible = [style, own].some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== "none");
            return [e.dataset.walked, e.outerHTML.slice(0, 70), visible];
        """)
        if facts is None or facts[0] in seen:
            break
        seen.append(facts[0])
        if not facts[2]:
            faults.append(facts[1])
    return len(seen), faults
