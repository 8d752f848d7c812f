// Beside the text of a call: channel, language, and the questions that are answered by digits. What is known of a case
// that was called about before.

import {choices, labelled} from "/choices.js";
import {post} from "/api.js";
import {button, fill, h} from "/dom.js";
import {problemWords, say, session} from "/frame.js";
import {snapshot} from "/call-form.js";
import {day, dayOf, has, languageName, t} from "/words.js";

export const callers = ["relative", "external", "involved", "none"];
export const concerns = ["general", "religious", "rightWing", "leftWing"];
export const ages = ["under18", "18-21", "22-25", "over25", "none", "nobody"];
const requests = ["conversation", "advice", "knowledge", "referral", "other"];

export const pairs = (topic, values) => values.map((value) => [value, t(topic + "." + value)]);

/** The questions, and in a known case its answers with a way to change them. */
export function classification(call) {
  const {form} = call;
  const list = [channel(call), languageField(call)];
  const request = choices({name: "request", legend: t("class.request"), layout: "half", options: pairs("request", requests), value: form.request,
    changed: (value) => call.set("request", value), done: () => (form.subject === "without" ? undefined : call.guards.nextStep.area.focus())});
  if (form.subject === "existing" && call.details && !call.isReclassifying) {
    call.questions = [request];
    return [list, facts(call), request];
  }
  if (form.subject === "without") {
    call.questions = [request];
    return [list, request];
  }
  const mind = h("p", {class: "small gap-s", role: "status"});
  const child = choices({name: "child", legend: t("class.child"), layout: "half", options: [["no", t("no")], ["yes", t("yes")]], value: form.child,
    changed: (value) => { call.set("child", value); remind(); }, done: () => request.focusFirst()});
  const age = choices({name: "age", legend: t("class.age"), layout: "half", options: pairs("age", ages), value: form.age,
    changed: (value) => { call.set("age", value); remind(); }, done: () => child.focusFirst()});
  const concern = choices({name: "concern", legend: t("class.concern"), hint: t("class.several"), several: true, options: pairs("concern", concerns), value: form.concerns,
    changed: (value) => call.set("concerns", value), done: () => age.focusFirst()});
  const caller = choices({name: "caller", legend: t("class.caller"), key: "Alt K", options: pairs("caller", callers), value: form.caller,
    changed: (value) => call.set("caller", value), done: () => concern.focusFirst()});
  function remind() {
    const isChild = form.child === "yes" || form.age === "under18";
    fill(mind, isChild ? [h("b", {}, t("child.becomes")), " ", h("span", {class: "soft"}, t("child.becomes.what"))] : null);
  }
  remind();
  call.questions = [caller, concern, age, child, request];
  const meanwhile = h("div", {role: "status"});
  call.showMeanwhile = () => showMeanwhile(call, meanwhile, {caller, concern, age});
  return [list, meanwhile, caller, concern, age, mind, child, request];
}

function channel(call) {
  const select = h("select", {onchange: () => call.set("channel", select.value)}, pairs("channel", ["phone", "chat", "outbound"]).map(([value, name]) => h("option", {value}, name)));
  select.value = call.form.channel;
  return labelled(t("call.channel"), select, {id: "channel"});
}

function languageField(call) {
  const {form} = call;
  const tags = [...new Set(["sv", ...(session.languages ?? []), "en", "ar", "prs", "so", "ti", form.language])];
  const options = tags.flatMap((tag) => (tag === "sv" ? [["sv|", languageName("sv")]] : [
    [tag + "|", languageName(tag)], [tag + "|colleague", t("language.colleague", {language: languageName(tag)})],
    [tag + "|interpreter", t("language.interpreter", {language: languageName(tag)})]]));
  const select = h("select", {onchange: () => {
    const [language, interpreting] = select.value.split("|");
    call.set("language", language);
    call.set("interpreting", interpreting);
  }}, options.map(([value, name]) => h("option", {value}, name)));
  select.value = form.language + "|" + form.interpreting;
  const node = labelled(t("call.language"), select, {id: "language"});
  node.classList.add("tight");
  return node;
}

function facts(call) {
  const {details} = call;
  const fact = (label, value) => [h("dt", {}, label), h("dd", {}, value || t("class.none"))];
  return h("section", {class: "field"}, h("h2", {}, t("case.facts")), h("dl", {class: "facts small one"},
    fact(t("class.caller.short"), details.caller && t("caller." + details.caller)),
    fact(t("class.concern.short"), details.concerns.map((name) => t("concern." + name)).join(", ")),
    fact(t("class.age.short"), details.age && t("age." + details.age))),
  button(t("case.reclass"), () => {
    call.isReclassifying = true;
    Object.assign(call.base ?? {}, snapshot(details));
    call.set("caller", details.caller ?? "");
    call.set("concerns", [...details.concerns]);
    call.set("age", details.age ?? "");
    fill(call.side, classification(call));
    call.questions[0].focusFirst();
  }, {low: true}), details.concernsChild ? h("p", {class: "small soft gap-s"}, t("child.title")) : null);
}

/** Somebody else has changed the classification while it is being changed here: both are shown, and nothing is replaced. */
function showMeanwhile(call, node, fields) {
  const theirs = snapshot(call.details);
  const names = ["caller", "age"].filter((name) => theirs[name] !== call.base[name] && theirs[name] !== call.form[name]);
  if (!names.length) return fill(node);
  return fill(node, names.map((name) => {
    const settle = (take) => () => {
      call.base[name] = theirs[name];
      if (take) { call.set(name, theirs[name]); fields[name].set(theirs[name]); }
      showMeanwhile(call, node, fields);
    };
    const key = name + "." + theirs[name];
    return h("div", {class: "beside small"}, h("p", {}, h("b", {}, t("live.meanwhile.field", {field: t("class." + name + ".short")})), " ", has(key) ? t(key) : t("class.none")),
      h("p", {class: "acts"}, button(t("live.mine"), settle(false), {low: true}), button(t("live.theirs"), settle(true), {low: true})),
      h("p", {class: "soft"}, t("live.safe")));
  }));
}

/** What is known of the case already, on one screen. */
export function before(call) {
  const {details} = call;
  const latest = (kind) => details.notes.filter((note) => note.kind === kind).at(-1);
  const next = latest("nextStep");
  const last = latest("summary") ?? latest("note");
  const open = details.promises.filter((promise) => promise.status === "open");
  const referral = details.referrals.filter((entry) => entry.organisation).at(-1);
  const rows = [];
  const row = (label, ...content) => rows.push(h("dt", {}, label), h("dd", {dir: "auto"}, content));
  if (last) row(t("call.before.last"), shortened(last.text), h("span", {class: "small soft"}, ` ${last.by}, ${day(dayOf(last.at))}`));
  if (next) row(t("call.before.next"), next.text);
  for (const promise of open) row(t("call.before.promise"), promise.text ?? t("today.shredded"), h("span", {class: "small soft"}, " " + t("promise.due", {day: day(promise.due), code: promise.by})));
  if (referral) row(t("call.before.referral"), referral.organisation, ". ", referral.outcome ? t("outcome." + referral.outcome) : t("outcome.ask"), referral.outcome ? null : outcomes(call, referral));
  if (details.shreddedAt && !details.notes.length) row(t("case.text"), t("find.shredded"));
  return rows.length ? [h("h2", {}, t("call.before")), h("dl", {class: "facts"}, rows)] : null;
}

function shortened(text) { return text.length > 400 ? text.slice(0, 400).replace(/[\ud800-\udbff]$/, "") + " …" : text; }

function outcomes(call, referral) {
  return choices({name: "outcome", legend: t("outcome.record"), layout: "", options: pairs("outcome", ["supportReceived", "contactMade", "didNotHelp", "declined"]), value: "",
    changed: async (outcome) => {
      try {
        call.details = await post(`cases/${encodeURIComponent(call.details.number)}/outcome`, {id: referral.id, outcome});
        say(t("outcome.saved"));
      } catch (problem) {
        say(problemWords(problem), {warn: true});
      }
    }});
}
