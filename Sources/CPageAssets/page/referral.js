// Whom the caller was referred to, what came of it, and the gate: nobody is sent where nobody of us has called.

import {get, post} from "/api.js";
import {choices, labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {ageSpan, verifiedLine} from "/entry.js";
import {problemWords} from "/frame.js";
import {panel} from "/panel.js";
import {pairs} from "/call-side.js";
import {session} from "/frame.js";
import {span, t, today} from "/words.js";

const outcomes = ["supportReceived", "contactMade", "didNotHelp", "declined", "notKnown"];
const ways = ["firstContact", "research", "tips"];

export function referrals(page) {
  const {details} = page;
  return h("section", {class: "chapter"}, h("h2", {}, t("case.referrals")),
    details.referrals.length ? h("ul", {class: "rows"}, details.referrals.map((entry) => h("li", {class: "pad"}, one(page, entry)))) : h("p", {class: "empty"}, t("referral.none")),
    details.isOpen ? h("p", {class: "acts"}, button(t("referral.add"), () => chooseReferral(page), {kind: "", key: "Alt V"})) : null);
}

function one(page, referral) {
  if (!referral.organisation) return [h("p", {}, h("b", {}, t("outcome.nobody"))), h("p", {class: "small soft"}, referral.by)];
  const field = h("div", {hidden: true}, choices({name: "outcome-" + referral.id, legend: t("outcome.record"), layout: "", options: pairs("outcome", outcomes), value: referral.outcome ?? "",
    changed: (outcome) => page.act("outcome", {id: referral.id, outcome}, t("outcome.saved"))}));
  return [h("p", {}, h("b", {}, referral.organisation), h("span", {class: "soft"}, " · " + (referral.way ? t("way." + referral.way) : ""))),
    h("p", {class: "small soft"}, referral.verifiedOn ? (referral.verifiedOn === today ? t("referral.verified.today") : t("referral.verified", {time: span(referral.verifiedOn)})) + " · " : "", referral.outcome ? t("outcome." + referral.outcome) : t("outcome.unknown"), " ",
      button(t("outcome.record"), () => { field.hidden = false; field.firstChild.focusFirst(); }, {low: true})), field];
}

/** Somebody from the directory: found by age and area, refused where nobody has been reached. */
export function chooseReferral(page) {
  const list = h("div", {});
  const input = h("input", {type: "text", autocomplete: "off", oninput: () => look().catch(shown),
    onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); list.querySelector("h3 button")?.click(); } }});
  const mind = h("p", {class: "error", role: "alert", hidden: true});
  function shown(problem) { mind.textContent = problemWords(problem); mind.hidden = false; }
  let asked = 0;
  async function look() {
    const number = ++asked;
    const found = await get("directory", input.value.trim() ? {q: input.value.trim()} : {});
    if (number !== asked) return;
    const years = input.value.match(/\b\d{1,2}\b/)?.[0];
    fill(list, h("p", {class: "small soft gap-s", role: "status"}, t("dir.count", {n: found.length})), h("ul", {class: "rows"}, found.slice(0, 30).map((entry) => h("li", {class: "entry"},
      h("div", {}, h("h3", {}, button(entry.name, () => (entry.isVerified ? way(entry) : gate(entry)))), h("p", {class: "small soft"}, entry.area ?? ""), verifiedLine(entry)), ageSpan(entry, years && Number(years))))),
    h("p", {class: "acts"}, button(t("gate.nobody"), nobody)));
  }
  const body = h("div", {class: "keylist"});
  const start = () => fill(body, h("h1", {}, t("referral.add")), mind, labelled(t("dir.search"), input, {id: "referral-search", hint: t("dir.search.hint")}), list, h("p", {class: "acts"}, button(t("cancel"), () => close())));
  async function send(action, content, said) {
    close();
    await page.act(action, content, said);
  }
  function nobody() { return send("referral-nobody", {}, t("gate.nobody.why")); }
  function way(entry) {
    const field = choices({name: "way", legend: t("referral.how"), options: pairs("way", ways), value: "", changed: (value) => send("referral", {entry: entry.id, way: value}, t("referral.saved"))});
    fill(body, h("h1", {}, entry.name), verifiedLine(entry), field, h("p", {class: "acts"}, button(t("back"), start)));
    field.focusFirst();
  }
  /** The refusal is four ways on, not a wall. */
  function gate(entry) {
    const called = button(t("gate.call"), async () => {
      try {
        await post(`directory/${entry.id}/verify`, {result: "confirmed"});
        way({...entry, isVerified: true, verifications: [{on: session.today, result: "confirmed", by: session.code}, ...entry.verifications]});
      } catch (problem) {
        shown(problem);
      }
    });
    const later = button(t("gate.later"), () => send("promise", {text: t("gate.promise", {name: entry.name}), day: "+3"}, t("promise.saved")));
    const options = [[called, [entry.phone, t("gate.call.then")].filter(Boolean).join(", ")], [later, ""], [button(t("gate.other"), () => { start(); input.focus(); }), ""], [button(t("gate.nobody"), nobody), t("gate.nobody.why")]];
    fill(body, h("h1", {}, entry.name), h("p", {class: "mind text-warn"}, t("gate.refused")), h("p", {}, t("gate.why")),
      h("ol", {class: "ways gap-s"}, options.map(([action, what], index) => h("li", {}, h("span", {class: "key", "aria-hidden": "true"}, index + 1), h("span", {}, action, " ", h("span", {class: "small soft"}, what))))), h("p", {class: "acts"}, button(t("back"), start)));
    body.onkeydown = (event) => { const option = options[Number(event.key) - 1]; if (option && !event.target.matches("input")) option[0].click(); };
    called.focus();
  }
  start();
  const {close} = panel(t("referral.add"), body, {first: input});
  look().catch(shown);
}
