// Search in the handbook, from an index beside the page: it works from a stick, too, and asks no network.
"use strict";

const field = document.getElementById("search");
const found = document.getElementById("found");
const MOST = 30;

function marked(text, words) {
  const parent = document.createElement("p");
  const low = text.toLowerCase();
  const at = Math.min(...words.map((word) => low.indexOf(word)).filter((place) => place >= 0));
  const start = Number.isFinite(at) ? Math.max(0, at - 40) : 0;
  const shown = (start ? "…" : "") + text.slice(start, start + 160) + "…";
  let rest = shown;
  while (rest) {
    const places = words.map((word) => [rest.toLowerCase().indexOf(word), word.length]).filter(([place]) => place >= 0);
    if (!places.length) break;
    const [place, length] = places.reduce((first, next) => (next[0] < first[0] ? next : first));
    parent.append(rest.slice(0, place));
    const mark = document.createElement("mark");
    mark.textContent = rest.slice(place, place + length);
    parent.append(mark);
    rest = rest.slice(place + length);
  }
  parent.append(rest);
  return parent;
}

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.hidden = !words.length;
  found.replaceChildren();
  if (!words.length) return;
  const hits = INDEX.filter(([, title, text]) => words.every((word) => (title + " " + text).toLowerCase().includes(word)));
  for (const [address, title, text] of hits.slice(0, MOST)) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = title;
    link.addEventListener("click", () => { field.value = ""; search(); });
    found.append(link, marked(text, words));
  }
  if (!hits.length) found.append(found.dataset.nothing);
}

field.addEventListener("input", search);
field.form.addEventListener("submit", (event) => event.preventDefault());
