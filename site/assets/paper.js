// The theme opens every fold before a page is printed. What a reader has not opened is
// marked first, and the style sheet keeps it off the paper.
const closed = "data-closed";
const mark = () =>
  document
    .querySelectorAll("details:not([open])")
    .forEach((one) => one.setAttribute(closed, ""));
const unmark = () =>
  document.querySelectorAll(`[${closed}]`).forEach((one) => {
    one.removeAttribute(closed);
  });
addEventListener("beforeprint", mark);
addEventListener("afterprint", unmark);
