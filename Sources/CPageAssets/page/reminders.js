// Mails to contacts that are due: the text is written, a person sends it, and it is noted that it went.

import {get, post} from "/api.js";
import {button, h} from "/dom.js";
import {saveFile} from "/files.js";
import {notice, open, problemWords, say} from "/frame.js";
import {day, t} from "/words.js";

export async function showReminders() {
  const due = await get("reminders");
  const sent = async (one) => {
    try {
      await post("reminders", {entries: one.entries.map((entry) => entry.id)});
      await open("reminders");
      say(t("reminder.noted", {name: one.contact ?? one.address}));
    } catch (problem) {
      say(problemWords(problem), {warn: true});
    }
  };
  const copy = async (one) => {
    try {
      await navigator.clipboard.writeText(one.text);
      say(t("reminder.copied"));
    } catch {
      say(t("reminder.uncopied"), {warn: true}); // the browser does not let the page
    }
  };
  const mail = (one, index) => h("section", {class: "mail"}, h("h2", {}, one.entries.map((entry) => entry.name).join(", ")),
    h("dl", {class: "facts"}, h("dt", {}, t("reminder.to")), h("dd", {}, [one.contact, one.address].filter(Boolean).join(", ")), h("dt", {}, t("reminder.subject")), h("dd", {}, one.subject), h("dt", {}, t("reminder.due")), h("dd", {}, day(one.due))),
    h("details", {open: index === 0}, h("summary", {}, t("reminder.text")), h("p", {class: "written letter"}, one.text)),
    h("p", {class: "acts"}, button(t("reminder.file"), () => saveFile("lugn " + one.entries[0].name + ".eml", "message/rfc822", one.file), {kind: ""}), button(t("reminder.copy"), () => copy(one), {kind: ""}), button(t("reminder.sent"), () => sent(one))));
  return {
    title: t("dir.mail"), page: "directory",
    work: [h("div", {class: "head"}, h("h1", {}, t("dir.mail")), h("p", {}, due.length ? t("reminder.what") : t("reminder.none"))), due.map(mail)],
    side: [h("section", {}, h("h2", {}, t("reminder.rule")), h("p", {class: "small soft"}, t("reminder.rule.what")))],
    async refresh() {
      const next = await get("reminders");
      if (JSON.stringify(next) !== JSON.stringify(due)) notice((close) => [t("live.changed"), " ", button(t("live.show"), () => { close(); open("reminders"); }, {low: true})]);
    },
  };
}
