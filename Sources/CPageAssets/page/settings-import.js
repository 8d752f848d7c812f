// Taking over what others recorded: a file is looked at first, and what would happen is said before it does.

import {post} from "/api.js";
import {labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {readFile, saveFile} from "/files.js";
import {problemWords} from "/frame.js";
import {t} from "/words.js";

export function importSection(form) {
  if (!form.isLead) return null;
  const kind = h("select", {onchange: again}, [["cases", t("import.cases")], ["directory", t("import.directory")]].map(([value, label]) => h("option", {value}, label)));
  const log = h("input", {type: "text", autocomplete: "off", oninput: again});
  const dates = h("input", {type: "text", autocomplete: "off", oninput: again});
  const file = h("input", {type: "file", accept: ".csv,text/csv,text/plain", onchange: look});
  const out = h("div", {role: "status", class: "gap-m"});
  function again() { fill(out); file.value = ""; }

  async function send(isTrial) {
    const chosen = file.files[0];
    if (!chosen) return;
    fill(out, h("p", {class: "soft"}, t(isTrial ? "import.reading" : "import.saving")));
    try {
      const done = await post("import/" + kind.value, {data: await readFile(chosen), isTrial, log: log.value, dateFormat: dates.value});
      fill(out, result(done, isTrial));
    } catch (problem) {
      fill(out, h("p", {class: "error"}, problem.name === "bad-value" ? t("import.bad") : problemWords(problem)), problem.members?.title ? h("p", {class: "small soft", lang: "en"}, problem.members.title) : null);
    }
  }
  function look() { return send(true); }

  function result(done, isTrial) {
    const name = file.files[0].name.replace(/(\.rejects)?\.csv$/i, "") + ".rejects.csv";
    return [h("p", {}, h("b", {}, t(isTrial ? "import.would" : "import.done", {n: done.added})), " ", t("import.rest", {known: done.known, bad: done.bad})),
      h("p", {class: "small soft"}, t("import.how", {encoding: done.encoding, dates: done.dateFormat})),
      done.columnsLeftOut.length ? h("p", {class: "small"}, t("import.columns", {names: done.columnsLeftOut.join(", ")})) : null,
      done.warnedLines.length ? h("p", {class: "small text-warn"}, t("import.warned", {lines: done.warnedLines.slice(0, 12).join(", ")})) : null,
      done.bad ? [h("ul", {class: "rows"}, done.reasons.map((one) => h("li", {class: "pad small"}, t("import.line", {n: one.line}), " ", h("span", {lang: "en"}, one.reason)))),
        h("p", {class: "acts tight"}, button(t("import.rejects"), () => saveFile(name, "text/csv", "\ufeff" + done.refused), {low: true}))] : null,
      isTrial && done.added ? h("p", {class: "acts"}, button(t("import.do", {n: done.added}), () => send(false), {kind: "primary"}), button(t("cancel"), again)) : null];
  }

  return h("section", {}, h("h2", {}, t("import.title")), h("p", {class: "soft small"}, t("import.what")),
    h("div", {class: "two even"}, labelled(t("import.kind"), kind, {id: "import-kind"}), labelled(t("import.file"), file, {id: "import-file"})),
    h("details", {class: "gap-s"}, h("summary", {}, t("import.more")), h("div", {class: "two even gap-s"}, labelled(t("import.log"), log, {id: "import-log", hint: t("import.log.hint")}), labelled(t("import.dates"), dates, {id: "import-dates", hint: t("import.dates.hint")}))), out);
}
