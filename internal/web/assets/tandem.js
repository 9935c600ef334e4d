// What pages can do more of where a browser runs scripts. Everything works
// without: forms are sent, links are followed.
"use strict";

// Filters are applied as soon as a choice is made.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-at-once]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
});

// A box at the head of a list chooses all below it.
document.addEventListener("change", (event) => {
  const all = event.target.closest("input[data-all]");
  if (!all) return;
  for (const box of document.querySelectorAll(`input[name="${CSS.escape(all.dataset.all)}"]`)) box.checked = all.checked;
});

// Grave buttons ask once more.
document.addEventListener("submit", (event) => {
  const words = event.submitter && event.submitter.dataset.sure;
  if (words && !window.confirm(words)) event.preventDefault();
});

// "/" goes to the search, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const find = document.querySelector("input[type=search]");
  if (find) { event.preventDefault(); find.focus(); }
});

// A part that names a source of events is replaced by what the server sends.
for (const part of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(part.dataset.live);
  source.addEventListener("part", (event) => {
    if (part.contains(document.activeElement) && document.activeElement !== document.body) return; // somebody is at it
    part.innerHTML = event.data; // the server's own HTML, escaped there
  });
  source.addEventListener("error", () => part.toggleAttribute("data-lost", source.readyState !== EventSource.OPEN));
}
