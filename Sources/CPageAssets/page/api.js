// The way to the server: one bearer, in this module's memory and nowhere else.

const meta = document.querySelector('meta[name="bearer"]');
const bearer = meta.content;
meta.remove();

export const isOpened = bearer !== "";

/** Why something was not done; `name` is stable and has words in the page's language. */
export class Problem extends Error {
  constructor(name, status, members) {
    super(name);
    this.name = name;
    this.status = status;
    this.members = members;
  }
}

const listeners = {};
/** "locked", "open-again", "stopped", "answered" */
export function on(event, run) { listeners[event] = run; }

async function send(path, options) {
  let answer;
  try {
    answer = await fetch("/api/" + path, {
      cache: "no-store", credentials: "omit", redirect: "error", ...options,
      headers: {Authorization: "Bearer " + bearer, ...(options.body !== undefined && {"Content-Type": "application/json"})},
    });
  } catch {
    listeners.stopped?.();
    throw new Problem("stopped", 0, {});
  }
  listeners.answered?.();
  if (answer.ok) return answer;
  let body = {};
  try {
    body = await answer.json();
  } catch {
    // An answer of the server itself, such as 413, has no body: the status says enough.
  }
  const name = (body.type ?? "").replace("urn:lugn:problem:", "") || (answer.status === 413 ? "too-large" : "unknown");
  if (name === "open-again") listeners["open-again"]?.();
  if (name === "locked") listeners.locked?.();
  throw new Problem(name, answer.status, body);
}

export async function get(path, query = {}) {
  const text = new URLSearchParams(query).toString();
  return (await send(path + (text && "?" + text), {method: "GET"})).json();
}

export async function post(path, body = {}, {keepalive = false} = {}) {
  return (await send(path, {method: "POST", body: JSON.stringify(body), keepalive})).json();
}

/** Calls back for every change of the data, for as long as the page is open. */
export async function follow(after, changed) {
  let number = after;
  while (true) {
    try {
      const text = await (await send("events?after=" + number, {method: "GET"})).text();
      const id = text.match(/^id: (\d+)$/m);
      if (id) {
        number = Number(id[1]);
        changed(number);
      }
    } catch (problem) {
      if (problem.name === "open-again") return;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** Asks the program to open the page anew: this one has lost its bearer. */
export async function reopen() {
  await fetch("/reopen", {method: "POST", headers: {"Content-Type": "application/json"}, body: "{}"});
}
