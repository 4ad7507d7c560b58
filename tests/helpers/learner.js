// What a learner does and sees in a lesson's page. learner.py puts it before each call.
const PATIENCE = 150_000; // milliseconds: Python starts first, on a busy machine

const editor = (kata) => document.querySelector(`[aria-label="Your cell for ${kata}"]`);
const panel = (kata) => editor(kata)?.closest(".in-page__panel");
const output = (kata) => panel(kata).querySelector(".in-page__output");

function seen(look) {
  const until = performance.now() + PATIENCE;
  return new Promise((found, failed) => {
    const again = () => {
      const value = look();
      if (value) return found(value);
      if (performance.now() < until) return setTimeout(again, 50);
      const shown = [...document.querySelectorAll(".in-page__panel")].map((one) => one.innerText);
      return failed(new Error(`not seen: ${look}; the page shows: ${shown.join(" | ").slice(0, 4000)}`));
    };
    again();
  });
}

const learner = {
  async open(kata) {
    const pressed = document.querySelector(`[data-kata="${kata}"] .in-page__open`);
    pressed.click();
    await seen(() => editor(kata));
    return pressed.textContent;
  },

  async code(kata) {
    await seen(() => editor(kata).innerText.includes(kata));
    return [...editor(kata).querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n");
  },

  focus(kata) {
    output(kata).replaceChildren();
    editor(kata).focus();
  },

  verdict([kata, wanted]) {
    return seen(() => {
      const words = [...output(kata).querySelectorAll("*")].map((one) => one.textContent);
      return words.includes(wanted) && output(kata).innerText;
    });
  },

  run(source) {
    const code = [...document.querySelectorAll("article pre > code")].find(
      (one) => one.textContent.trimEnd() === source.trimEnd(),
    );
    const bar = code.closest(".highlight").nextElementSibling;
    bar.querySelector("button").click();
    return seen(() => {
      const shown = bar.querySelector(".in-page__output");
      return shown?.innerText && !shown.ariaBusy && shown.innerText;
    });
  },

  takeAlong(kata) {
    panel(kata).querySelector(".in-page__work").open = true;
    const buttons = [...panel(kata).querySelectorAll("button")];
    buttons.find((one) => one.textContent === "Take it along").click();
  },

  kept() {
    const needed = ["/page.json", "start.js", ".html", "course-"];
    return seen(() => navigator.serviceWorker.controller).then(async () => {
      for (;;) {
        const kept = await (await caches.open("fastapi-katas")).keys();
        if (needed.every((one) => kept.some(({ url }) => url.includes(one)))) return true;
        await new Promise((soon) => setTimeout(soon, 50));
      }
    });
  },
};
