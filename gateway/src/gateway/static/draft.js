// A draft's page: saves by itself while one writes, checks the layout, sends into the line.
import { bodyEditor } from "onnara/editor/body.js";
import { post, get } from "onnara/editor/exchange.js";
import { fileList } from "onnara/editor/files.js";
import { lineEditor, plain } from "onnara/editor/line.js";
import { batch, coDrafters, jointAgencies, sources } from "onnara/editor/others.js";
import { element, picker } from "onnara/editor/picker.js";

const state = JSON.parse(document.getElementById("draft-state").textContent);
const words = JSON.parse(document.getElementById("draft-words").textContent);
const form = document.getElementById("draft");
const content = state.content;
const field = (name) => form.elements[name];
const live = document.getElementById("draft-live");
const saved = document.getElementById("draft-saved");
const problems = document.getElementById("draft-problems");
content.recipients = content.recipients || [];
content.attachments = content.attachments || [];
content.disclosure = content.disclosure || {};
const steps = [];
const images = new Map();

// --- what the form says, as the contract's content ---
const checked = (name) => Array.from(form.querySelectorAll(`[name="${name}"]:checked`)).map((box) => box.value);
const texts = (value) => value.split(/[,，]/).map((each) => each.trim()).filter(Boolean);
function read() {
  const task = field("task").selectedOptions[0];
  const level = Number(checked("level")[0] || 0);
  content.title = field("title").value.trim();
  content.body = body.html();
  content.kind = Number(field("kind").value);
  content.summary = field("summary").value.trim();
  content.keywords = texts(field("keywords").value);
  content.task = task && task.value ? { code: task.value, name: task.dataset.name } : undefined;
  content.furtherTasks = Array.from(form.querySelectorAll("[name=further]:checked")).filter((box) => box.value !== task?.value).map((box) => ({ code: box.value, name: box.dataset.name }));
  content.disclosure = { level, items: level > 1 ? checked("item").map(Number) : [], reason: level > 1 ? field("reason").value.trim() : "" };
  content.readingRange = Number(field("range").value);
  content.readingLimit = Number(field("limit").value);
  content.readingLimitUntil = content.readingLimit === 3 ? field("limit_until").value : "";
  content.senderName = content.recipients.length ? field("sender_name").value.trim() : "";
  content.seal = content.recipients.length ? { kind: Number(field("seal").value || 0), omitted: [3, 4].includes(Number(field("seal").value)) } : undefined;
  content.via = field("via").value.trim();
  content.major = field("major").checked;
  return content;
}

// --- saving: two seconds after the last change, one at a time, nothing lost between ---
let changedAt = 0;
let savedAt = 0;
let saving = null;
let timer = 0;
function changed() {
  changedAt += 1;
  saved.textContent = words.unsaved;
  saved.dataset.state = "open";
  clearTimeout(timer);
  timer = setTimeout(save, 2000);
}
async function save() {
  clearTimeout(timer);
  if (saving) { await saving; }
  if (savedAt === changedAt) return true;
  const at = changedAt;
  saving = store(at);
  const done = await saving;
  saving = null;
  return done;
}
async function store(at) {
  try {
    const told = await post("/drafts/save", { document_id: state.documentId, version: state.version, request_id: crypto.randomUUID().replaceAll("-", ""), content: read() });
    if (!state.documentId) history.replaceState(null, "", `/drafts/${told.document_id}`);
    state.documentId = told.document_id;
    state.version = told.version;
    savedAt = at;
    if (changedAt === at) {
      saved.dataset.state = "done";
      saved.textContent = words.saved.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }));
    }
    show([]);
    return true;
  } catch (error) {
    saved.dataset.state = "failed";
    saved.textContent = words.failed;
    show(error.problems || [{ text: String(error) }]);
    return false;
  }
}
window.addEventListener("beforeunload", (event) => { if (changedAt !== savedAt) event.preventDefault(); });

function show(found) {
  problems.replaceChildren(...found.map((each) => {
    const line = element("li", each.text);
    if (each.advice) line.append(element("span", each.advice, "soft"));
    return line;
  }));
  problems.closest(".refused").hidden = found.length === 0;
  if (found.length) problems.closest(".refused").scrollIntoView({ block: "nearest" });
}

// --- body ---
const body = bodyEditor(document.getElementById("body"), {
  html: content.body,
  label: words.body,
  describedBy: "body-hint",
  image: (name) => images.get(name) || address(name),
  changed() { changed(); checkSoon(); },
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

// --- layout findings, while one writes ---
const findings = document.getElementById("findings");
let checking = 0;
let checkTimer = 0;
function checkSoon() {
  clearTimeout(checkTimer);
  checkTimer = setTimeout(() => check(false), 900);
}
async function check(correct) {
  const mine = (checking += 1);
  const now = read();
  let told;
  try {
    told = await post("/drafts/check", { title: now.title, body: now.body, attachment_count: now.attachments.length, has_recipients: now.recipients.length > 0, correct });
  } catch { return; }
  if (mine !== checking) return;
  if (correct && told.corrected && told.corrected !== now.body) {
    body.set(told.corrected);
    live.textContent = words.corrected;
    check(false);
    return;
  }
  findings.replaceChildren(...told.findings.map((each) => {
    const line = element("li", undefined, each.must ? "finding must" : "finding");
    const go = element("button", each.text, "finding-text");
    go.type = "button";
    go.addEventListener("click", () => body.goTo(each.paragraph));
    line.append(go);
    if (each.excerpt) line.append(element("span", each.suggestion ? `${each.excerpt} → ${each.suggestion}` : each.excerpt, "soft"));
    return line;
  }));
  document.getElementById("findings-none").hidden = told.findings.length > 0;
}
document.getElementById("correct").addEventListener("click", () => check(true));

// --- attachments and pictures ---
const files = fileList(document.getElementById("files"), document.getElementById("file"), { words, files: content.attachments, changed() { changed(); checkSoon(); } });
const drop = document.getElementById("drop");
for (const kind of ["dragover", "drop"]) {
  drop.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (kind === "drop") Array.from(event.dataTransfer.files).forEach((file) => files.add(file));
  });
}
document.getElementById("picture").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  images.set(file.name.normalize("NFC"), URL.createObjectURL(file));
  const attachment = await files.add(file);
  if (attachment) body.insertImage(attachment.name, attachment.name.replace(/\.[^.]+$/, ""));
});

// --- recipients ---
const recipients = document.getElementById("recipients");
const printed = (unit) => (unit.agency ? unit.head || unit.name : unit.fullName);
function drawRecipients() {
  recipients.replaceChildren(...content.recipients.map((each, index) => {
    const line = element("li", undefined, "recipient");
    const refer = document.createElement("input");
    refer.type = "checkbox";
    refer.id = `refer-${index}`;
    refer.checked = Boolean(each.refer);
    refer.addEventListener("change", () => { each.refer = refer.checked; changed(); });
    const label = element("label", words.refer);
    label.htmlFor = refer.id;
    const out = element("button", "×", "line-remove");
    out.type = "button";
    out.setAttribute("aria-label", `${words.remove}: ${each.printedAs}`);
    out.addEventListener("click", () => { content.recipients.splice(index, 1); drawRecipients(); changed(); });
    const code = each.department?.code || each.agency?.code || "";
    line.append(element("b", each.printedAs || each.agency?.name), element("span", code, "soft"), refer, label, out);
    return line;
  }));
  const several = content.recipients.length > 0;
  document.querySelectorAll("[data-with-recipients]").forEach((part) => { part.hidden = !several; });
  document.querySelectorAll("[data-without-recipients]").forEach((part) => { part.hidden = several; });
}
picker(document.getElementById("recipient"), {
  search: (text) => get("/lookup/units", { q: text }),
  empty: words.nobody,
  show: (each) => [element("b", each.name), " ", element("span", `${each.fullName} ${each.code}`, "soft")],
  chosen(unit) {
    const made = { kind: 1, printedAs: printed(unit), agency: { code: unit.code, name: unit.name } };
    if (content.recipients.some((each) => each.agency?.code === unit.code)) return;
    content.recipients.push(made);
    drawRecipients();
    changed();
  },
});
drawRecipients();

// --- the line ---
const lineProblems = document.getElementById("line-problems");
let lineTimer = 0;
function lineChanged() {
  clearTimeout(lineTimer);
  lineTimer = setTimeout(checkLine, 400);
}
async function checkLine() {
  if (steps.length === 0) { lineProblems.replaceChildren(); return; }
  try {
    const told = await post("/lookup/line-check", { kind: Number(field("kind").value), task: field("task").value, steps: plain(steps), joint: joint.ids() });
    lineProblems.replaceChildren(...told.problems.map((text) => element("li", text)));
  } catch (error) { lineProblems.replaceChildren(element("li", error.message)); }
}
const line = lineEditor(document.getElementById("line"), document.getElementById("person"), document.getElementById("department"), {
  words: words.line, steps, live, changed: lineChanged,
  drafter: { name: state.name, position: state.position, department: state.department },
});
const joint = jointAgencies({ content, words, line, live, show, changed() { changed(); lineChanged(); } });
sources({ content, words, changed });
coDrafters({ state, words, save, show });
const others = batch({ state, words });
const offers = document.getElementById("offers");
const rule = document.getElementById("rule");
async function propose() {
  let told;
  try { told = await get("/lookup/lines", { kind: field("kind").value, task: field("task").value }); } catch { return; }
  rule.textContent = told.rule ? words.rule.replace("{rule}", told.rule).replace("{level}", words.levels[told.level] || told.level) : words.noRule;
  offers.replaceChildren(...told.proposals.map((each) => {
    const button = element("button", words.offers[each.kind].replace("{name}", each.name), "krds-btn small tertiary");
    button.type = "button";
    button.title = each.problems.join(" ");
    button.addEventListener("click", () => { line.set(each.steps); live.textContent = words.offered; });
    return button;
  }));
  if (steps.every((step) => step.mode === "STEP_MODE_JOINT") && told.proposals.length) line.set(told.proposals[0].steps);
  else checkLine();
}
field("kind").addEventListener("change", propose);
field("task").addEventListener("change", () => {
  document.getElementById("retention").textContent = field("task").selectedOptions[0]?.dataset.retention || "";
  propose();
});
document.getElementById("keep-line").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = event.target.elements.name.value.trim();
  if (!name) return;
  try {
    await post("/lookup/templates", { name, kind: Number(field("kind").value), task: field("task").value, steps: plain(steps), shared: event.target.elements.shared.checked });
    live.textContent = words.kept;
    event.target.reset();
    document.getElementById("keep-dialog").close();
    propose();
  } catch (error) { document.getElementById("keep-problem").textContent = error.message; }
});

// --- the rest of the form ---
form.addEventListener("input", (event) => { if (event.target.name) changed(); });
form.addEventListener("change", (event) => {
  if (!event.target.name) return;
  changed();
  mask();
});
function mask() {
  const level = Number(checked("level")[0] || 0);
  document.querySelectorAll("[data-closed]").forEach((part) => { part.hidden = level < 2; });
  document.querySelectorAll("[data-until]").forEach((part) => { part.hidden = Number(field("limit").value) !== 3; });
}
mask();
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (event.submitter?.dataset.act === "save") { await save(); return; }
  changedAt += 1;
  if (!(await save())) return;
  const button = document.getElementById("submit");
  button.disabled = true;
  try {
    const told = await post("/drafts/submit", { document_id: state.documentId, version: state.version, steps: plain(steps), content: read(), joint: joint.ids(), batch: others(), carry_over: field("carry_over")?.checked || false });
    changedAt = savedAt;
    location.href = told.address;
  } catch (error) {
    show(error.problems || [{ text: String(error) }]);
    button.disabled = false;
  }
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
});
propose();
if (content.body) check(false);
