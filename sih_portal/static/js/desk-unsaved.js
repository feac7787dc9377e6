// Leaving a form with unsaved changes asks first.
"use strict";

if (deskForm.form) {
  let isSending = false;
  deskForm.form.addEventListener("submit", () => { isSending = true; });
  // The page is still here: the sending was stopped, or the way back led to it.
  deskForm.form.addEventListener("input", () => { isSending = false; });
  addEventListener("pageshow", () => { isSending = false; });

  addEventListener("beforeunload", (event) => {
    if (!isSending && deskForm.isDirty()) event.preventDefault();
  });
}
