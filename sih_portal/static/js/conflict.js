/* Two texts of one field: ticking "Take the stored text" shows it in the field at once, unticking brings one's own back. */
"use strict";

for (const box of document.querySelectorAll(".desk-take input[data-field]")) {
  const field = document.getElementById(box.dataset.field);
  const stored = box.closest(".desk-clash").querySelector(".desk-theirs").textContent;
  // Choices from lists are left to the server: their texts are not their values.
  if (!field || !field.matches("textarea, input[type=text], input[type=url], input[type=number]")) continue;
  const isEmpty = stored === "—";
  let own = field.value;
  box.addEventListener("change", () => {
    if (box.checked) own = field.value;
    field.value = box.checked ? (isEmpty ? "" : stored) : own;
  });
  field.addEventListener("input", () => {
    box.checked = false;
  });
}

document.getElementById("conflict")?.focus();
