// A draft's page: what the form says becomes the contract's content, is stored while one writes, and goes into its line.
import { bodyEditor } from "onnara/editor/body.js";
import { post } from "onnara/editor/exchange.js";
import { fileList } from "onnara/editor/files.js";
import { findings } from "onnara/editor/findings.js";
import { lineEditor, plain } from "onnara/editor/line.js";
import { batch, coDrafters, jointAgencies, sources } from "onnara/editor/others.js";
import { element } from "onnara/editor/picker.js";
import { recipients } from "onnara/editor/recipients.js";
import { keptLine, ruling } from "onnara/editor/ruling.js";
import { autosave } from "onnara/editor/saving.js";

const at = (id) => document.getElementById(id);
const state = JSON.parse(at("draft-state").textContent);
const words = JSON.parse(at("draft-words").textContent);
const form = at("draft");
const content = state.content;
const field = (name) => form.elements[name];
const live = at("draft-live");
const problems = at("draft-problems");
content.recipients = content.recipients || [];
content.attachments = content.attachments || [];
content.disclosure = content.disclosure || {};
const steps = [];
const images = new Map();

// --- what the form says, as the contract's content ---
const checked = (name) => Array.from(form.querySelectorAll(`[name="${name}"]:checked`));
const values = (name) => checked(name).map((box) => box.value);
const texts = (value) => value.split(/[,，]/).map((each) => each.trim()).filter(Boolean);
const UNTIL_DAY = 3;
const OMITTED = [3, 4];
function read() {
  const task = field("task").selectedOptions[0];
  const level = Number(values("level")[0] || 0);
  const isSent = content.recipients.length > 0;
  const seal = Number(field("seal").value || 0);
  content.title = field("title").value.trim();
  content.body = body.html();
  content.kind = Number(field("kind").value);
  content.summary = field("summary").value.trim();
  content.keywords = texts(field("keywords").value);
  content.task = task && task.value ? { code: task.value, name: task.dataset.name } : undefined;
  content.furtherTasks = checked("further").filter((box) => box.value !== task?.value).map((box) => ({ code: box.value, name: box.dataset.name }));
  content.disclosure = { level, items: level > 1 ? values("item").map(Number) : [], reason: level > 1 ? field("reason").value.trim() : "" };
  content.readingRange = Number(field("range").value);
  content.readingLimit = Number(field("limit").value);
  content.readingLimitUntil = content.readingLimit === UNTIL_DAY ? field("limit_until").value : "";
  content.senderName = isSent ? field("sender_name").value.trim() : "";
  content.seal = isSent ? { kind: seal, omitted: OMITTED.includes(seal) } : undefined;
  content.via = field("via").value.trim();
  content.major = field("major").checked;
  return content;
}

// found: problems; those of a batch say which of its drafts they are about.
function show(found) {
  const titles = [field("title").value, ...others.titles()];
  problems.replaceChildren(...found.map((each) => {
    const number = /^drafts\[(\d+)\]/.exec(each.field || "")?.[1];
    const title = number && titles[Number(number)];
    const line = element("li", title ? words.ofDraft.replace("{title}", title).replace("{problem}", each.text) : each.text);
    if (each.advice) line.append(" ", element("span", each.advice, "soft"));
    if (each.source) line.append(" ", element("span", each.source, "soft"));
    return line;
  }));
  problems.closest(".refused").hidden = found.length === 0;
  if (found.length) problems.closest(".refused").scrollIntoView({ block: "nearest" });
}

// --- body, and its pictures ---
const body = bodyEditor(at("body"), {
  html: content.body,
  label: words.body,
  describedBy: "body-hint",
  image: (name) => images.get(name) || address(name),
  changed() { changed(); layout.soon(); },
});
const address = (name) => {
  const found = content.attachments.find((each) => each.name === name);
  if (!found || !state.documentId) return "";
  const hash = Array.from(atob(found.sha256), (sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return `/documents/${state.documentId}/images/${hash}`;
};
document.querySelectorAll("[data-body]").forEach((button) => {
  button.addEventListener("click", () => body.run(button.dataset.body));
});
const layout = findings({ read, body, words, live });

// --- storing ---
const mine = keptLine(state);
const others = batch({ state });
const { changed, save, touch, leave } = autosave({ state, words, read, show, html: () => body.html(), stored: () => mine.named() });

// --- attachments ---
const files = fileList(at("files"), at("file"), { words, files: content.attachments, changed() { changed(); layout.soon(); } });
for (const kind of ["dragover", "drop"]) {
  at("drop").addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (kind === "drop") Array.from(event.dataTransfer.files).forEach((file) => files.add(file));
  });
}
at("picture").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  images.set(file.name.normalize("NFC"), URL.createObjectURL(file));
  const attachment = await files.add(file);
  if (attachment) body.insertImage(attachment.name, attachment.name.replace(/\.[^.]+$/, ""));
});

// --- recipients, others, the line ---
recipients({ content, words, changed() { changed(); layout.soon(); } });
const line = lineEditor(at("line"), at("person"), at("department"), {
  words: words.line, steps, live, changed: (touched) => rules?.changed(touched),
  drafter: { name: state.name, position: state.position, department: state.department },
});
const joint = jointAgencies({ content, words, line, live, show, changed });
sources({ content, words, changed });
coDrafters({ state, words, show, save(force) { if (force) touch(); return save(); } });
const rules = ruling({ line, steps, joint, field, words, live, mine });
joint.ready.then(() => rules.propose());

// --- the rest of the form ---
form.addEventListener("input", (event) => { if (event.target.name) changed(); });
form.addEventListener("change", (event) => {
  if (!event.target.name) return;
  changed();
  mask();
});
function mask() {
  const level = Number(values("level")[0] || 0);
  const further = checked("further").length;
  document.querySelectorAll("[data-closed]").forEach((part) => { part.hidden = level < 2; });
  document.querySelectorAll("[data-until]").forEach((part) => { part.hidden = Number(field("limit").value) !== UNTIL_DAY; });
  at("retention").textContent = field("task").selectedOptions[0]?.dataset.retention || "";
  if (at("further-count")) at("further-count").textContent = further ? String(further) : "";
}
mask();
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = at("submit");
  if (event.submitter !== button) { await save(); return; }
  touch();
  if (!(await save())) return;
  button.disabled = true;
  try {
    const told = await post("/drafts/submit", { document_id: state.documentId, version: state.version, steps: plain(steps), content: read(), joint: joint.ids(), batch: others.ids(), carry_over: field("carry_over")?.checked || false });
    leave();
    mine.forget();
    location.href = told.address;
  } catch (error) {
    show((error.problems || [{ text: String(error) }]).map((each) => ({ ...each, text: joint.named(each.text) })));
    button.disabled = false;
  }
});
// Enter in a field goes nowhere: a document is submitted by its button only.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input:not([type=checkbox], [type=radio], [type=file])")) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
});
if (content.body) layout.check(false);
