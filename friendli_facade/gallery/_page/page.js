"use strict";

// Text gets onto the page by textContent alone, whatever it says.

const byId = (id) => document.getElementById(id);
const { title, pictures, left_out: leftOut } = JSON.parse(byId("data").textContent);
const grid = byId("grid");
const dialog = byId("dialog");

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

// The beginning of a text, which does not end between the halves of a character.
const beginning = (text, length) =>
  text.length > length ? `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "")}…` : text;

const number = (value, noun) => `${value.toLocaleString("en")} ${noun}${value === 1 ? "" : "s"}`;

// ---------------------------------------------------------------- cards

const card = (picture) => {
  const frame = make("span", { className: "frame" });
  if (picture.thumbnail === null) {
    frame.textContent = "No preview";
  } else {
    frame.append(make("img", { loading: "lazy", decoding: "async", alt: "", src: picture.thumbnail }));
  }
  const words = picture.prompt || picture.name;
  const facts = [picture.seed === null ? "" : `seed ${picture.seed}`, picture.model ?? ""];
  if (picture.inputs.length) facts.unshift("edit");
  if (picture.problems.length) facts.unshift("⚠ see inside");
  const button = make(
    "button",
    { type: "button", className: "card", tabIndex: -1 },
    frame,
    make("span", { className: "words", dir: "auto", textContent: beginning(words, 200) }),
    make("span", {
      className: "facts",
      dir: "auto",
      textContent: beginning(facts.filter(Boolean).join(" · ") || "not known how it was made", 100),
    }),
  );
  button.picture = picture;
  return make("li", {}, button);
};

const collator = new Intl.Collator("en", { numeric: true });
const compared = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
const byName = (one, other) => collator.compare(one.name, other.name);
const orders = {
  newest: (one, other) => compared(other.when, one.when) || byName(one, other),
  name: byName,
  // Pictures without a seed are the last.
  seed: (one, other) =>
    compared(one.seed === null, other.seed === null) ||
    (one.seed !== null && compared(one.number, other.number)) ||
    byName(one, other),
};

const all = pictures.filter((picture) => picture.shown);
for (const picture of all) {
  picture.searched = `${picture.prompt ?? ""}\n${picture.name}`.toLowerCase();
  picture.when = Date.parse(picture.time) || 0;
  picture.number = picture.seed === null ? null : BigInt(picture.seed);
  picture.item = null;
}

let shown = [];
let sorted = null;
let order = "";

const item = (picture) => (picture.item ??= card(picture));
const button = (picture) => item(picture).firstElementChild;

// Those that fill a screen are there at once, and the others before the next key is struck.
const FIRST = 60;
const EACH = 400;
let filling = 0;

const fill = (from) => {
  const next = shown.slice(from, from + (from ? EACH : FIRST)).map(item);
  if (from) grid.append(...next);
  else grid.replaceChildren(...next);
  const to = from + next.length;
  filling = to < shown.length ? setTimeout(fill, 0, to) : 0;
};

const fillAll = () => {
  if (!filling) return;
  clearTimeout(filling);
  filling = 0;
  grid.append(...shown.slice(grid.childElementCount).map(item));
};

const apply = () => {
  if (order !== byId("sort").value) {
    order = byId("sort").value;
    sorted = all.toSorted(orders[order]);
  }
  const terms = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const model = byId("model").value;
  const seed = byId("seed").value.trim();
  shown = sorted.filter(
    (picture) =>
      (model === "" || `=${picture.model}` === model) &&
      (seed === "" || picture.seed === seed) &&
      terms.every((term) => picture.searched.includes(term)),
  );
  clearTimeout(filling);
  fill(0);
  stop(shown[0]);
  const whole = number(all.length, "picture");
  byId("count").textContent =
    shown.length === all.length ? whole : `${shown.length.toLocaleString("en")} of ${whole}`;
  byId("nothing").hidden = shown.length > 0 || all.length === 0;
};

// ---------------------------------------------------------------- keys in the grid

// One card is in the order of the Tab key: the one that had the focus last.
let stopped;
const stop = (picture) => {
  if (stopped) button(stopped).tabIndex = -1;
  stopped = picture;
  if (picture) button(picture).tabIndex = 0;
};

const focus = (picture) => {
  fillAll();
  stop(picture);
  button(picture).focus();
};

const columns = () => getComputedStyle(grid).gridTemplateColumns.split(" ").length;

grid.addEventListener("focusin", (event) => stop(event.target.picture));
grid.addEventListener("click", (event) => {
  const chosen = event.target.closest(".card");
  if (chosen) open(chosen.picture);
});
grid.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const from = shown.indexOf(event.target.picture);
  const last = shown.length - 1;
  const to = {
    ArrowLeft: () => from - 1,
    ArrowRight: () => from + 1,
    ArrowUp: () => from - columns(),
    ArrowDown: () => Math.max(from, Math.min(from + columns(), last)),
    Home: () => 0,
    End: () => last,
  }[event.key]?.();
  if (to === undefined) return;
  event.preventDefault();
  if (to >= 0 && to <= last) focus(shown[to]);
});
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, select");
  if (event.key === "/" && !isTyping && !dialog.open && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    byId("search").select();
  }
});

// ---------------------------------------------------------------- the command

// The words of a path as a shell reads them, and nothing that a terminal obeys when it is pasted.
const quoted = (bytes) => {
  let text = null;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // A file's name need not be text.
  }
  if (text !== null && /^[\w@%+=:,./-]+$/.test(text)) return text;
  if (text !== null && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const octal = (byte) => `\\${byte.toString(8).padStart(3, "0")}`;
  const plain = (byte) => /[\w@%+=:,./ -]/.test(String.fromCharCode(byte)) && byte < 128;
  return `$'${[...bytes].map((byte) => (plain(byte) ? String.fromCharCode(byte) : octal(byte))).join("")}'`;
};

// The bytes of a path that stands in a URL.
const bytesOf = (path) =>
  Uint8Array.from(
    path.match(/%[0-9A-F]{2}|./gs) ?? [],
    (part) => (part.length === 3 ? parseInt(part.slice(1), 16) : part.charCodeAt(0)),
  );

const command = (picture) => {
  // A page that lies in a folder knows where; one that came from a server does not.
  const isFile = location.protocol === "file:";
  const path = isFile ? new URL(picture.url, location.href).pathname : `./${picture.url}`;
  return `friendli-facade again ${quoted(bytesOf(path))}`;
};

// ---------------------------------------------------------------- the dialog

let current;

const full = (picture, caption) => {
  const image = make("img", { alt: beginning(picture.prompt || picture.name, 300), src: picture.url });
  image.addEventListener("error", () => {
    // A browser does not show every kind.
    const thumbnail = picture.thumbnail && new URL(picture.thumbnail, location.href).href;
    if (thumbnail && image.src !== thumbnail) image.src = thumbnail;
    else image.replaceWith(make("p", { textContent: "This browser does not show it." }));
  });
  const zoom = make("button", { type: "button", className: "zoom" }, image);
  zoom.ariaPressed = "false";
  zoom.ariaLabel = `${caption || picture.name}, at its own size`;
  zoom.addEventListener("click", () => {
    zoom.ariaPressed = String(zoom.classList.toggle("actual"));
  });
  const figure = make("figure", {}, zoom);
  if (caption) figure.append(make("figcaption", { dir: "auto", textContent: caption }));
  return figure;
};

const input = ({ argument, picture: place, words }) => {
  const found = place === null ? null : pictures[place];
  if (found) return full(found, `${argument}: ${found.name}`);
  const missing = make("p", { className: "missing", dir: "auto", textContent: words });
  return make("figure", {}, missing, make("figcaption", { dir: "auto", textContent: argument }));
};

const fact = ([name, value]) => [
  make("dt", { dir: "auto", textContent: name }),
  make("dd", { dir: "auto", textContent: value }),
];

const show = (picture) => {
  current = picture;
  const place = shown.indexOf(picture);
  byId("dialog-name").textContent = picture.name;
  byId("position").textContent = `${(place + 1).toLocaleString("en")} of ${shown.length.toLocaleString("en")}`;
  byId("previous").disabled = place <= 0;
  byId("next").disabled = place < 0 || place >= shown.length - 1;
  const isEdit = picture.inputs.length > 0;
  byId("pictures").className = isEdit ? "several" : "";
  byId("pictures").replaceChildren(
    full(picture, isEdit ? "Result" : ""),
    ...picture.inputs.map(input),
  );
  byId("problems").hidden = picture.problems.length === 0;
  byId("problems").replaceChildren(
    ...picture.problems.map((words) => make("li", { dir: "auto", textContent: words })),
  );
  byId("prompt-part").hidden = byId("copy-prompt").hidden = picture.prompt === null;
  byId("prompt").textContent = picture.prompt ?? "";
  byId("unknown").hidden = picture.again || picture.problems.length > 0;
  byId("command-part").hidden = byId("copy-command").hidden = !picture.again;
  byId("command").textContent = picture.again ? command(picture) : "";
  byId("open").href = picture.url;
  byId("copied").textContent = "";
  const time = new Date(picture.time ?? NaN);
  const when = Number.isNaN(time.valueOf()) ? "not known" : time.toLocaleString();
  byId("facts").replaceChildren(
    ...[...picture.facts, [picture.again ? "Made" : "File of", when]].flatMap(fact),
  );
  byId("about").scrollTop = dialog.scrollTop = 0;
};

const open = (picture) => {
  show(picture);
  dialog.showModal();
  byId("close").focus();
};

const step = (by) => {
  const next = shown[shown.indexOf(current) + by];
  if (!next) return;
  show(next);
  // What had the focus may be gone, or of no use any more, and keys would lead nowhere.
  const focused = document.activeElement;
  if (!dialog.contains(focused) || focused.disabled) byId("close").focus();
};

const copy = async (element, noun) => {
  try {
    await navigator.clipboard.writeText(element.textContent);
    byId("copied").textContent = `The ${noun} is copied.`;
  } catch {
    getSelection().selectAllChildren(element);
    byId("copied").textContent = `The ${noun} is selected: copy it by the keyboard.`;
  }
};

byId("close").addEventListener("click", () => dialog.close());
byId("previous").addEventListener("click", () => step(-1));
byId("next").addEventListener("click", () => step(1));
byId("copy-command").addEventListener("click", () => copy(byId("command"), "command"));
byId("copy-prompt").addEventListener("click", () => copy(byId("prompt"), "prompt"));
dialog.addEventListener("close", () => focus(current));
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
dialog.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by && !event.target.closest(".actual")) {
    event.preventDefault();
    step(by);
  }
});

// ---------------------------------------------------------------- the page

document.title = `${title} – gallery`;
byId("title").textContent = title;
// "=" keeps a model that is called "" apart from all models.
const models = [...new Set(all.map((picture) => picture.model).filter((model) => model !== null))];
byId("model").append(
  ...models
    .sort(collator.compare)
    .map((model) => make("option", { value: `=${model}`, textContent: beginning(model, 100) })),
);
byId("left-out").hidden = leftOut.length === 0;
byId("left-out").querySelector("summary").textContent = `${number(leftOut.length, "thing")} left out`;
byId("left-out")
  .querySelector("ul")
  .append(...leftOut.map((words) => make("li", { dir: "auto", textContent: words })));
byId("filters").addEventListener("input", apply);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("clear").addEventListener("click", () => {
  byId("filters").reset();
  apply();
  byId("search").focus();
});
apply();
