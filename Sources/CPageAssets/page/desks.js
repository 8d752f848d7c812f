// The line's computers: who belongs to it, who wants to come in, and what a lead does about it.

import {get, post} from "/api.js";
import {labelled} from "/choices.js";
import {button, fill, h, section} from "/dom.js";
import {open, problemWords, say, session} from "/frame.js";
import {openRemoval, openRename, openRehearsal} from "/desks-panels.js";
import {leadGate} from "/lead.js";
import {day, dayOf, moment, t} from "/words.js";

const askMilliseconds = 2000;

export async function showDesks() {
  const list = h("div", {});
  const wanting = h("div", {});
  const invited = h("div", {});
  const side = h("div", {});
  const mind = h("p", {class: "small soft", role: "status"});
  let line = null;
  let heard = null;
  let isGone = false;
  let waiting = {applicants: [], invitations: []};

  async function draw() {
    line = await get("line");
    const present = line.desks.filter((desk) => !desk.removedAt);
    const removed = line.desks.filter((desk) => desk.removedAt);
    fill(list, section(t("desks.in"), present.length, h("ul", {class: "rows"}, present.map(row))),
      present.filter((desk) => desk.isLead).length < 2 ? h("p", {class: "small soft gap-s"}, t("desks.oneLead")) : null,
      removed.length ? h("details", {class: "gap-s"}, h("summary", {}, t("desks.removed", {n: removed.length})), h("ul", {class: "rows"}, removed.map((desk) => h("li", {class: "pad keyed"}, h("p", {}, desk.name ?? t("desks.unnamed")), h("p", {class: "small soft"}, day(dayOf(desk.removedAt))))))) : null);
    const gate = leadGate(line, async () => { await draw(); ask(); });
    fill(side, gate, line.isLead ? h("section", {}, h("h2", {}, t("sheet.title")), h("p", {class: "small soft"}, t("sheet.rehearse.what")), h("p", {class: "acts tight"}, button(t("sheet.rehearse"), () => openRehearsal(), {kind: ""}))) : null,
      line.isLead ? h("section", {}, h("h2", {}, t("late.see")), h("p", {class: "small soft"}, t("late.see.what")), h("p", {class: "acts tight"}, button(t("late.open"), () => open("late"), {kind: ""}))) : null,
      h("section", {}, h("h2", {}, t("desks.how")), h("p", {class: "small soft"}, t("desks.how.what"))));
  }

  function lastWords(desk) {
    if (desk.isHere) return t("desks.here");
    if (!heard) return "";
    if (heard[desk.id]) return t("desks.heard", {time: moment(heard[desk.id])});
    return desk.countedFrom > desk.admittedAt ? t("desks.unheard", {day: day(dayOf(desk.countedFrom))}) : t("desks.never");
  }
  function row(desk) {
    const name = desk.name ?? t("desks.unnamed");
    const last = lastWords(desk);
    const isLast = desk.isLead && line.desks.filter((one) => one.isLead && !one.removedAt).length === 1;
    const acts = [button(t("desks.rename"), () => openRename(desk, changed), {low: true}), isLast ? null : button(t(desk.isLead ? "people.unlead" : "people.makelead"), () => act("role", {desk: desk.id, isLead: !desk.isLead}), {low: true}),
      desk.isHere ? null : button(t("desks.remove"), () => openRemoval(desk, changed), {low: true})];
    return h("li", {class: "pad keyed"}, h("div", {}, h("p", {}, h("b", {}, name), desk.isLead ? " · " + t("people.lead") : ""),
      h("p", {class: "small soft"}, [last, t("desks.since", {day: day(dayOf(desk.admittedAt))})].filter(Boolean).join(" · "))),
      line.isLead ? h("p", {class: "acts tight"}, acts) : null);
  }
  async function changed(said) {
    await draw();
    say(said ?? t("settings.done"));
  }
  async function act(path, body) {
    try {
      const answer = await post("line/" + path, body);
      await draw();
      await ask();
      return answer;
    } catch (problem) {
      say(problemWords(problem), {warn: true});
      return null;
    }
  }

  // Who wants to come in. What is being typed stays: a row is drawn anew only where something about it has changed.

  function drawWaiting() {
    const rows = new Map([...wanting.querySelectorAll("[data-id]")].map((node) => [node.dataset.id, node]));
    const nodes = waiting.applicants.map((one) => {
      const mark = JSON.stringify(one);
      const known = rows.get(one.id);
      return known?.dataset.mark === mark ? known : applicant(one, mark, known);
    });
    const focused = wanting.contains(document.activeElement) ? document.activeElement : null;
    const id = focused?.closest("[data-id]")?.dataset.id;
    if (nodes.length !== wanting.querySelectorAll("[data-id]").length || nodes.some((node) => !node.isConnected)) fill(wanting, nodes.length ? section(t("desks.wanting"), nodes.length, nodes) : null);
    if (focused) (focused.isConnected ? focused : nodes.find((node) => node.dataset.id === id)?.querySelector(".pin"))?.focus();
    fill(invited, waiting.invitations.length ? section(t("desks.invited"), waiting.invitations.length, h("ul", {class: "rows"}, waiting.invitations.map((one) => h("li", {class: "pad keyed"},
      h("p", {}, t(one.isOver ? "desks.invited.over" : "desks.invited.until", {time: moment(one.expires)}), one.isContested ? h("span", {class: "warn"}, " " + t("desks.contested")) : ""),
      h("p", {class: "acts tight"}, button(t("desks.withdraw"), () => act("withdraw", {id: one.id}), {low: true})))))) : null);
  }
  function applicant(one, mark, before) {
    const digits = h("input", {type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "7", class: "pin", value: before?.querySelector(".pin")?.value ?? ""});
    const asLead = h("input", {type: "checkbox", "data-key": "✓"});
    const error = h("p", {class: "error", role: "alert", hidden: true});
    const tell = (text) => { error.textContent = text; error.hidden = false; digits.focus(); digits.select(); };
    async function admit() {
      const answer = await act("admit", {id: one.id, digits: digits.value, isLead: asLead.checked});
      if (answer?.is === "admitted") say(t("desks.admitted", {desk: one.name}));
      else if (answer?.is === "notReady") tell(t("desks.notReady"));
      else if (answer) answer.left ? tell(t("desks.wrong", {n: answer.left})) : say(t("desks.wrong.last"), {warn: true});
    }
    const refuse = button(t("desks.refuse"), () => act("refuse", {id: one.id}), {kind: ""});
    if (!one.name) return h("div", {class: "errors", "data-id": one.id, "data-mark": mark}, h("p", {}, t("desks.stranger")), h("p", {class: "acts"}, refuse));
    return h("form", {class: "beside", "data-id": one.id, "data-mark": mark, onsubmit: (event) => { event.preventDefault(); admit(); }}, h("h3", {}, t("desks.wants", {desk: one.name})), h("p", {}, t("desks.wants.what")),
      one.isContested ? h("p", {class: "warn"}, t("desks.contested")) : null,
      labelled(t("desks.digits"), digits, {id: "digits-" + one.id, hint: one.isShown ? null : t("desks.notShown")}), error,
      h("div", {class: "choices gap-s"}, h("label", {}, asLead, t("desks.asLead"))), h("p", {class: "acts"}, h("button", {class: "primary"}, t("desks.admit")), refuse));
  }

  let next = 0;
  let asked = 0;
  async function ask() {
    clearTimeout(next);
    const number = ++asked;
    if (isGone || session.lockedSince || !line.isLead) return;
    try {
      const answer = await get("line/waiting");
      if (number !== asked) return;
      waiting = answer;
      // Once it is used there is nothing more to do with its text.
      if (waiting.applicants.some((one) => one.id === freshID)) fill(fresh);
      mind.textContent = "";
      drawWaiting();
    } catch (problem) {
      if (problem.name === "lead") return draw();
      mind.textContent = problemWords(problem);
    }
    if (number === asked) next = setTimeout(ask, askMilliseconds);
  }

  // A new invitation is shown once.
  const fresh = h("div", {role: "status"});
  let freshID = "";
  async function invite() {
    if (!line.isLead) return say(t(line.isLeadDesk ? "problem.lead" : "lead.desk"), {warn: true});
    const made = await act("invite", {});
    if (!made) return;
    freshID = made.id;
    const text = h("textarea", {rows: "4", readonly: true, class: "invitation", value: made.text});
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(made.text);
        say(t("reminder.copied"));
      } catch {
        text.select(); // the browser does not let the page: the keys of the computer do
        say(t("reminder.uncopied"), {warn: true});
      }
    };
    fill(fresh, section(t("desks.new"), null, labelled(t("join.invitation"), text, {id: "new-invitation", hint: t("desks.new.until", {time: moment(made.expires)})}),
      h("p", {class: "acts"}, button(t("desks.copy"), copy, {kind: ""}), button(t("desks.new.hide"), () => fill(fresh))),
      h("ol", {class: "steps"}, ["send", "call", "type"].map((step) => h("li", {}, t("desks.new." + step))))));
    text.focus();
    text.select();
  }

  await draw();
  ask();
  get("line/heard").then((answer) => { heard = answer; return draw(); }).catch((problem) => { mind.textContent = problemWords(problem); });
  return {
    title: t("desks.title"), page: "settings", side: [side],
    work: [h("div", {class: "head"}, h("h1", {}, t("desks.title")), h("p", {}, t("desks.what"))), h("div", {class: "stack"}, fresh, wanting, list, invited), mind],
    end: line.isLeadDesk ? [button(t("desks.invite"), invite, {kind: "primary", key: "Alt I"})] : [],
    keys: line.isLeadDesk ? [{key: "Alt I", name: t("desks.invite"), run: invite}] : [],
    leave() { isGone = true; clearTimeout(next); },
    async refresh() { if (!list.contains(document.activeElement)) await draw(); },
  };
}
