// The live preview: it follows the watch, lays the pages out, and keeps the reader's place.

"use strict";

const token = document.documentElement.dataset.token;
const element = (id) => document.getElementById(id);
function show(id, words) {
  if (element(id).textContent !== words) element(id).textContent = words; // else it is read out again
}
const [bar, desk, problems, toggle] = ["bar", "desk", "problems", "toggle"].map(element);
const still = matchMedia("(prefers-reduced-motion: reduce)");

const GAP = 24; // pixels between pages
const LOADING = 2; // pictures asked for at a time
const WIDEST = 4096; // pixels of a picture
const READING = 0.3; // how far down the window the reader's place is taken
const MARKED = 2000; // milliseconds that an edited paragraph is marked
const READABLE = 1.15; // pixels to a point: two pages stand side by side if they may be so large
const LARGEST = 1.6; // pixels to a point of a page that fits the window's width

let state = null; // what the server said last
let leaves = []; // the pages, in their order
let zoom = Number(sessionStorage.getItem("zoom")) || null; // as wished; null fits the window
let scale = 1; // pixels to a point, as it is

// Asking the server

async function ask(path, options = {}) {
  const separator = path.includes("?") ? "&" : "?";
  const answer = await fetch(`${path}${separator}token=${token}`, options);
  if (!answer.ok) throw Object.assign(new Error(await answer.text()), { status: answer.status });
  return answer.json();
}

const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

async function follow() {
  for (let failures = 0; ;) {
    if (document.hidden) await new Promise((done) => { addEventListener("visibilitychange", done, { once: true }); });
    try {
      const after = state && !failures ? state.version : -1;
      const next = await ask(`/state?after=${after}&revision=${state ? state.revision : ""}`);
      failures = 0;
      await take(next);
    } catch (fault) {
      lost(fault);
      failures += 1;
      await pause(Math.min(1000 * failures, 5000));
    }
  }
}

function lost(fault) {
  const words = fault.status === 403
    ? "This watch has ended. The new one has another address, which the terminal shows."
    : "The watch has ended. The terminal shows the address of a new one.";
  element("work").hidden = true;
  if (element("said").textContent !== words) say(words, true);
  show("state", "ended");
}

async function take(next) {
  const last = state;
  const returned = element("state").textContent === "ended";
  state = next;
  if (returned) {
    say("");
    for (const leaf of leaves) leaf.failed = null;
  }
  tell();
  if (JSON.stringify(last?.problems) !== JSON.stringify(next.problems)) listProblems();
  if (next.proof) {
    renew(next.proof, last === null || leaves.length === 0);
    if (last && last.revision && next.edited) point(next.edited);
  }
  pump();
}

// The bar

const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function tell() {
  const errors = state.problems.filter((one) => one.severity === "error").length;
  const building = state.step !== null;
  const stopped = !building && errors > 0;
  let words = "starting";
  if (building) words = "building…";
  else if (stopped) words = "stopped";
  else if (state.seconds !== null) words = `built in ${state.seconds.toFixed(1)} s`;
  show("state", words);
  element("state").title = state.step ?? (stopped ? "The last good pages are shown." : "");
  element("state").classList.toggle("stopped", stopped);
  element("work").hidden = !building;
  if (leaves.length === 0) {
    show("empty", stopped
      ? "There are no pages yet: the book has errors. They are in the list of problems."
      : `The first pages are on their way${building ? `: ${state.step}` : ""}.`);
  }
}

function tellPlace() {
  const page = placeNow()?.page;
  if (!page) return;
  const shown = leaves[page - 1].figure.parentElement.children;
  const numbers = isSpread() ? [...shown].map((figure) => Number(figure.dataset.page)) : [page];
  const labels = numbers.map((number) => leaves[number - 1].label);
  show("label", labels.join("–"));
  const plain = labels.join() === numbers.join();
  show("count", plain ? `of ${leaves.length}` : `(${numbers.join("–")} of ${leaves.length})`);
  element("previous").disabled = numbers[0] === 1;
  element("next").disabled = numbers.at(-1) === leaves.length;
}

let silence = 0;

function say(words, stays = false) {
  clearTimeout(silence);
  show("said", words);
  if (!stays) silence = setTimeout(() => show("said", ""), 5000);
}

// The problems

function listProblems() {
  const found = state.problems;
  const worst = ["error", "warning", "note"].find((one) => found.some((p) => p.severity === one));
  toggle.className = worst ?? "";
  toggle.hidden = found.length === 0;
  const worstCount = found.filter((one) => one.severity === worst).length;
  toggle.textContent = worst ? counted(worstCount, worst) : "";
  element("list").replaceChildren(...found.map(problem));
  if (found.length === 0) reveal(false);
  else if (leaves.length === 0) reveal(true);
}

function problem(one) {
  const item = document.createElement("li");
  item.className = one.severity;
  const line = document.createElement(one.path ? "button" : "div");
  const what = part("span", "what", "");
  what.append(part("span", "severity", one.severity), part("span", "where", one.place ?? one.code));
  line.append(what, part("span", "message", one.message));
  if (one.hint) line.append(part("span", "hint", one.hint));
  if (one.path) {
    line.type = "button";
    line.addEventListener("click", () => open({ path: one.path, line: one.line }));
  }
  item.append(line);
  return item;
}

function part(kind, name, words) {
  return Object.assign(document.createElement(kind), { className: name, textContent: words });
}

function reveal(open) {
  if (open === !problems.hidden) return;
  const place = placeNow();
  if (!open && problems.contains(document.activeElement)) toggle.focus();
  problems.hidden = !open;
  document.body.classList.toggle("listing", open);
  layOut(place);
  toggle.setAttribute("aria-expanded", String(open));
}

// The editor

async function open(place) {
  try {
    const headers = { "X-Geppetto-Token": token, "Content-Type": "application/json" };
    const referrerPolicy = "same-origin"; // else some browsers hide where this comes from
    const answer = await ask("/open", { method: "POST", headers, body: JSON.stringify(place), referrerPolicy });
    if (answer.opened) {
      say(`${answer.place} is opened in the editor.`);
    } else {
      const copied = await copy(answer.place);
      say(`${answer.place}${copied ? " (copied)" : ""}: ${answer.says}`);
    }
  } catch (fault) {
    say(fault.status === 400 ? "No line of the text stands there." : "The watch does not answer.");
  }
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}

// The pages

function renew(proof, isFirst) {
  const place = isFirst ? JSON.parse(sessionStorage.getItem("place")) : placeNow();
  show("title", proof.title);
  document.title = proof.title;
  const old = leaves;
  leaves = proof.sizes.map(([width, height], index) => {
    const leaf = old[index] ?? newLeaf(index + 1);
    Object.assign(leaf, { width, height, label: proof.labels[index] });
    return leaf;
  });
  for (const leaf of old.slice(leaves.length)) watcher.unobserve(leaf.figure);
  if (old.length !== leaves.length) desk.replaceChildren(...spreads());
  layOut(place);
}

function newLeaf(number) {
  const figure = document.createElement("figure");
  figure.className = `page ${number % 2 ? "recto" : "verso"}`;
  figure.dataset.page = number;
  watcher.observe(figure);
  return { number, figure, shown: null, failed: null, isNear: false, isBusy: false };
}

// The first page stands on the right, then two and two.
function spreads() {
  const made = [];
  for (const leaf of leaves) {
    if (leaf.number % 2 === 0 || leaf.number === 1) made.push(part("div", "spread", ""));
    made.at(-1).append(leaf.figure);
  }
  return made;
}

const isSpread = () => desk.classList.contains("spreads");

// Sides and places are whole pixels, for a picture between two pixels is blurred.
function layOut(place = placeNow()) {
  if (leaves.length === 0) return;
  const width = Math.max(...leaves.map((leaf) => leaf.width));
  const height = Math.max(...leaves.map((leaf) => leaf.height));
  const [across, down] = [desk.clientWidth - 2 * GAP, innerHeight - bar.offsetHeight - 2 * GAP];
  const isWide = 2 * width * (zoom ?? READABLE) <= across;
  const fitting = isWide
    ? Math.max(READABLE, Math.min(across / width / 2, down / height))
    : Math.min(LARGEST, across / width);
  scale = zoom ?? fitting;
  desk.classList.toggle("spreads", isWide);
  for (const leaf of leaves) {
    const pixels = Math.round(leaf.width * scale);
    leaf.figure.style.width = `${pixels}px`;
    leaf.figure.style.height = `${Math.ceil((pixels * leaf.height) / leaf.width - 0.02)}px`;
  }
  const breadth = Math.round(width * scale) * (isWide ? 2 : 1);
  desk.style.setProperty("--breadth", `${breadth}px`);
  desk.style.setProperty("--left", `${Math.max(GAP, Math.floor((desk.clientWidth - breadth) / 2))}px`);
  if (place) goTo(place);
  tellPlace();
  pump();
}

function setZoom(wanted) {
  const place = placeNow();
  zoom = wanted && Math.min(6, Math.max(0.3, wanted));
  sessionStorage.setItem("zoom", zoom ?? "");
  layOut(place);
}

// Pictures: those near the window, the nearest first; the old one stays until the new one is ready.

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) leaves[entry.target.dataset.page - 1].isNear = entry.isIntersecting;
  pump();
}, { rootMargin: "100% 0px" });

let loading = 0;

function address(leaf) {
  const pixels = Math.round(leaf.figure.clientWidth * devicePixelRatio);
  const width = Math.min(WIDEST, Math.max(16, pixels));
  return `/page/${state.revision}/${leaf.number}.png?width=${width}&token=${token}`;
}

function pump() {
  const middle = innerHeight / 2;
  const distance = ({ figure }) => {
    const box = figure.getBoundingClientRect();
    return Math.max(box.top - middle, middle - box.bottom, 0);
  };
  const wanting = leaves
    .filter((leaf) => leaf.isNear && !leaf.isBusy && ![leaf.shown, leaf.failed].includes(address(leaf)))
    .sort((one, other) => distance(one) - distance(other));
  for (const leaf of wanting.slice(0, Math.max(0, LOADING - loading))) load(leaf);
}

async function load(leaf) {
  const wanted = address(leaf);
  const image = Object.assign(new Image(), { alt: `Page ${leaf.label}`, src: wanted, draggable: false });
  leaf.isBusy = true;
  loading += 1;
  try {
    await image.decode();
    const old = leaf.figure.querySelector("img");
    if (old) old.replaceWith(image);
    else leaf.figure.prepend(image);
    leaf.shown = wanted;
  } catch {
    leaf.failed = wanted;
  }
  leaf.isBusy = false;
  loading -= 1;
  pump();
}

// The reader's place: a page, and how far down it the reading line stands.

const readingLine = () => bar.offsetHeight + READING * (innerHeight - bar.offsetHeight);

function placeNow() {
  const line = readingLine();
  const boxes = leaves.map(({ number, figure }) => ({ number, box: figure.getBoundingClientRect() }));
  const found = boxes.find(({ box }) => box.bottom > line && box.height > 0) ?? boxes.at(-1);
  return found && found.box.height
    ? { page: found.number, part: (line - found.box.top) / found.box.height }
    : null;
}

function goTo({ page, part: share }) {
  const leaf = leaves[Math.min(page, leaves.length) - 1];
  const box = leaf.figure.getBoundingClientRect();
  scrollBy({ top: box.top + share * box.height - readingLine(), behavior: "instant" });
}

function turn(step) {
  const place = placeNow();
  if (!place) return;
  const [first, last] = ["firstElementChild", "lastElementChild"].map((end) =>
    Number(isSpread() ? leaves[place.page - 1].figure.parentElement[end].dataset.page : place.page));
  const leaf = leaves[(step > 0 ? last : first) + step - 1];
  if (leaf) scrollBy({ top: leaf.figure.getBoundingClientRect().top - bar.offsetHeight - GAP, behavior: "instant" });
}

function point(spot) {
  const figure = leaves[spot.page - 1]?.figure;
  if (!figure) return;
  const box = figure.getBoundingClientRect();
  const focus = box.top + spot.focus * box.height;
  const [top, bottom] = [bar.offsetHeight + GAP, innerHeight - GAP];
  if (focus < top || focus > bottom) {
    const isNear = Math.abs(focus - (top + bottom) / 2) < 2 * innerHeight;
    const behavior = isNear && !still.matches ? "smooth" : "instant";
    scrollBy({ top: focus - readingLine(), behavior });
  }
  const mark = part("div", "mark", "");
  for (const [side, name] of [["left", "x"], ["top", "y"], ["width", "width"], ["height", "height"]]) {
    mark.style[side] = `${100 * spot[name]}%`;
  }
  for (const old of desk.querySelectorAll(".mark")) old.remove();
  figure.append(mark);
  setTimeout(() => mark.remove(), MARKED);
}

// What the reader does

function openAt(figure, across, down) {
  const box = figure.getBoundingClientRect();
  open({ page: Number(figure.dataset.page), x: (across - box.left) / box.width, y: (down - box.top) / box.height });
}

desk.addEventListener("click", (event) => {
  const figure = event.target.closest(".page");
  if (figure) openAt(figure, event.clientX, event.clientY);
});

function openHere() {
  const place = placeNow();
  if (place) open({ page: place.page, x: 0.5, y: Math.min(1, Math.max(0, place.part)) });
}

const actions = {
  previous: () => turn(-1),
  next: () => turn(1),
  smaller: () => setZoom(scale / 1.15),
  larger: () => setZoom(scale * 1.15),
  fit: () => setZoom(null),
  toggle: () => reveal(problems.hidden && !toggle.hidden),
};
for (const [id, act] of Object.entries(actions)) element(id).addEventListener("click", act);

const keys = {
  n: actions.next, p: actions.previous, e: actions.toggle, o: openHere,
  "+": actions.larger, "=": actions.larger, "-": actions.smaller, 0: actions.fit,
  Escape: () => reveal(false),
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  keys[event.key]?.();
});

let resting = 0;

addEventListener("scroll", () => {
  clearTimeout(resting);
  tellPlace();
  resting = setTimeout(() => sessionStorage.setItem("place", JSON.stringify(placeNow())), 200);
}, { passive: true });

addEventListener("resize", () => layOut());

history.scrollRestoration = "manual";
follow();
