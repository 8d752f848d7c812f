// Elements, made from data. Text goes in by textContent only, so that nothing that was typed is ever markup.

/** h("p", {class: "soft", onclick: f}, "text", node, [nodes], null): an element. Empty children are left out. */
export function h(tag, attributes, ...children) {
  const svg = ["svg", "defs", "pattern", "rect", "line", "text", "g"].includes(tag);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else if (name === "vars") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replaces what is in an element. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** A sentence with an element in the place of one of its names: parts("Nu är {time}.", {time: node}). */
export function parts(sentence, nodes) {
  return sentence.split(/(\{\w+\})/).map((part) => {
    const name = part.match(/^\{(\w+)\}$/)?.[1];
    return name && name in nodes ? nodes[name] : part;
  });
}

/** A text with what matched marked: between U+0002 and U+0003, as the search gives it. */
export function matched(text) {
  return text.split(/(\u0002[^\u0003]*\u0003)/).map((part) =>
    part.startsWith("\u0002") ? h("mark", {}, part.slice(1, -1)) : part);
}

/** What a person typed, line by line, in its own direction. */
export function written(text, attributes = {}) {
  return h("p", {dir: "auto", class: "written", ...attributes}, text);
}

export function button(label, run, {key, kind = "plain", low, ...rest} = {}) {
  const name = kind === "" ? null : kind + (low ? " low" : "");
  const shortcut = key && h("kbd", {"aria-hidden": "true"}, key);
  return h("button", {type: "button", class: name, onclick: run, ...(key && {"aria-keyshortcuts": key.replace(" ", "+")}), ...rest},
    h("span", {}, label), shortcut);
}

export function section(title, count, ...children) {
  return h("section", {}, h("h2", {}, title, count !== null && h("span", {class: "count"}, count)), children);
}
