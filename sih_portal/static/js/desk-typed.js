// Keeps on this computer what is typed into a long form, and offers it again when it was not saved.
"use strict";

if (deskForm.form) {
  const box = document.getElementById("desk-kept");
  const told = document.getElementById("desk-kept-told");
  const seen = deskForm.form.elements.seen?.defaultValue ?? "";
  const stored = deskKept.read(deskKept.key);
  // Not decided yet, or sent and refused: it stays kept beside what is typed now.
  let undecided = stored?.changes ?? {};
  let waiting = 0;

  function keep() {
    clearTimeout(waiting);
    waiting = 0;
    const changes = { ...undecided, ...deskForm.changes() };
    if (Object.keys(changes).length) {
      deskKept.write(deskKept.key, { at: Date.now(), seen: box.hidden ? seen : stored.seen, changes });
    } else {
      deskKept.remove(deskKept.key);
    }
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 500);
  }

  const flush = () => { if (waiting) keep(); };

  // jQuery hears the choices of the admin's own pickers too, which browsers' events don't tell.
  django.jQuery(deskForm.form).on("input change", later);
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", flush);
  document.addEventListener("desk:logout", () => {
    clearTimeout(waiting);
    waiting = 0;
  });
  deskForm.form.addEventListener("submit", () => {
    keep();
    deskKept.sent(deskKept.key);
  });

  function differing() {
    const fields = deskForm.fields();
    return Object.entries(undecided).filter(([name, value]) => {
      const control = fields.get(name);
      return !control || !deskForm.same(deskForm.value(control), value);
    });
  }

  function addPart(kind) {
    const link = document.querySelector(`#${CSS.escape(kind)}-group .add-row a`);
    link?.click();
    return Boolean(link);
  }

  // The field of that name; of a part that is gone, a field of a new one behind those that were new then.
  function fieldOf(name, moved) {
    const [kind, part, field] = name.split(":");
    if (!field || (!part.startsWith("+") && deskForm.fields().has(name))) return deskForm.fields().get(name);
    moved[`${kind}:${part}`] ??= part.startsWith("+") ? part : `+${firstFree(kind, moved)}`;
    const newName = `${kind}:${moved[`${kind}:${part}`]}:${field}`;
    while (!deskForm.fields().has(newName)) {
      if (!addPart(kind)) return null;
    }
    return deskForm.fields().get(newName);
  }

  function firstFree(kind, moved) {
    const taken = [...Object.keys(undecided), ...Object.entries(moved).map(([part, place]) => `${part.split(":")[0]}:${place}:`)];
    let place = 0;
    while (taken.some((name) => name.startsWith(`${kind}:+${place}:`))) place += 1;
    return place;
  }

  function put(control, value) {
    if (control.options) {
      for (const option of control.options) option.selected = false;
      for (const [key, label] of value) {
        const known = [...control.options].find((option) => option.value === key);
        (known ?? control.appendChild(new Option(label, key))).selected = true;
      }
    } else if (control.type === "checkbox") {
      control.checked = value;
    } else {
      control.value = value;
    }
    control.closest("details")?.setAttribute("open", "");
    django.jQuery(control).trigger("change");
  }

  function showLeft(left) {
    if (!left.length) return;
    document.getElementById("desk-kept-left").hidden = false;
    document.getElementById("desk-kept-texts").textContent = left.map(([, value]) => value).join("\n\n");
  }

  function restore() {
    const moved = {};
    const left = [];
    let first = null;
    for (const [name, value] of differing()) {
      const control = fieldOf(name, moved);
      if (control) put(control, value);
      else left.push([name, value]);
      first ??= control;
    }
    decided(told.dataset.restored);
    showLeft(left);
    later();
    first?.focus();
  }

  function discard() {
    decided(told.dataset.discarded);
    keep();
    deskForm.form.querySelector("input:not([type=hidden]), textarea")?.focus();
  }

  function decided(sentence) {
    undecided = {};
    box.hidden = true;
    told.textContent = sentence;
  }

  function offer() {
    const at = new Date(stored.at);
    const shown = document.getElementById("desk-kept-at");
    shown.dateTime = at.toISOString();
    shown.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    document.getElementById("desk-kept-changed").hidden = stored.seen === seen;
    document.getElementById("desk-kept-restore").addEventListener("click", restore);
    document.getElementById("desk-kept-discard").addEventListener("click", discard);
    box.hidden = false;
    // A page that is loaded again opens where it was left, which may be far below.
    history.scrollRestoration = "manual";
    box.tabIndex = -1;
    addEventListener("load", () => box.focus());
  }

  document.getElementById("desk-typing").hidden = false;
  if (stored && !deskForm.isRefused()) {
    if (differing().length) offer();
    else {
      undecided = {};
      deskKept.remove(deskKept.key);
    }
  }
}
