// Suggestions under the search field while somebody types: a combobox as WAI-ARIA describes it. Without this file the
// browser completes by the list that the page holds, and the index of words is a link away.
"use strict";

(() => {
  const PAUSE = 200; // milliseconds without a key before the server is asked
  const PATIENCE = 3000; // then an answer is of no use any more
  const bar = document.querySelector("[data-suggestions]");
  const field = bar.querySelector("input");
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let waiting = 0;
  let asking = null;

  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", bar.dataset.label);
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  bar.append(list, said);
  field.removeAttribute("list");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    field.setAttribute(name, value);
  }

  const chosen = () => list.querySelector("[aria-selected=true]");

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    list.replaceChildren();
    said.textContent = "";
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  function take(option) {
    field.value = option.dataset.text;
    close();
    field.form.requestSubmit();
  }

  // A slow, failed or late answer changes nothing.
  async function ask() {
    const typed = field.value;
    asking?.abort();
    const own = asking = new AbortController();
    const giveUp = setTimeout(() => own.abort(), PATIENCE);
    try {
      const answer = await fetch(`${bar.dataset.suggestions}?${new URLSearchParams({ q: typed })}`, { signal: own.signal });
      const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      if (!own.signal.aborted && field.value === typed && document.activeElement === field) {
        show(page.querySelector("ul[data-status]"));
      }
    } catch {
      if (asking === own) close();
    } finally {
      clearTimeout(giveUp);
    }
  }

  function show(found) {
    if (!found?.children.length) {
      close();
      return;
    }
    list.replaceChildren(...found.children);
    list.hidden = false;
    said.textContent = found.dataset.status;
    field.setAttribute("aria-expanded", "true");
    field.removeAttribute("aria-activedescendant");
  }

  function later() {
    clearTimeout(waiting);
    asking?.abort();
    if (field.value.trim()) waiting = setTimeout(ask, PAUSE);
    else close();
  }

  function move(step) {
    const options = [...list.children];
    const at = options.indexOf(chosen());
    choose(options[(at + step + options.length + (at < 0 && step < 0)) % options.length]);
  }

  // While an input method is composing, keys and letters are its own.
  field.addEventListener("input", (event) => { if (!event.isComposing) later(); });
  field.addEventListener("compositionend", later);
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const isOpen = !list.hidden;
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) move(event.key === "ArrowDown" ? 1 : -1);
    else if (!isOpen && event.key === "ArrowDown" && field.value.trim()) ask();
    else if (isOpen && event.key === "Escape") close();
    else if (isOpen && event.key === "Enter" && chosen()) take(chosen());
    else return;
    event.preventDefault();
  });

  // The field keeps the focus while an option is pressed.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
})();
