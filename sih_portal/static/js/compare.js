// Remembers the practices ticked for comparison from page to page, and says how many they are.
// Without this file the boxes of the page at hand still work.
"use strict";

const MOST_CASES = 4;
const CHOSEN_CASES = "compare";

function chosenCases() {
  return (sessionStorage.getItem(CHOSEN_CASES) ?? "").split(" ").filter(Boolean);
}

// Boxes of this page are ticked as remembered; what was chosen on other pages goes along in hidden fields.
function showChosenCases() {
  const form = document.getElementById("compare");
  if (!form) {
    return;
  }
  const chosen = chosenCases();
  const elsewhere = new Set(chosen);
  form.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
  document.querySelectorAll("input[form=compare]").forEach((box) => {
    box.checked = elsewhere.delete(box.value);
    box.disabled = !box.checked && chosen.length >= MOST_CASES;
  });
  for (const slug of elsewhere) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "p", value: slug }));
  }
  const said = form.querySelector("output");
  const { none, few, many, clear } = said.dataset;
  form.classList.toggle("is-chosen", chosen.length > 0);
  said.textContent = [none, few][chosen.length] ?? many.replace("{n}", chosen.length);
  form.querySelector("[data-clears]")?.remove();
  if (chosen.length) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "is-link", textContent: clear });
    button.dataset.clears = "";
    form.append(button);
  }
}

// Whoever chose in the search, then removed or added a case while comparing, finds the same cases ticked again.
// A comparison that somebody else sent is not the reader's own choice: it comes from no page of the portal.
function rememberComparedCases() {
  const compared = (document.querySelector("[data-compared]")?.dataset.compared ?? "").split(" ").filter(Boolean);
  const chosen = chosenCases();
  const changes = [...compared, ...chosen].filter((slug) => !(compared.includes(slug) && chosen.includes(slug)));
  const isOwn = document.referrer.startsWith(`${location.origin}/`) && chosen.length && changes.length < 2;
  if (compared.length && isOwn) {
    sessionStorage.setItem(CHOSEN_CASES, compared.join(" "));
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[form=compare]")) {
    const { checked, value } = event.target;
    const others = chosenCases().filter((slug) => slug !== value);
    sessionStorage.setItem(CHOSEN_CASES, (checked ? [...others, value] : others).join(" "));
    showChosenCases();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-clears]")) {
    sessionStorage.removeItem(CHOSEN_CASES);
    showChosenCases();
    document.querySelector("input[form=compare]").focus();
  }
});

document.addEventListener("htmx:afterSettle", showChosenCases);
window.addEventListener("pageshow", () => {
  rememberComparedCases();
  showChosenCases();
});
