// Changing the text of a document under way: the same editor as a draft's; what is stored waits for the decision.
import { bodyEditor } from "onnara/editor/body.js";
import { post } from "onnara/editor/exchange.js";
import { fileList } from "onnara/editor/files.js";

const state = JSON.parse(document.getElementById("draft-state").textContent);
const words = JSON.parse(document.getElementById("draft-words").textContent);
const content = state.content;
content.attachments = content.attachments || [];
const problems = document.getElementById("draft-problems");
const hash = (attachment) => Array.from(atob(attachment.sha256), (sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");
const body = bodyEditor(document.getElementById("body"), {
  html: content.body, label: words.body, describedBy: "body-hint", changed() {},
  image: (name) => {
    const found = content.attachments.find((each) => each.name === name);
    return found ? `/documents/${state.documentId}/images/${hash(found)}` : "";
  },
});
document.querySelectorAll("[data-body]").forEach((button) => button.addEventListener("click", () => body.run(button.dataset.body)));
fileList(document.getElementById("files"), document.getElementById("file"), { words, files: content.attachments, changed() {} });
document.getElementById("revise").addEventListener("submit", async (event) => {
  event.preventDefault();
  content.title = event.target.elements.title.value.trim();
  content.body = body.html();
  try {
    location.href = (await post(`/documents/${state.documentId}/revise`, { base: state.manifest, content })).address;
  } catch (error) {
    problems.replaceChildren(...(error.problems || [{ text: error.message }]).map((each) => Object.assign(document.createElement("li"), { textContent: each.text })));
    problems.closest(".refused").hidden = false;
  }
});
