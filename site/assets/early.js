// Runs before the theme's own script.

// The theme opens every fold before a page is printed. What a reader has not opened is
// marked first, and the style sheet keeps it off the paper.
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details:not([open])")) {
    one.setAttribute("data-closed", "");
  }
});
addEventListener("afterprint", () => {
  for (const one of document.querySelectorAll("[data-closed]")) {
    one.removeAttribute("data-closed");
  }
});

// The theme asks for the index of the search with every page: half a megabyte. The
// request waits until somebody searches.
{
  const { open, send } = XMLHttpRequest.prototype;
  const indexes = new WeakSet();
  let waiting = [];
  XMLHttpRequest.prototype.open = function (method, address, ...more) {
    if (String(address).endsWith("search/search_index.json")) indexes.add(this);
    return open.call(this, method, address, ...more);
  };
  XMLHttpRequest.prototype.send = function (...body) {
    if (waiting && indexes.has(this)) waiting.push(() => send.apply(this, body));
    else send.apply(this, body);
  };
  const begin = () => {
    waiting?.forEach((one) => one());
    waiting = null;
  };
  const searches = (event) => event.target.closest?.("#__search, .md-search");
  for (const kind of ["focusin", "change"]) {
    document.addEventListener(kind, (event) => searches(event) && begin());
  }
  // The address of a search: somebody has sent a link to it.
  if (new URLSearchParams(location.search).has("q")) begin();
}
