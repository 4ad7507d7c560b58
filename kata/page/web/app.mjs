// What opens below a cell: the editor, its buttons, and what the desk answers.
import { Client } from "./client.mjs";
import { editor } from "./editor.mjs";
import { made } from "./elements.mjs";
import { keep } from "./offline.mjs";
import { yourWork } from "./work.mjs";

const DEMO_LIMIT = 30; // seconds; a kata has its own
const DRAFT_PAUSE = 400; // milliseconds without a key
const LONGEST = 1_000_000; // characters of a cell
const BROKEN = /fetch|network|load failed|decompress|decod|input stream|abort/i; // browsers' words
let client;

export async function open(cell) {
  client ??= new Client(cell.here);
  await styled(cell.here);
  const panel = cell.kind === "kata" ? new KataPanel(cell) : new DemoPanel(cell);
  await panel.open();
}

function styled(here) {
  if (document.getElementById("in-page-style")) return undefined;
  const link = Object.assign(document.createElement("link"), {
    id: "in-page-style",
    rel: "stylesheet",
    href: `${here}${STYLE}`,
  });
  const loaded = new Promise((resolve) => (link.onload = link.onerror = resolve));
  document.head.append(link);
  return loaded;
}

/** What examples and katas share: a bar that tells the truth, a stop, and an output. */
class Panel {
  constructor(cell) {
    this.cell = cell;
    this.bar = made("progress", { max: 1, className: "in-page__bar", ariaLabel: "Getting Python ready" });
    this.said = made("span", { className: "in-page__said", role: "status" });
    this.output = made("div", { className: "in-page__output", ariaLive: "polite" });
    this.stopButton = made("button", { type: "button", className: "in-page__button", hidden: true }, "Stop");
    this.stopButton.addEventListener("click", () => this.stop?.abort());
    client.listeners.add((progress) => this.show(progress));
    client.onReady ??= (manifest) => {
      client.onReady = () => {};
      return keep(cell.here, manifest, cell.lesson);
    };
    this.show(client.progress);
  }

  show({ part, said }) {
    this.bar.hidden = part >= 1;
    this.bar.value = part;
    if (part < 1) this.said.textContent = said;
    else this.said.textContent = this.stop ? "Running …" : this.idle();
  }

  idle() {
    return client.forgetful ? "Ready. This browser stores nothing: your answers last until you leave." : "Ready";
  }

  /** Say above an answer that it could not be stored. */
  warn({ unstored }) {
    if (!unstored) return;
    const why = /quota/i.test(unstored) ? "The browser's storage is full" : `The browser did not take it (${unstored})`;
    const said = `${why}, so this is not stored, and lost when you leave. Take your work along, make room, then check again.`;
    this.output.prepend(made("p", { role: "alert" }, said));
  }

  /** Run something that may have no end; whatever becomes of it is shown. */
  async running(wish, rest, limit, afterwards) {
    this.stop = new AbortController();
    this.stopButton.hidden = false;
    this.output.setAttribute("aria-busy", "true");
    this.said.textContent = client.progress.part >= 1 ? "Running …" : client.progress.said;
    try {
      const { signal } = this.stop;
      const answer = await client.run(await this.parts(), wish, rest, { limit, stop: signal, afterwards });
      this.output.innerHTML = answer.html || "<p>It printed nothing.</p>";
      this.warn(answer);
      inSight(this.output);
      return answer;
    } catch (error) {
      this.output.replaceChildren(made("p", { role: "alert" }, whatWentWrong(error)));
      return undefined;
    } finally {
      this.stop = undefined;
      this.stopButton.hidden = true;
      this.output.removeAttribute("aria-busy");
      this.said.textContent = client.progress.part >= 1 ? this.idle() : client.progress.said;
    }
  }
}

/** Scroll as little as shows what has just appeared below the editor. */
function inSight(element) {
  element.scrollIntoView({ block: "nearest" });
}

function whatWentWrong(error) {
  if (!navigator.onLine) return "There is no connection, and not all of Python was loaded before. Try again when there is one.";
  if (/^404 |site has changed/.test(error.message)) return "The site has changed since this page was opened. Reload it; your answers are stored.";
  if (BROKEN.test(error.message)) return "The connection broke while Python was being loaded. Look at it, then press again; your answers are stored.";
  if (/memory/i.test(error.message)) return "This browser has too little memory for Python. Close other tabs, then try again.";
  if (/quota/i.test(`${error.name} ${error.message}`)) return "The browser's storage is full, so what you type is not stored. Make room, or take your work along.";
  return `That did not work: ${error.message}. Try again; your answers are stored.`;
}

/** An example or a demo: it runs as it stands. */
class DemoPanel extends Panel {
  async open() {
    const { bar, pressed, source } = this.cell;
    pressed.disabled = false;
    pressed.replaceWith((this.again = pressed.cloneNode(true)));
    this.again.addEventListener("click", () => this.run(source));
    this.again.after(this.stopButton, this.said);
    bar.append(this.bar, this.output);
    await this.run(source);
  }

  async parts() {
    const { katas, lessons } = await client.manifest;
    return katas[this.cell.name]?.parts ?? lessons[this.cell.lesson];
  }

  async run(source) {
    if (this.stop) return;
    this.again.disabled = true;
    await this.running("show", [this.cell.lesson, source], DEMO_LIMIT, (how) => ({
      html: how === "stopped" ? "<p>You stopped this cell.</p>" : `<p>This cell was stopped after ${DEMO_LIMIT} seconds.</p>`,
    }));
    this.again.disabled = false;
  }
}

/** A kata: an editor, a check, hints, and the way back. */
class KataPanel extends Panel {
  async open() {
    const { block, bar, pressed, name, source } = this.cell;
    const keys = `keys-${name.replace(".", "-")}`;
    const place = made("div", { className: "in-page__editor" });
    this.check = this.button("Check", () => this.run(), "in-page__button in-page__button--first");
    this.help = this.button("Hint", () => this.hint());
    this.back = this.button("Reset", () => this.reset());
    this.hints = made("div", { className: "in-page__hints", ariaLive: "polite" });
    const how = made("small", { id: keys }, "Ctrl+Enter checks. Esc, then Tab, leaves the editor.");
    const buttons = made("div", { className: "in-page__buttons" }, this.check, this.stopButton, this.help, this.back, this.said);
    const rest = [this.bar, how, this.output, this.hints, yourWork(client)];
    this.panel = made("div", { className: "in-page__panel" }, place, buttons, ...rest);
    const drafts = await client.drafts;
    const draft = await drafts.draft(name).catch(() => undefined);
    // What stands there says what the untouched cell comes to: the panel says it anew.
    const shown = block.closest("[data-kata]")?.children ?? [block];
    block.after(this.panel);
    for (const one of shown) if (one !== this.panel && one !== bar) one.hidden = true;
    pressed.remove();
    this.editor = editor({
      parent: place,
      source: draft ?? source,
      label: `Your cell for ${name}`,
      description: keys,
      onCheck: () => this.run(),
      onChange: (text) => this.changed(text),
    });
    this.untouched = draft === undefined;
    if (bar.childElementCount) this.panel.before(bar);
    else bar.remove();
    this.editor.focus();
    this.arrive();
  }

  button(text, onPress, className = "in-page__button") {
    const found = made("button", { type: "button", className }, text);
    found.addEventListener("click", onPress);
    return found;
  }

  async parts() {
    return (await client.manifest).katas[this.cell.name].parts;
  }

  /** Bring Python, and what was written in another tab or on another day. */
  async arrive() {
    try {
      const state = await client.ask(await this.parts(), "state", [this.cell.name]);
      if (this.untouched && state.source) this.editor.replace(state.source);
    } catch (error) {
      this.output.replaceChildren(made("p", { role: "alert" }, whatWentWrong(error)));
    }
  }

  changed(text) {
    this.untouched = false;
    clearTimeout(this.pause);
    if (text.length > LONGEST) return this.tooLong();
    this.pause = setTimeout(() => this.keep(text), DRAFT_PAUSE);
  }

  /** Keep what stands in the editor, so that a reload finds it. */
  async keep(text) {
    clearTimeout(this.pause);
    const drafts = await client.drafts;
    await drafts.keepDraft(this.cell.name, text).catch((error) => (this.said.textContent = whatWentWrong(error)));
  }

  async run() {
    if (this.stop) return;
    const source = this.editor.source();
    if (source.length > LONGEST) return this.tooLong();
    if (!this.untouched) this.keep(source);
    const parts = await this.parts();
    const { limit } = (await client.manifest).katas[this.cell.name];
    this.busy(true);
    await this.running("check", [source], limit, (how, said) =>
      client.ask(parts, how, how === "stopped" ? [source] : [source, said]),
    );
    this.busy(false);
  }

  tooLong() {
    const said = "This cell has more than a million characters, so it is neither checked nor stored. Make it shorter.";
    this.output.replaceChildren(made("p", { role: "alert" }, said));
  }

  busy(is) {
    for (const one of [this.check, this.help, this.back]) one.disabled = is;
  }

  async hint() {
    await this.asking("hint", (answer) => {
      if (this.hints.childElementCount < answer.number) {
        const hint = made("div", { className: "in-page__hint" });
        hint.innerHTML = answer.html;
        this.hints.append(hint);
        inSight(hint);
      }
      if (answer.last) this.said.textContent = "That was the last hint.";
    });
  }

  async reset() {
    await this.asking("reset", (answer) => {
      this.output.innerHTML = answer.html;
      if (answer.source) this.editor.replace(answer.source);
      this.editor.focus();
    });
  }

  async asking(wish, then) {
    this.busy(true);
    try {
      then(await client.ask(await this.parts(), wish, [this.cell.name]));
    } catch (error) {
      this.output.replaceChildren(made("p", { role: "alert" }, whatWentWrong(error)));
    }
    this.busy(false);
  }
}
