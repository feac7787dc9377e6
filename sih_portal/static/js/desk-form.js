// The form of an admin page: its fields under names that outlive the page, and what was changed in them.
// desk-typed.js, desk-unsaved.js and desk-keys.js build on it.
"use strict";

const deskForm = (() => {
  const form = document.getElementById("desk-typing")?.closest("form") ?? null;
  const NEVER_KEPT = ["hidden", "password", "file", "submit", "button", "reset", "image", "radio"];

  // A part that is stored goes by its key, a new one by its place among the new: numbers in names change.
  function lastingName(control, countOfNew) {
    const [, kind, index, field] = control.name.match(/^(.+)-(\d+)-(.+)$/) ?? [];
    if (!kind || !form.elements[`${kind}-TOTAL_FORMS`]) return control.name;
    const key = form.elements[`${kind}-${index}-id`]?.value;
    return `${kind}:${key || `+${newPlace(kind, index, countOfNew)}`}:${field}`;
  }

  function newPlace(kind, index, countOfNew) {
    const places = countOfNew[kind] ??= [];
    if (!places.includes(index)) places.push(index);
    return places.indexOf(index);
  }

  function isKept(control) {
    return control.name && !NEVER_KEPT.includes(control.type) && !control.name.includes("__prefix__")
      && !control.name.endsWith("-DELETE") && !control.classList.contains("_reorder_");
  }

  function chosen(control, isChosen) {
    return [...control.options].filter(isChosen).map((option) => [option.value, option.text]);
  }

  function value(control) {
    if (control.type === "checkbox") return control.checked;
    return control.options ? chosen(control, (option) => option.selected) : control.value;
  }

  // What the page came with. Browsers put typed text back into a page that is loaded again, so values don't tell.
  function before(control) {
    if (control.type === "checkbox") return control.defaultChecked;
    if (!control.options) return control.defaultValue;
    const selected = chosen(control, (option) => option.defaultSelected);
    return selected.length || control.multiple || !control.options.length ? selected : chosen(control, (_, i) => i === 0);
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const hasChanged = (control) => !same(value(control), before(control));

  // The form that came back because something is wrong in it: nothing of it is saved.
  const isRefused = () => Boolean(document.querySelector(".errornote"));

  function fields() {
    const countOfNew = {};
    const kept = [...(form?.elements ?? [])].filter(isKept);
    return new Map(kept.map((control) => [lastingName(control, countOfNew), control]));
  }

  function changes() {
    const changed = [...fields()].filter(([, control]) => hasChanged(control));
    return Object.fromEntries(changed.map(([name, control]) => [name, value(control)]));
  }

  function isDirty() {
    const typed = [...(form?.elements ?? [])].filter((control) => control.name && control.type !== "hidden");
    return Boolean(form) && (isRefused() || typed.some((control) => control.type !== "submit" && hasChanged(control)));
  }

  return { form, fields, value, same, changes, isDirty, isRefused };
})();
