// What htmx and CSS can't do alone on the search page. Without this file everything still works.
"use strict";

// A chip or page link that was followed is gone after the swap: the focus goes to the count, which says what came.
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body) {
    document.getElementById("count").focus({ preventScroll: true });
  }
});

// Following a page link brings the reader to the top of the new list.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig?.elt.closest(".pagination")) {
    document.getElementById("count").scrollIntoView({ block: "start" });
  }
});

// Browsers that cannot unfold <details> by CSS: open the filters where there is room for them.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 56rem)").matches) {
  document.querySelectorAll(".open-when-wide").forEach((details) => { details.open = true; });
}
