// Attachments: chosen or dropped, sent in pieces with a bar each, taken up again where a broken line stopped.
import { Refused, post, put } from "onnara/editor/exchange.js";
import { element } from "onnara/editor/picker.js";

const TRIES = 6;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const size = (count) => (count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`);

// Tells a file from another of the same name and size: its date, and its first and last bytes where they can be hashed.
const EDGE = 256 * 1024;
async function fingerprint(file) {
  if (!crypto.subtle) return String(file.lastModified);
  const edges = await new Blob([file.slice(0, EDGE), file.slice(-EDGE)]).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", edges));
  return `${file.lastModified}-${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// Sends one file; told(bytes) as it goes. Answers the attachment. A broken line is waited out with growing pauses; given up
// is only where nothing arrives any more, however often the line breaks on the way.
export async function send(file, told) {
  const mark = await fingerprint(file);
  let farthest = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const upload = await post("/uploads", { name: file.name, size: file.size, type: file.type, fingerprint: mark });
      let offset = upload.offset;
      while (offset < file.size) {
        const piece = file.slice(offset, offset + upload.piece);
        const base = offset;
        offset = (await put(`/uploads/${upload.id}?offset=${offset}`, piece, (sent) => told(base + sent))).offset;
        told(offset);
        if (offset > farthest) { farthest = offset; attempt = 1; }
      }
      return (await post(`/uploads/${upload.id}/finish`)).attachment;
    } catch (error) {
      const final = error instanceof Refused && error.status >= 400 && error.status < 500;
      if (final || attempt === TRIES) throw error;
      await pause(500 * 2 ** attempt);
    }
  }
}

// A list of attachments. words: texts of the page. changed(): after every change.
export function fileList(place, input, { words, files, changed }) {
  function row(attachment) {
    const line = element("li", undefined, "file-row");
    const remove = element("button", words.remove, "krds-btn xsmall text");
    remove.type = "button";
    remove.setAttribute("aria-label", `${words.remove}: ${attachment.name}`);
    remove.addEventListener("click", () => { files.splice(files.indexOf(attachment), 1); line.remove(); changed(); });
    line.append(element("span", attachment.name, "file-name"), element("span", size(Number(attachment.size)), "soft"), remove);
    return line;
  }
  async function add(file) {
    const line = element("li", undefined, "file-row");
    const bar = element("progress");
    bar.max = Math.max(file.size, 1);
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const note = element("span", `0 / ${size(file.size)}`, "soft");
    line.append(element("span", file.name, "file-name"), bar, note);
    place.append(line);
    try {
      const attachment = await send(file, (sent) => { bar.value = sent; note.textContent = `${size(sent)} / ${size(file.size)}`; });
      files.push(attachment);
      line.replaceWith(row(attachment));
      changed();
      return attachment;
    } catch (error) {
      bar.remove();
      note.className = "file-failed";
      note.textContent = error.message;
      const again = element("button", words.again, "krds-btn xsmall secondary");
      again.type = "button";
      again.addEventListener("click", () => { line.remove(); add(file); });
      line.append(again);
      return null;
    }
  }
  place.replaceChildren(...files.map(row));
  input.addEventListener("change", async () => {
    const chosen = Array.from(input.files);
    input.value = "";
    for (const file of chosen) await add(file);
  });
  return { add };
}
