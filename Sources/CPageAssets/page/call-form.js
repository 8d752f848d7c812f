// What is entered in a call: the number, the text, what was agreed on; the questions stand beside it.

import {post} from "/api.js";
import {before, classification} from "/call-side.js";
import {askReason, known} from "/call.js";
import {choices, labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {problemWords} from "/frame.js";
import {Guard} from "/guard.js";
import {setKeys} from "/keys.js";
import {capital, day, running, spoken, t, time} from "/words.js";

const texts = ["text", "nextStep", "promise"];
// The names that the server has for the texts.
const fieldNames = {summary: "text", "next-step": "nextStep", promise: "promise"};

export class CallForm {
  constructor(draft, {details, followUpDay, ...actions}) {
    this.draft = draft;
    this.details = details;
    this.followUpDay = followUpDay;
    this.actions = actions;
    this.base = details && snapshot(details);
  }

  get form() { return this.draft.form; }
  set(name, value) { this.draft.set(name, value); }

  view() {
    const {form} = this;
    this.timer = h("p", {class: "timer", role: "timer", "aria-live": "off"}, running(Date.now() - this.draft.startedAt));
    this.ticking = setInterval(() => { this.timer.textContent = running(Date.now() - this.draft.startedAt); }, 1000);
    this.errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
    this.saved = h("p", {class: "saved", role: "status"}, h("span", {}, form.text ? t("call.draft", {time: time(this.draft.savedAt)}) : t("call.draft.empty")));
    this.number = h("div", {class: "dictate"});
    this.before = h("section", {class: "before"});
    const guard = (name, id, label, key, hint, rows) => new Guard({
      id, label, key, hint, rows, text: form[name], marks: form.marks[name], typed: (text) => this.set(name, text),
      changed: (marks) => { if (JSON.stringify(marks) !== JSON.stringify(form.marks[name] ?? [])) this.set("marks", {...form.marks, [name]: marks}); },
    });
    this.guards = {
      text: guard("text", "text", t("call.text"), "Alt T", t("call.text.hint"), "tall"),
      nextStep: guard("nextStep", "next", t("call.next"), "Alt V", null),
      promise: guard("promise", "promise", t("call.promise"), "Alt L", null, "one"),
    };
    this.texts = h("div", {class: "texts"}, this.guards.text.node, this.saved, this.guards.nextStep.node);
    this.agreed = h("div", {class: "field two"}, this.guards.promise.node, this.promiseDay());
    this.research = this.researchField();
    this.closedMind = h("div", {});
    this.body = h("div", {}, this.closedMind, this.before, this.texts, this.agreed, this.research);
    this.side = h("div", {});
    this.drawSubject();
    const isExisting = form.subject === "existing";
    return {
      title: t("call.title"), name: "call", sideLabel: t("call.aside"), focus: isExisting && !this.details ? this.quoteInput : this.guards.text.area,
      work: [h("div", {class: "head call-head"}, h("h1", {}, t("call.title")), this.timer), this.errors, this.number, this.body],
      side: [this.side],
      end: [button(t("call.end"), () => this.end(), {kind: "primary", key: "Ctrl Enter"}), button(t("call.save"), () => this.save(), {key: "Ctrl S"}),
        this.draft.savedIn ? null : button(t("call.discard"), this.actions.discard)],
      keys: this.keys(), leave: () => this.leave(), refresh: () => this.refresh(),
    };
  }

  keys() {
    const focus = (node) => () => node.focus();
    return [
      {key: "Ctrl Enter", name: t("call.end"), run: () => this.end()}, {key: "Ctrl S", name: t("call.save"), run: () => this.save()},
      {key: "Alt T", name: t("call.text"), run: focus(this.guards.text.area)}, {key: "Alt K", name: t("call.classify"), run: () => this.questions?.[0].focusFirst()},
      {key: "Alt V", name: t("call.next"), run: focus(this.guards.nextStep.area)}, {key: "Alt L", name: t("call.promise"), run: focus(this.guards.promise.area)},
      {key: "Alt R", name: t("call.research"), run: () => this.research.focusFirst()}, {key: "Alt U", name: t("call.read"), run: () => this.give()},
      {key: "Alt H", name: t("call.known"), run: () => this.quote("")}, {key: "Alt I", name: t("call.nocase"), run: () => this.subject(this.form.subject === "without" ? "new" : "without")},
      {key: "Alt C", name: t("call.close"), run: () => this.close()},
      {key: "Alt X", name: t("guard.remove"), run: () => this.onFinding((guard, finding) => guard.remove(finding))},
      {key: "Alt G", name: t("guard.not"), run: () => this.onFinding((guard, finding) => guard.allow(finding))},
    ];
  }

  // MARK: Whose call it is

  drawSubject() {
    const {form} = this;
    this.body.classList.toggle("is-without", form.subject === "without");
    if (form.subject === "new") this.drawNew();
    else if (form.subject === "existing") this.drawExisting();
    else fill(this.number, h("p", {class: "label"}, t("call.without")), this.instead("new", t("call.newcase"), "Alt I"));
    for (const node of [this.texts, this.agreed, this.research]) node.hidden = form.subject === "without";
    fill(this.before, form.subject === "existing" && this.details ? before(this) : null);
    fill(this.closedMind, form.subject === "existing" && this.details && !this.details.isOpen ? this.closed() : null);
    fill(this.side, classification(this));
  }

  instead(subject, label, key) {
    return h("div", {class: "instead"}, button(label, () => this.subject(subject), {low: true, key}));
  }

  drawNew() {
    this.given = h("input", {type: "checkbox", "data-key": "✓", "aria-keyshortcuts": "Alt+U", checked: this.form.isNumberGiven, onchange: () => { this.set("isNumberGiven", this.given.checked); this.clearErrors(); }});
    this.givenError = h("p", {class: "error", hidden: true}, t("error.read.field"));
    fill(this.number, h("p", {class: "label", id: "numlabel"}, t("call.number")),
      h("output", {class: "say", "aria-labelledby": "numlabel"}, this.draft.number), h("p", {class: "spoken soft"}, spoken(this.draft.number)), this.givenError,
      h("div", {class: "choices"}, h("label", {}, this.given, t("call.read"), h("kbd", {"aria-hidden": "true"}, "Alt U"))),
      this.draft.savedIn ? null : h("div", {class: "instead"}, button(t("call.known"), () => this.quote(""), {low: true, key: "Alt H"}),
        button(t("call.nocase"), () => this.subject("without"), {low: true, key: "Alt I"})));
  }

  drawExisting() {
    if (this.details) {
      const {contacts, openedAt, number} = this.details;
      fill(this.number, h("p", {class: "label", id: "numlabel"}, t("call.again")), h("output", {class: "say", "aria-labelledby": "numlabel"}, number),
        h("p", {class: "soft"}, t(this.details.isOpen ? "call.again.facts" : "call.again.closed", {day: openedAt ? day(dayText(openedAt)) : "", n: contacts.length, code: contacts.at(-1)?.by ?? ""})),
        this.draft.savedIn ? null : this.instead("new", t("call.newcase"), "Alt I"));
      return;
    }
    const mind = h("p", {class: "error", role: "status", hidden: true});
    this.quoteInput = h("input", {type: "text", class: "say-input", inputmode: "numeric", autocomplete: "off", value: this.form.quoted, oninput: async () => {
      const typed = this.quoteInput.value;
      this.set("quoted", typed);
      const digits = typed.replace(/\D/g, "");
      mind.hidden = true;
      if (digits.length < 7) return;
      const found = await known(typed);
      if (this.quoteInput.value !== typed) return;
      if (found) return this.quote(found.number, found);
      mind.textContent = t(digits.length === 7 ? "find.mistyped.what" : "find.unknown");
      mind.hidden = false;
    }});
    fill(this.number, labelled(t("call.quoted"), this.quoteInput, {id: "quoted", hint: t("call.quoted.hint")}), mind, this.instead("new", t("find.new"), "Alt I"));
  }

  closed() {
    const box = h("input", {type: "checkbox", "data-key": "✓", checked: this.form.reopens, onchange: () => this.set("reopens", box.checked)});
    return h("div", {class: "field"}, h("p", {}, t("call.isclosed")), h("div", {class: "choices"}, h("label", {}, box, t("call.reopen"))));
  }

  /** The caller has a number: asks for it, or takes it. */
  async quote(number, details) {
    if (this.draft.savedIn) return;
    this.set("subject", "existing");
    this.set("quoted", number);
    this.details = number ? details ?? await known(number) : null;
    this.base = this.details && snapshot(this.details);
    this.drawSubject();
    (this.details ? this.guards.text.area : this.quoteInput).focus();
  }

  subject(name) {
    if (this.draft.savedIn) return;
    this.set("subject", name);
    if (name !== "existing") { this.set("quoted", ""); this.details = null; }
    this.drawSubject();
    if (name === "new") this.guards.text.area.focus(); else this.questions?.[0].focusFirst();
  }

  give() {
    if (this.form.subject !== "new") return;
    this.given.checked = !this.given.checked;
    this.set("isNumberGiven", this.given.checked);
    this.clearErrors();
  }

  // MARK: What was agreed on

  promiseDay() {
    this.dayMind = h("p", {class: "small soft", role: "status", id: "by-mind"});
    this.dayInput = h("input", {type: "text", autocomplete: "off", value: this.form.promiseDay, "aria-describedby": "by-mind", oninput: () => {
      this.set("promiseDay", this.dayInput.value);
      clearTimeout(this.dayTimer);
      this.dayTimer = setTimeout(() => this.readDay(this.dayInput.value, this.dayMind), 250);
    }});
    return h("div", {}, labelled(t("call.promise.by"), this.dayInput, {id: "by"}), this.dayMind);
  }

  async readDay(text, mind) {
    mind.textContent = "";
    mind.classList.remove("text-warn");
    if (!text.trim()) return;
    try {
      const read = await post("day", {text});
      mind.textContent = read.isPast ? t("error.past") : read.isOpen ? day(read.day) : t("mind.closed", {day: day(read.day), other: day(read.nextOpen)});
    } catch (problem) {
      mind.textContent = problemWords(problem);
      mind.classList.add("text-warn");
    }
  }

  researchField() {
    const {form} = this;
    this.followMind = h("p", {class: "small soft gap-s", role: "status"});
    const dayInput = h("input", {type: "text", autocomplete: "off", value: form.followUpDay, oninput: () => { this.set("followUpDay", dayInput.value); this.readDay(dayInput.value, this.followMind); }});
    const dayField = h("div", {class: "narrow gap-s"}, labelled(t("call.follow.day", {day: day(this.followUpDay)}), dayInput, {id: "follow-day"}));
    const show = () => {
      dayField.hidden = !["call", "back"].includes(form.research);
      dayField.querySelector("label").textContent = t(form.research === "back" ? "call.back.day" : "call.follow.day", {day: day(this.followUpDay)});
    };
    const field = choices({name: "research", legend: t("call.research"), key: "Alt R", layout: "", value: form.research,
      options: [["call", t("research.call")], ["back", t("research.back")], ["no", t("research.no")], ["notAsked", t("research.notasked")]],
      changed: (value) => { this.set("research", value); show(); }});
    field.append(dayField, this.followMind);
    show();
    return field;
  }

  // MARK: Saving

  onFinding(run) {
    const guards = texts.map((name) => this.guards[name]);
    const guard = guards.find((entry) => entry.area === document.activeElement && entry.open.length) ?? guards.find((entry) => entry.open.length);
    if (guard) run(guard, guard.ranked[0]);
  }

  async end(values = {}) {
    if (this.isEnding) return;
    this.isEnding = true;
    try {
      this.clearErrors();
      await Promise.all(texts.map((name) => this.guards[name].look()));
      const errors = this.missing(values);
      if (errors.length) this.showErrors(errors); else await this.actions.end(values);
    } catch (problem) {
      this.refused(problem);
    } finally {
      this.isEnding = false;
    }
  }

  async save() {
    this.clearErrors();
    await Promise.all(texts.map((name) => this.guards[name].look()));
    const errors = this.missing({withoutNumber: true});
    if (errors.length) this.showErrors(errors); else await this.actions.saveAndGoOn();
  }

  close() { askReason((closing) => this.end({closing})); }

  missing({withoutNumber}) {
    const {form} = this;
    const errors = [];
    if (form.subject === "without") return errors;
    if (form.subject === "new" && !form.isNumberGiven && !withoutNumber) {
      this.givenError.hidden = false;
      errors.push([t("error.unread"), this.given]);
    }
    if (form.subject === "existing" && !this.details) errors.push([t("error.nocase"), this.quoteInput]);
    for (const name of texts) {
      const [first] = this.guards[name].mustGo;
      if (!first) continue;
      this.guards[name].showError(capital(t("error.finding", {what: t("guard.kind." + first.kind)})));
      errors.push([t("error.finding.out", {what: t("guard.kind." + first.kind)}), this.guards[name].area]);
    }
    if (form.research === "back" && !form.followUpDay.trim()) errors.push([t("error.back.day"), this.research]);
    if (form.promise.trim() && !form.promiseDay.trim()) errors.push([t("error.promise.day"), this.dayInput]);
    return errors;
  }

  clearErrors() {
    this.errors.hidden = true;
    if (this.givenError) this.givenError.hidden = true;
    for (const name of texts) this.guards[name].showError(null);
  }

  showErrors(errors) {
    const links = errors.map(([text, node]) => h("li", {}, h("a", {href: "#", onclick: (event) => { event.preventDefault(); (node.focusFirst ?? node.focus).call(node); }}, text)));
    const hungUp = this.form.subject === "new" && !this.form.isNumberGiven;
    fill(this.errors, h("h2", {}, t("error.summary", {n: errors.length})), h("ul", {}, links),
      h("p", {class: "small soft"}, t("error.kept"), " ", hungUp ? button(t("error.hungup"), () => this.end({withoutNumber: true}), {low: true}) : null));
    this.errors.hidden = false;
    this.errors.focus();
  }

  /** The server did not save it: why stands in the summary, at the field where it has one. */
  refused(problem) {
    const name = fieldNames[problem.members?.field] ?? problem.members?.field;
    const node = {promiseDay: this.dayInput, followUpDay: this.research}[name] ?? this.guards[name]?.area ?? this.guards.text.area;
    this.showErrors([[problemWords(problem), node]]);
  }

  told({savedAt, problem}) {
    const line = this.saved.firstChild;
    this.saved.classList.toggle("text-warn", Boolean(problem));
    if (!problem) line.textContent = t("call.draft", {time: time(savedAt)});
    else if (problem.name === "other-tab" || problem.name === "outdated") fill(line, t("error.othertab"), " ", button(t("call.here"), this.actions.takeOver, {low: true}));
    else if (problem.name === "disk-full") line.textContent = t("error.full");
    else line.textContent = t("error.save");
  }

  async leave() {
    clearInterval(this.ticking);
    setKeys("panel", []);
    await this.draft.flush().catch(() => {}); // told() has said it
  }

  // MARK: What others write

  async refresh() {
    if (this.form.subject !== "existing" || !this.details) return;
    const now = await known(this.details.number);
    if (!now || JSON.stringify(now) === JSON.stringify(this.details)) return;
    this.details = now;
    if (!this.before.contains(document.activeElement)) fill(this.before, before(this));
    this.showMeanwhile?.();
  }
}

function dayText(milliseconds) { return new Intl.DateTimeFormat("sv-SE", {timeZone: "Europe/Stockholm"}).format(milliseconds); }

/** The classification as it was when the call began: what others change shows against it. */
export function snapshot(details) {
  return {caller: details.caller ?? "", concerns: [...details.concerns].sort(), age: details.age ?? ""};
}
