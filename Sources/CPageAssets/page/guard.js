// What points to a person is marked while it is written, by kind, with the two ways out beside it.

import {post} from "/api.js";
import {button, fill, h} from "/dom.js";
import {t, word} from "/words.js";

const pauseMilliseconds = 250;

export class Guard {
  /** changed(marks): what counsellors have said points to nobody, as the server names it. */
  constructor({id, label, key, hint, text, marks, rows, typed, changed}) {
    this.changed = changed;
    this.typed = typed;
    this.findings = [];
    this.allowed = new Set();
    this.oldMarks = new Set(marks ?? []);
    this.under = h("div", {class: "under", "aria-hidden": "true"});
    this.area = h("textarea", {id, dir: "auto", value: text, spellcheck: "false", "aria-describedby": (hint ? `${id}-hint ` : "") + `${id}-finds`,
      "aria-keyshortcuts": key.replace(" ", "+"), oninput: () => this.input(), onscroll: () => this.scroll()});
    this.finds = h("ul", {class: "finds small", id: id + "-finds"});
    this.error = h("p", {class: "error", hidden: true});
    this.node = h("div", {class: "field has-guard"},
      h("label", {for: id}, label, h("kbd", {"aria-hidden": "true"}, key)),
      hint && h("p", {class: "hint", id: id + "-hint"}, hint), this.error,
      h("div", {class: "text " + (rows ?? "")}, this.under, this.area), this.finds);
    this.draw();
    if (text) this.look();
  }

  get text() { return this.area.value; }
  get open() { return this.findings.filter((finding) => !this.isAllowed(finding)); }
  /** What must go comes first, so that one key deals with it. */
  get ranked() { return [...this.mustGo, ...this.open.filter((finding) => !finding.must)]; }
  get mustGo() { return this.open.filter((finding) => finding.must); }

  set(text) {
    this.area.value = text;
    this.findings = [];
    this.draw();
    if (text) this.look().catch(() => {});
  }

  key(finding) { return finding.kind + "\n" + finding.text; }
  isAllowed(finding) { return this.allowed.has(this.key(finding)); }

  input() {
    this.typed(this.text);
    this.findings = moved(this.findings, this.text);
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look().catch(() => {}), pauseMilliseconds); // without the server nothing can be saved either
  }

  /** Asks the server what points to a person in the text as it is now. */
  async look() {
    clearTimeout(this.timer);
    const text = this.text;
    const found = text.trim() ? await post("guard", {text}) : [];
    if (text !== this.text) return;
    this.findings = found.map((finding) => ({...finding, text: text.slice(finding.start, finding.end)}));
    for (const finding of this.findings) if (this.oldMarks.has(finding.mark)) this.allowed.add(this.key(finding));
    this.oldMarks.clear();
    this.tell();
    this.draw();
  }

  tell() { this.changed(this.findings.filter((finding) => this.isAllowed(finding)).map((finding) => finding.mark)); }

  allow(finding) {
    this.allowed.add(this.key(finding));
    this.tell();
    this.draw();
    this.area.focus();
  }

  /** Through the browser's own editing, so that Ctrl+Z brings it back. */
  remove(finding) {
    this.area.focus();
    const text = this.text;
    const isBetweenSpaces = text[finding.start - 1] === " " && text[finding.end] === " ";
    this.area.setSelectionRange(finding.start, finding.end + (isBetweenSpaces ? 1 : 0));
    if (!document.execCommand("delete")) this.area.setRangeText("", this.area.selectionStart, this.area.selectionEnd, "end");
    this.input();
  }

  scroll() { this.under.scrollTop = this.area.scrollTop; }

  draw() {
    const text = this.text;
    const pieces = [];
    let at = 0;
    for (const finding of this.open) {
      pieces.push(text.slice(at, finding.start), h("mark", {class: finding.must ? "must" : "may"}, text.slice(finding.start, finding.end)));
      at = finding.end;
    }
    fill(this.under, pieces, text.slice(at), "\n");
    const shown = this.ranked;
    const state = JSON.stringify(shown.map((finding) => [finding.kind, finding.text]));
    if (state === this.shownState) return;
    this.shownState = state;
    fill(this.finds, shown.map((finding, index) => h("li", {},
      h("span", {}, h("b", {class: finding.must ? "warn" : null}, t(finding.must ? "guard.must" : "guard.may")), " ",
        h("span", {}, finding.text), " ", word("guard", finding.kind)),
      h("span", {class: "acts"},
        button(t("guard.remove"), () => this.remove(finding), {low: true, key: index === 0 ? "Alt X" : null, "aria-label": t("guard.remove") + ": " + finding.text}),
        button(t(finding.must ? "guard.not" : "guard.keep"), () => this.allow(finding), {low: true, key: index === 0 ? "Alt G" : null, "aria-label": t(finding.must ? "guard.not" : "guard.keep") + ": " + finding.text})))));
  }

  showError(text) {
    this.error.textContent = text ?? "";
    this.error.hidden = !text;
    this.node.classList.toggle("has-error", Boolean(text));
  }
}

/** Findings whose text stands where it stood or has moved with what was typed before it, until the server has looked. */
function moved(findings, text) {
  let from = 0;
  return findings.flatMap((finding) => {
    const start = text.indexOf(finding.text, Math.max(from, finding.start - 200));
    if (start < 0) return [];
    from = start + finding.text.length;
    return [{...finding, start, end: from}];
  });
}
