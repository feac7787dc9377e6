// The fields of a section as answer.js sends and keeps them. A unit is a cell, or a whole question of several answers.
"use strict";

const answerFields = (() => {
  const form = document.getElementById("answer");
  const NUMBER = /^-?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})$/;

  function unitOf(element) {
    const controls = [...element.querySelectorAll("input, select, textarea")].filter(({ name }) => /^(v|s|n|none)\./.test(name));
    const cells = [...element.querySelectorAll("input[name^='k.']")].map(({ name }) => name.slice(2));
    const isRefused = Boolean(element.querySelector(".answer-problem:not([hidden])"));
    const isDisputed = Boolean(element.querySelector(".answer-conflict"));
    const unit = { code: element.dataset.ticks ?? element.dataset.code, element, controls, cells, unheard: [], disputes: isDisputed ? 1 : 0 };
    // What is stored, as far as this page knows; nothing where the server gave back what it could not store.
    unit.stored = isRefused || isDisputed ? "" : JSON.stringify(typed(unit, true));
    unit.refused = isRefused ? JSON.stringify(typed(unit, true)) : "";
    return unit;
  }

  const isChosen = (control, before) => (before ? control.defaultChecked : control.checked);

  function valueOf(control, before) {
    if (control.options && before) return [...control.options].find((option) => option.defaultSelected)?.value ?? "";
    return before && !control.options ? control.defaultValue : control.value;
  }

  // By the names of the controls; with `before` as the page came: browsers put typed text back into a page.
  function typed(unit, before = false) {
    const found = {};
    for (const control of unit.controls) {
      if (control.type === "radio") {
        if (isChosen(control, before)) found[control.name] = control.value;
      } else if (control.type === "checkbox") {
        found[control.name] = isChosen(control, before) ? "1" : "";
      } else {
        found[control.name] = valueOf(control, before);
      }
    }
    return found;
  }

  function put(unit, values) {
    for (const control of unit.controls) {
      const value = values[control.name] ?? "";
      if (control.type === "radio") control.checked = control.value === value;
      else if (control.type === "checkbox") control.checked = Boolean(value);
      else control.value = value;
      if (control.type === "radio" && control.checked) control.closest("details")?.setAttribute("open", "");
    }
    addUp();
  }

  const mark = (code) => ({ k: form.elements[`k.${code}`], w: form.elements[`w.${code}`] });
  const marks = (unit) => Object.fromEntries(unit.cells.map((code) => [code, { lock: mark(code).k.value, digest: mark(code).w.value }]));

  function setMarks(found) {
    for (const [code, { lock, digest }] of Object.entries(found)) {
      const { k, w } = mark(code);
      if (k) [k.value, w.value] = [lock, digest];
    }
  }

  const now = (unit) => JSON.stringify(typed(unit));
  const isDirty = (unit) => now(unit) !== unit.stored;

  function showProblem(unit, message) {
    const place = unit.element.querySelector(":scope > .answer-problem") ?? unit.element.querySelector(".answer-problem");
    place.textContent = message;
    place.hidden = !message;
    for (const control of unit.controls.filter(({ type }) => type === "text" || type === "textarea")) {
      if (message) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }

  // 1,234 and １２３４ are numbers too.
  function numberIn(name) {
    const text = (form.elements[name]?.value ?? "").normalize("NFKC").trim();
    return NUMBER.test(text) ? Number(text.replaceAll(",", "")) : null;
  }

  function addUp() {
    for (const output of form.querySelectorAll("[data-total]")) {
      const numbers = output.dataset.summands.split(" ").map((code) => numberIn(`v.${code}`)).filter((number) => number !== null);
      output.textContent = numbers.length ? numbers.reduce((sum, number) => sum + number).toLocaleString("en") : "";
    }
  }

  // A number and a reason for having none exclude each other: the later one counts, and the number can come back.
  function settleReason({ target }) {
    const unit = target.closest(".answer-field:not([data-kind=choice], [data-kind=tick])");
    const [answer, reason] = ["[name^='v.']", "select"].map((selector) => unit?.querySelector(selector));
    if (!answer || !reason) return;
    if (target === answer && answer.value.trim()) reason.value = "";
    if (target === reason && reason.value && answer.value.trim()) [reason.dataset.instead, answer.value] = [answer.value, ""];
    else if (target === reason && !reason.value && reason.dataset.instead && !answer.value) answer.value = reason.dataset.instead;
  }

  // "None of these" and ticks exclude each other in the same way.
  function settleTicks({ target }) {
    const boxes = [...(target.closest(".answer-ticks")?.querySelectorAll("input[type=checkbox]") ?? [])];
    if (target.type !== "checkbox" || !target.checked || target.name.startsWith("t.")) return;
    const isNone = target.name.startsWith("none.");
    boxes.filter(({ name }) => name.startsWith("none.") !== isNone).forEach((box) => { box.checked = false; });
  }

  if (!form) return { form };
  const outer = (element) => element.matches(".answer-ticks") || !element.closest(".answer-ticks");
  const units = [...form.querySelectorAll(".answer-ticks, .answer-field")].filter(outer).map(unitOf);
  form.addEventListener("input", (event) => {
    settleReason(event);
    settleTicks(event);
    addUp();
  });
  const unitAt = (target) => units.find(({ element }) => element.contains(target));
  return { form, units, unitAt, typed, put, marks, setMarks, now, isDirty, showProblem };
})();
