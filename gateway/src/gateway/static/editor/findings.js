// What is wrong with title and body by the rules of the official layout, while one writes; a click goes to the paragraph.
import { post } from "onnara/editor/exchange.js";
import { element } from "onnara/editor/picker.js";

// read(): the content. body: the editor. live: where a screen reader is told.
export function findings({ read, body, words, live }) {
  const place = document.getElementById("findings");
  let asked = 0;
  let timer = 0;

  function row(each) {
    const line = element("li", undefined, each.must ? "finding must" : "finding");
    const go = element("button", each.text, "finding-text");
    go.type = "button";
    go.addEventListener("click", () => body.goTo(each.paragraph));
    line.append(go);
    if (each.excerpt) line.append(element("span", each.suggestion ? `${each.excerpt} → ${each.suggestion}` : each.excerpt, "soft"));
    return line;
  }
  async function check(correct) {
    const mine = (asked += 1);
    const now = read();
    let told;
    try {
      told = await post("/drafts/check", { title: now.title, body: now.body, attachment_count: now.attachments.length, has_recipients: now.recipients.length > 0, correct });
    } catch { return; }
    if (mine !== asked) return;
    if (correct && told.corrected && told.corrected !== now.body) {
      body.set(told.corrected);
      live.textContent = words.corrected;
      check(false);
      return;
    }
    place.replaceChildren(...told.findings.map(row));
    document.getElementById("findings-none").hidden = told.findings.length > 0;
  }
  document.getElementById("correct").addEventListener("click", () => check(true));
  return {
    check,
    soon() {
      clearTimeout(timer);
      timer = setTimeout(() => check(false), 900);
    },
  };
}
