// The directory: who can be referred to, and how lately somebody has been reached there.

import {get, post} from "/api.js";
import {choices, labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {ageSpan, verifiedLine} from "/entry.js";
import {open, problemWords, say, show as showView} from "/frame.js";
import {Guard} from "/guard.js";
import {day, t, word} from "/words.js";

const kinds = ["municipality", "authority", "civilSociety", "faithCommunity", "helpline", "other"];
const hints = ["area", "ages"];
const sources = ["commissioner", "ownContact", "tip"];
let filter = {};

export async function showDirectory({id, isNew}) {
  if (isNew) return edit(null);
  return id ? show(await get("directory/" + id)) : list();
}

// MARK: The list

async function list() {
  const hits = h("div", {role: "region", "aria-label": t("nav.directory")});
  let asked = 0;
  const input = h("input", {type: "text", autocomplete: "off", oninput: () => look().catch((problem) => say(problemWords(problem), {warn: true}))});
  async function look() {
    const number = ++asked;
    const found = await get("directory", {...(input.value.trim() && {q: input.value.trim()}), ...filter});
    if (number !== asked) return;
    const years = input.value.match(/\b\d{1,2}\b/)?.[0];
    fill(hits, h("p", {class: "soft small gap-s", role: "status"}, t("dir.count", {n: found.length})),
      found.length ? h("ul", {class: "rows"}, found.map((entry) => row(entry, years && Number(years)))) : h("p", {class: "empty"}, t(input.value ? "dir.none" : "empty.directory")));
  }
  await look();
  const shown = choices({name: "filter", legend: t("find.filters"), key: "Alt Y", several: true, options: [["verified", t("dir.f.verified")], ["due", t("dir.due")]], value: Object.keys(filter),
    changed: (picked) => { filter = Object.fromEntries(picked.map((name) => [name, 1])); look().catch((problem) => say(problemWords(problem), {warn: true})); }});
  return {
    title: t("nav.directory"), focus: input, page: "directory", sideLabel: t("dir.aside"),
    work: [h("div", {class: "head"}, h("h1", {}, t("nav.directory")), button(t("dir.add"), () => open("directory", {isNew: true}), {kind: "end"})),
      labelled(t("dir.search"), input, {id: "directory-search", hint: t("dir.search.hint")}), hits],
    side: [shown, await reminders(), h("section", {}, h("h2", {}, t("dir.since")), h("p", {class: "small soft"}, t("dir.span")))],
    keys: [{key: "Alt Y", name: t("find.filters"), run: () => shown.focusFirst()}],
    async refresh() { if (!hits.contains(document.activeElement)) await look(); },
  };
}

async function reminders() {
  const due = await get("reminders");
  return due.length ? h("section", {}, h("h2", {}, t("dir.mail"), h("span", {class: "count"}, due.length)), h("p", {class: "small soft"}, t("dir.mail.what")), h("p", {class: "acts tight"}, button(t("dir.mail.open"), () => open("reminders"), {low: true}))) : null;
}

function row(entry, years) {
  return h("li", {class: "entry"}, h("div", {}, h("h3", {}, h("a", {href: "/", onclick: (event) => { event.preventDefault(); open("directory", {id: entry.id}); }}, entry.name)),
    h("p", {class: "small soft"}, [entry.kind && word("organisation", entry.kind), entry.area].filter(Boolean).join(" · ")),
    entry.offers ? h("p", {dir: "auto"}, entry.offers) : null, verifiedLine(entry)), ageSpan(entry, years));
}

// MARK: One entry

function show(entry) {
  const act = async (action, body) => {
    try {
      await post(`directory/${entry.id}/${action}`, body);
      await open("directory", {id: entry.id});
      say(t("dir.saved"));
    } catch (problem) {
      say(problemWords(problem), {warn: true});
    }
  };
  const fact = (key, value) => (value ? [h("dt", {}, t("dir." + key)), h("dd", {dir: "auto"}, value)] : []);
  const result = choices({name: "result", legend: t("dir.reached"), key: "Alt R", options: ["confirmed", "noAnswer", "cannotHelp"].map((value) => [value, t("verification." + value)]), value: "",
    changed: (value) => act("verify", {result: value})});
  return {
    title: entry.name, page: "directory",
    work: [h("div", {class: "head"}, h("h1", {}, entry.name), button(t("dir.edit"), () => open_(edit(entry)), {kind: "end", key: "Alt E"}), h("p", {}, [entry.kind && word("organisation", entry.kind), entry.area].filter(Boolean).join(" · "))),
      verifiedLine(entry), h("dl", {class: "facts gap-m"}, fact("offers", entry.offers), fact("ages", entry.ages ?? t("dir.all")), fact("plan", t("plan." + (entry.hasPlan === null ? "unknown" : entry.hasPlan ? "yes" : "no"))), fact("contact", entry.contactName), fact("phone", entry.phone), fact("email", entry.email), fact("source", entry.source && word("source", entry.source))),
      entry.isRetired ? h("p", {class: "mind text-warn gap-m"}, t("dir.retired")) : null,
      h("section", {}, h("h2", {}, t("dir.history")), entry.verifications.length + entry.reminders.length ? h("ul", {class: "rows"}, history(entry).map(([on, what, by]) => h("li", {class: "pad"}, [day(on), what, by].join(" · ")))) : h("p", {class: "empty"}, t("verified.never.what")))],
    side: [result, h("p", {class: "small soft gap-s"}, t("dir.reached.what")), h("p", {class: "acts"}, button(t(entry.isRetired ? "dir.use" : "dir.retire"), () => act("retire", {isRetired: !entry.isRetired}), {low: true}))],
    keys: [{key: "Alt R", name: t("dir.reached"), run: () => result.focusFirst()}, {key: "Alt E", name: t("dir.edit"), run: () => open_(edit(entry))}],
  };
}

/** Who was reached there, and what was mailed: the latest first. */
function history(entry) {
  return [...entry.verifications.map((one) => [one.on, word("verification", one.result), one.by]), ...entry.reminders.map((one) => [one.on, t("dir.mailed"), one.by])].sort(([left], [right]) => (left < right ? 1 : left > right ? -1 : 0));
}

function open_(view) {
  showView({name: "directory", ...view});
}

function edit(entry) {
  const names = ["name", "area", "ages", "contactName", "phone", "email"];
  const inputs = Object.fromEntries(names.map((name) => [name, h("input", {type: "text", autocomplete: "off", value: entry?.[name] ?? ""})]));
  let marks = [];
  const offers = new Guard({id: "dir-offers", label: t("dir.offers"), key: "Alt T", hint: null, text: entry?.offers ?? "", rows: "two-rows", typed: () => {}, changed: (next) => { marks = next; }});
  inputs.offers = offers.area;
  const select = (topic, values, value) => {
    const node = h("select", {}, [["", t("class.none")], ...values.map((one) => [one, t(topic + "." + one)])].map(([one, label]) => h("option", {value: one}, label)));
    node.value = value ?? "";
    return node;
  };
  inputs.kind = select("organisation", kinds, entry?.kind);
  inputs.source = select("source", sources, entry?.source);
  inputs.hasPlan = select("plan", ["yes", "no"], planOf(entry));
  const base = entry && {...entry, hasPlan: planOf(entry)};
  const labels = {contactName: "dir.contact", kind: "dir.kind"};
  const fields = ["name", "kind", "area", "offers", "ages", "hasPlan", "contactName", "phone", "email", "source"];
  const meanwhile = {};
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});

  /** Somebody else has changed the entry meanwhile: what they wrote stands beside what is being typed, and nothing is replaced. */
  async function refresh() {
    if (!entry) return;
    const next = await get("directory/" + entry.id);
    const theirs = {...next, hasPlan: planOf(next)};
    for (const name of fields) {
      const value = theirs[name] ?? "";
      if (value === (base[name] ?? "")) continue;
      const settle = (takes) => () => {
        base[name] = theirs[name];
        if (takes) { inputs[name].value = value; inputs[name].dispatchEvent(new Event("input")); }
        fill(meanwhile[name]);
        inputs[name].focus();
      };
      if (inputs[name].value === value) { base[name] = theirs[name]; continue; }
      fill(meanwhile[name], h("div", {class: "beside small"}, h("p", {}, h("b", {}, t("live.meanwhile.field", {field: t(labels[name] ?? "dir." + name)})), " ", h("span", {dir: "auto"}, value || t("class.none"))),
        h("p", {class: "acts"}, button(t("live.mine"), settle(false), {low: true}), button(t("live.theirs"), settle(true), {low: true})), h("p", {class: "soft"}, t("live.safe"))));
    }
    base.basis = next.basis;
  }
  async function save() {
    const before = Object.fromEntries(Object.keys(inputs).map((name) => [name, base?.[name] ?? ""]));
    const changed = Object.fromEntries(Object.entries(inputs).filter(([name, input]) => input.value !== before[name]).map(([name, input]) => [name, input.value]));
    if (entry && !Object.keys(changed).length) return open("directory", {id: entry.id});
    try {
      await offers.look();
      const saved = await post(entry ? `directory/${entry.id}/edit` : "directory", {...changed, ...("offers" in changed && {marks}), ...(base && {basis: base.basis})});
      await open("directory", {id: saved.id});
      return say(t("dir.saved"));
    } catch (problem) {
      fill(errors, h("p", {}, problemWords(problem)));
      errors.hidden = false;
      return errors.focus();
    }
  }
  return {
    title: t(entry ? "dir.edit" : "dir.add"), page: "directory", focus: inputs.name,
    work: [h("div", {class: "head"}, h("h1", {}, entry ? entry.name : t("dir.add"))), errors,
      fields.map((name) => {
        const node = name === "offers" ? offers.node : labelled(t(labels[name] ?? "dir." + name), inputs[name], {id: "dir-" + name, hint: hints.includes(name) ? t(`dir.${name}.hint`) : null});
        meanwhile[name] = h("div", {role: "status"});
        node.append(meanwhile[name]);
        return node;
      })],
    end: [button(t("save"), save, {kind: "primary", key: "Ctrl S"}), button(t("cancel"), () => open("directory", entry ? {id: entry.id} : {}))],
    keys: [{key: "Ctrl S", name: t("save"), run: save}], refresh,
  };
}

function planOf(entry) { return typeof entry?.hasPlan === "boolean" ? (entry.hasPlan ? "yes" : "no") : ""; }
