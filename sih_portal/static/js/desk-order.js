// Buttons that move a stored part up and down, for those who don't drag. Places can be typed as well.
"use strict";

document.querySelectorAll("fieldset.sortable").forEach((kind) => {
  const texts = document.getElementById("desk-typing")?.dataset;
  if (!texts) return;
  const parts = () => [...kind.querySelectorAll(".inline-related.has_original")];
  const status = kind.appendChild(document.createElement("p"));
  status.className = "desk-moved";
  status.setAttribute("role", "status");

  const name = (part) => part.querySelector(".inline_label").textContent.trim();

  function move(part, by, button) {
    const order = parts();
    const other = order[order.indexOf(part) + by];
    if (!other) return;
    other.insertAdjacentElement(by < 0 ? "beforebegin" : "afterend", part);
    parts().forEach((row, index) => { row.querySelector("input._reorder_").value = index + 1; });
    button.focus();
    status.textContent = texts.moved.replace("[part]", name(part)).replace("[place]", parts().indexOf(part) + 1);
    button.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function addButton(part, by, text, arrow) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = by < 0 ? "desk-move-up" : "desk-move-down";
    button.textContent = arrow;
    button.title = text;
    button.setAttribute("aria-label", `${text}: ${name(part)}`);
    button.addEventListener("click", () => move(part, by, button));
    part.querySelector("h3").append(button);
  }

  parts().forEach((part) => {
    addButton(part, -1, texts.up, "↑");
    addButton(part, 1, texts.down, "↓");
  });
});
