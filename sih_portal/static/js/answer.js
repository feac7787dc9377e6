// Saves by itself what is typed into a section: what changed, soon after it changed, and again until the server has it.
"use strict";

if (answerFields.form) {
  const { form, units, unitAt, typed, put, marks, setMarks, now, isDirty, showProblem } = answerFields;
  const { response, section } = form.dataset;
  const words = form.dataset;
  const status = document.getElementById("answer-status");
  const EVERY = 30_000;
  const LONGEST_PAUSE = 60_000;
  const PATIENCE = 60_000;
  const MOST_KEPT_ALIVE = 60_000; // bytes that browsers send after the page is gone
  let timer = 0;
  let failures = 0;
  let isUnderWay = false;
  let isStopped = false;
  let isLeaving = false;
  let pressed = null;
  let lastSaved = status.textContent;

  const jitter = (pause) => pause * (0.75 + Math.random() / 2);
  const keyOf = (unit) => answerKept.keyOf(response, section, unit.code);
  const unsent = () => units.filter((unit) => !unit.disputes && isDirty(unit) && now(unit) !== unit.refused);
  const unsaved = () => units.filter(isDirty);

  function say(sentence, isWaiting = false) {
    status.textContent = sentence;
    status.classList.toggle("is-waiting", isWaiting);
  }

  function keep(press = "") {
    for (const unit of units) {
      if (isDirty(unit)) answerKept.write(keyOf(unit), { at: Date.now(), typed: typed(unit), marks: marks(unit), press });
      else answerKept.remove(keyOf(unit));
    }
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  function bodyOf(batch) {
    const fields = { csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, response, autosave: "1" };
    for (const unit of batch) {
      Object.assign(fields, typed(unit));
      for (const [code, { lock, digest }] of Object.entries(marks(unit))) {
        Object.assign(fields, { [`k.${code}`]: lock, [`w.${code}`]: digest });
      }
    }
    return new URLSearchParams(fields);
  }

  async function send() {
    const batch = unsent();
    if (isUnderWay || isStopped) return;
    later(jitter(EVERY));
    if (!batch.length) return;
    const sent = batch.map((unit) => [unit, now(unit)]);
    isUnderWay = true;
    if (!failures) say(words.saving);
    try {
      take(await post(bodyOf(batch), PATIENCE), sent);
    } finally {
      isUnderWay = false;
      if (pressed) form.requestSubmit(pressed);
      else if (!failures && unsent().length) later(0);
    }
  }

  // What came back: `answer` for a save, `refusal` where trying again is no use, nothing where it is.
  async function post(body, patience) {
    const keepalive = String(body).length < MOST_KEPT_ALIVE;
    const headers = { Accept: "application/json" };
    const options = { method: "POST", body, headers, keepalive, redirect: "error", signal: AbortSignal.timeout(patience) };
    try {
      const came = await fetch(form.action, options);
      if (came.ok) return { answer: await came.json() };
      const isPassing = came.status >= 500 || came.status === 429;
      return isPassing ? {} : { refusal: (await came.json().catch(() => null))?.detail ?? words.stopped };
    } catch {
      return {};
    }
  }

  // What the server may have taken although its answer got lost: not a colleague's, if it turns up as a conflict.
  const isOwn = (unit, code, stored) => {
    const told = Object.entries(asTyped(unit, code, stored)).filter(([name]) => name.endsWith(`.${code}`));
    return unit.unheard.some((before) => told.every(([name, text]) => folded(before[name]) === folded(text)));
  };
  const folded = (text) => (text ?? "").normalize("NFKC").replace(/[\s,]/g, "");

  function take({ answer, refusal }, sent) {
    if (answer) {
      failures = 0;
      settle(answer, sent);
    } else if (refusal) {
      isStopped = true;
      say(refusal, true);
    } else {
      failures += 1;
      sent.forEach(([unit, text]) => unit.unheard.push(JSON.parse(text)));
      say(words.waiting, true);
      later(jitter(Math.min(LONGEST_PAUSE, 1000 * 2 ** failures)));
    }
    keep();
  }

  function settle(answer, sent) {
    setMarks(answer.saved);
    for (const [unit, text] of sent) {
      const problem = unit.cells.map((code) => answer.problems[code]).find(Boolean) ?? "";
      const conflicts = unit.cells.filter((code) => answer.conflicts[code]);
      const disputes = conflicts.filter((code) => !isOwn(unit, code, answer.conflicts[code]));
      conflicts.filter((code) => !disputes.includes(code)).forEach((code) => setMarks({ [code]: answer.conflicts[code] }));
      showProblem(unit, problem);
      unit.refused = problem ? text : "";
      if (!problem && !conflicts.length) unit.stored = text;
      unit.unheard = [];
      disputes.forEach((code) => dispute(unit, code, answer.conflicts[code]));
    }
    tell(answer);
  }

  function tell(answer) {
    for (const [code, isAsked] of Object.entries(answer.asked)) {
      form.querySelector(`[data-question="${CSS.escape(code)}"] .answer-not-asked`).hidden = isAsked !== false;
    }
    const findings = document.getElementById("answer-findings");
    if (findings.dataset.shown !== answer.findings_html) findings.innerHTML = findings.dataset.shown = answer.findings_html;
    const progress = document.getElementById("answer-progress");
    progress.textContent = `${answer.progress.answered}/${answer.progress.asked}`;
    progress.className = answer.progress.is_complete ? "answer-done" : "quiet";
    lastSaved = words.savedAt.replace("[time]", answer.saved_at);
    sayRest();
  }

  function sayRest() {
    if (unsaved().some((unit) => unit.disputes || unit.refused)) say(words.left, true);
    else say(lastSaved);
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // A colleague's answer beside one's own: nothing is sent until somebody decides.
  function dispute(unit, code, stored) {
    unit.disputes += 1;
    const who = words.theirs.replace("[who]", stored.by || words.somebody).replace("[time]", stored.at);
    const said = element("p", {}, `${who} `, element("strong", {}, stored.shown || words.blank));
    const theirs = element("button", { type: "button", className: "button is-quiet", textContent: words.take });
    const mine = element("button", { type: "button", className: "button is-quiet", textContent: words.keep });
    const box = element("div", { className: "answer-conflict" }, said, theirs, mine);
    const decide = (isTheirs) => {
      box.remove();
      unit.disputes -= 1;
      setMarks({ [code]: stored });
      if (isTheirs) put(unit, { ...typed(unit), ...asTyped(unit, code, stored) });
      if (isTheirs && !unit.disputes) unit.stored = now(unit);
      unit.controls[0].focus();
      sayRest();
      keep();
      later(0);
    };
    theirs.addEventListener("click", () => decide(true));
    mine.addEventListener("click", () => decide(false));
    unit.element.append(box);
  }

  function asTyped(unit, code, { said, reason, note }) {
    const kind = unit.element.dataset.kind;
    const { ticks } = unit.element.dataset;
    if (ticks && said === "1") return { [`v.${code}`]: "1", [`none.${ticks}`]: "", [`s.${ticks}`]: "" };
    if (ticks) return { [`v.${code}`]: "" };
    if (kind === "choice") return { [`v.${code}`]: reason || said, [`n.${code}`]: note };
    return { [`v.${code}`]: said, [`s.${code}`]: reason };
  }

  // Back after a crash: what was typed then goes into its field, with what it was typed over. The server judges.
  function restore() {
    let count = 0;
    for (const unit of units) {
      const kept = answerKept.read(keyOf(unit));
      if (!kept || unit.disputes || unit.refused) continue;
      if (isDirty(unit) || JSON.stringify(kept.typed) === unit.stored) continue;
      put(unit, kept.typed);
      setMarks(kept.marks);
      count += 1;
    }
    return count;
  }

  form.addEventListener("input", (event) => {
    const unit = unitAt(event.target);
    if (unit?.refused && now(unit) !== unit.refused) showProblem(unit, "");
    keep();
  });
  form.addEventListener("change", () => later(failures ? jitter(1000) : 0));
  addEventListener("online", () => later(jitter(1000)));

  form.addEventListener("submit", (event) => {
    // The answer to what is under way decides what this one is based on.
    if (isUnderWay) {
      event.preventDefault();
      pressed = event.submitter;
      return;
    }
    isLeaving = true;
    clearTimeout(timer);
    form.elements.press.value = Math.random().toString(36).slice(2);
    keep(form.elements.press.value);
  });

  function flush() {
    const batch = unsent();
    if (batch.length && !isStopped && !isLeaving) post(bodyOf(batch), PATIENCE);
  }

  addEventListener("pagehide", flush);
  addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) later(0); });
  addEventListener("beforeunload", (event) => {
    const isInTrouble = failures || isStopped || units.some((unit) => isDirty(unit) && (unit.disputes || unit.refused));
    if (!isLeaving && isInTrouble && unsaved().length) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    if (event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=go]"));
    }
  });

  answerKept.forgetSent(response, form.dataset.press);
  if (restore()) say(words.restored);
  keep();
  document.getElementById("answer-summary")?.focus();
  later(unsent().length ? 0 : jitter(EVERY));
}
