// A reader's work as a whole: taken along as a zip, brought back, or deleted.
import { made } from "./elements.mjs";
import { dropDrafts } from "./store.mjs";

const NAME = "my-waybill.zip";
const LARGEST = 20_000_000; // bytes of a zip
const WHERE = "What you write is kept in this browser alone. Take it along as a workspace: unpack the zip, and ";
const HOW = "uv run kata start my-waybill";

export function yourWork(client) {
  const said = made("p", { role: "status" });
  const tell = async (work) => {
    said.textContent = "";
    try {
      said.textContent = (await work()) ?? "";
    } catch (error) {
      said.textContent = `That did not work: ${error.message}. Nothing here has changed.`;
    }
  };
  const button = (text, work) => {
    const found = made("button", { type: "button", className: "in-page__button" }, text);
    found.addEventListener("click", () => tell(work));
    return found;
  };
  const file = made("input", { type: "file", accept: ".zip", hidden: true });
  file.addEventListener("change", async () => {
    await tell(() => bringBack(client, file.files[0]));
    file.value = "";
  });
  return made(
    "details",
    { className: "in-page__work" },
    made("summary", {}, "Your work in this browser"),
    made("p", {}, WHERE, made("code", {}, HOW), " opens it in Jupyter."),
    made(
      "div",
      { className: "in-page__buttons" },
      button("Take it along", () => takeAlong(client)),
      button("Bring back a zip", () => file.click()),
      button("Delete everything here", () => forget(client)),
    ),
    file,
    said,
  );
}

async function takeAlong(client) {
  const { always } = await client.manifest;
  const answer = await client.ask(always, "take_along", []);
  if (!answer.zip) throw new Error(text(answer.html));
  const bytes = Uint8Array.from(atob(answer.zip), (letter) => letter.charCodeAt(0));
  const link = made("a", { href: URL.createObjectURL(new Blob([bytes])), download: NAME });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return `${NAME} is among your downloads.`;
}

async function bringBack(client, file) {
  if (!file) return "";
  if (file.size > LARGEST) return "This file is far too large for a workspace. Nothing here has changed.";
  const question = `Put the work in ${file.name} in the place of what is here? What is here is lost, unless you took it along.`;
  if (!confirm(question)) return "";
  const bytes = new Uint8Array(await file.arrayBuffer());
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return anew(client, "bring_back", [btoa(letters)]);
}

async function forget(client) {
  const question = "Delete every answer, its history and your progress from this browser? There is no way back.";
  return confirm(question) ? anew(client, "forget", []) : "";
}

/** Change everything, then show the page as it is with that. */
async function anew(client, wish, rest) {
  const { always } = await client.manifest;
  const answer = await client.ask(always, wish, rest);
  if (answer.unstored) {
    client.restart(); // with what is stored
    throw new Error(`the browser did not store it (${answer.unstored})`);
  }
  if (!answer.statuses) return text(answer.html);
  await dropDrafts(await client.drafts);
  location.reload();
  return "";
}

function text(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent;
}
