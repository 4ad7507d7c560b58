// Puts a button below each cell that can be tried in the page. It is all that a page loads
// until one of them is pressed. esbuild fills in APP and MARKS.
(() => {
  const here = new URL(".", document.currentScript.src);
  const lesson = document.querySelector("[data-lesson]")?.dataset.lesson;
  if (!lesson) return;

  const CHANGED = "The site has changed since this page was opened. Reload it; your answers are stored.";
  const WORDS = { kata: "Try it in this page", example: "Run it", needs: "Run it" };
  const known = (() => {
    try {
      return JSON.parse(localStorage.getItem("fastapi-katas")) ?? {};
    } catch {
      return {}; // a browser that keeps nothing
    }
  })();
  const seen = new Set();

  for (const code of document.querySelectorAll("article pre > code")) {
    const option = code.textContent.match(/^#\| (kata|example|needs): ([\w., ]+)\n/);
    if (!option) continue;
    const [, kind, name] = option;
    // The first cell of a kata is its starting code; the others are answers.
    if (kind === "kata" && (seen.has(name) || !seen.add(name))) continue;
    place({ kind, name, lesson, source: code.textContent.trimEnd(), block: blockOf(code) });
  }

  function blockOf(code) {
    return code.closest(".highlight") ?? code.parentElement;
  }

  function place(cell) {
    const bar = document.createElement("div");
    bar.className = "in-page";
    bar.style.margin = "0.6em 0 1em";
    const mark = markOf(cell);
    if (!mark || (cell.kind === "kata" && mark.runs)) bar.append(button(cell, bar));
    if (mark) bar.append(...said(mark.said));
    cell.block.after(bar);
  }

  /** What the page says of a cell: a kata's mark, or why an example or a demo can't run. */
  function markOf({ kind, name }) {
    if (kind === "kata") return MARKS[name];
    const runs = kind === "example" ? "example" : "runs";
    return name.split(/[\s,]+/).map((kata) => MARKS[kata]).find((mark) => mark && !mark[runs]);
  }

  function button(cell, bar) {
    const found = document.createElement("button");
    const passed = cell.kind === "kata" && known[cell.name] === "passed";
    found.type = "button";
    found.className = "md-button in-page__open";
    found.style.cssText = 
      "font-size:0.7rem;padding:0.35em 1em;margin-right:0.8em;color:var(--md-typeset-a-color)";
    found.textContent = passed ? "Open your answer (passed)" : WORDS[cell.kind];
    if (cell.kind !== "kata") found.setAttribute("aria-label", `Run the cell of ${cell.name}`);
    else if (!passed) found.setAttribute("aria-label", `Try ${cell.name} in this page`);
    found.addEventListener("click", () => open(cell, bar, found));
    return found;
  }

  /** Return a sentence with its `code` as code. */
  function said(text) {
    const small = document.createElement("small");
    text.split("`").forEach((piece, odd) => {
      const part = odd % 2 ? document.createElement("code") : document.createTextNode("");
      part.textContent = piece;
      small.append(part);
    });
    return [small];
  }

  async function open(cell, bar, pressed) {
    const lacking = missing();
    if (lacking) return tell(bar, lacking);
    pressed.disabled = true;
    try {
      const app = await import(new URL(APP, here));
      await app.open({ ...cell, bar, pressed, here: here.href });
    } catch (error) {
      pressed.disabled = false;
      tell(bar, (await hasChanged()) ? CHANGED : `It can't be loaded: ${error.message}. Look at your connection, then press again.`);
    }
  }

  /** Tell whether a newer site is there than the one that this page belongs to. */
  async function hasChanged() {
    try {
      const manifest = await (await fetch(new URL("page.json", here), { cache: "no-cache" })).json();
      return !APP.endsWith(`/${manifest.app}`);
    } catch {
      return false; // there is no connection
    }
  }

  function missing() {
    if (location.protocol === "file:") {
      return (
        "This page was opened from a file, and browsers run no Python there. Open it on the " +
        "site, or start `python -m http.server` in the folder of the site."
      );
    }
    if (!globalThis.WebAssembly || !globalThis.DecompressionStream || !globalThis.Worker) {
      return "This browser can't run Python in a page. A newer one can, or Jupyter: `uv run kata start`.";
    }
    return "";
  }

  function tell(bar, text) {
    bar.querySelector("[role=alert]")?.remove();
    const alert = document.createElement("p");
    alert.setAttribute("role", "alert");
    alert.append(...said(text));
    bar.append(alert);
  }
})();
