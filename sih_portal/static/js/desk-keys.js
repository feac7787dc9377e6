// Keys of the long forms: Ctrl+S or ⌘S saves and goes on, Alt+arrows move a part; a refused form begins at its error.
"use strict";

if (deskForm.form) {
  const save = () => deskForm.form.querySelector("[name=_continue]") ?? deskForm.form.querySelector("[name=_save]");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.shiftKey) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (save()) deskForm.form.requestSubmit(save());
    }
  });

  deskForm.form.addEventListener("keydown", (event) => {
    const direction = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!direction || !event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === "SELECT") return;
    const button = event.target.closest(".inline-related")?.querySelector(`.desk-move-${direction}`);
    if (!button) return;
    event.preventDefault();
    button.click();
    event.target.focus();
  });

  const wrong = ["[aria-invalid=true]:not([type=hidden])", ".errors select, .errors input", ".errorlist"]
    .map((selector) => deskForm.form.querySelector(selector)).find(Boolean);
  if (deskForm.isRefused() && wrong && !document.getElementById("conflict")) {
    wrong.closest("details")?.setAttribute("open", "");
    if (wrong.matches(".errorlist")) wrong.tabIndex = -1;
    // After the admin's own scripts, which put a picker over the field.
    addEventListener("load", () => {
      (wrong.nextElementSibling?.querySelector(".select2-selection") ?? wrong).focus();
    });
  }
}
