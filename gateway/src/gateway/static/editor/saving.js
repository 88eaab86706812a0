// A draft saves itself two seconds after the last change, one at a time, nothing lost between. Another's text is never
// written over: what was stored meanwhile is shown beside one's own, and the writer says which goes on.
import { post } from "onnara/editor/exchange.js";

const at = (id) => document.getElementById(id);
const kept = (id) => `text:${id}`;
const now = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

// state: of the page, with document and version. read(): the content. stored(): told after each. show(problems): told of refusals.
export function autosave({ state, words, read, show, stored, html }) {
  const told = at("draft-saved");
  let changedAt = 0;
  let savedAt = 0;
  let saving = null;
  let timer = 0;
  let theirs = null;

  const say = (kind, text) => { told.dataset.state = kind; told.textContent = text; };
  function changed() {
    changedAt += 1;
    if (theirs) return;
    say("open", words.unsaved);
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  }
  async function save() {
    clearTimeout(timer);
    if (saving) await saving;
    if (theirs) { at("conflict").scrollIntoView({ block: "nearest" }); return false; }
    if (savedAt === changedAt) return true;
    saving = store(changedAt);
    const done = await saving;
    saving = null;
    return done;
  }
  async function store(upTo) {
    try {
      const made = await post("/drafts/save", { document_id: state.documentId, version: state.version, request_id: crypto.randomUUID().replaceAll("-", ""), content: read() });
      if (state.documentId !== made.document_id) history.replaceState(null, "", `/drafts/${made.document_id}`);
      state.documentId = made.document_id;
      state.version = made.version;
      savedAt = upTo;
      if (changedAt === upTo) say("done", words.saved.replace("{time}", now()));
      show([]);
      stored();
      return true;
    } catch (error) {
      if (error.told?.theirs) { ask(error.told.theirs); return false; }
      say("failed", words.failed);
      show(error.problems || [{ text: String(error) }]);
      return false;
    }
  }

  // --- two texts: theirs beside the editor, the choice below it ---
  function ask(found) {
    theirs = found;
    say("failed", words.conflict);
    at("conflict-who").textContent = found.open ? words.theirs.replace("{who}", found.who).replace("{at}", found.at) : words.gone;
    // The site has cut the body down to the subset of official documents.
    at("conflict-text").innerHTML = found.body;
    at("conflict-text").prepend(Object.assign(document.createElement("h3"), { textContent: found.title }));
    at("conflict-mine").hidden = at("conflict-theirs").hidden = !found.open;
    at("conflict").hidden = false;
    at("conflict").focus();
  }
  function go(change) {
    change();
    theirs = null;
    at("conflict").hidden = true;
    changedAt += 1;
    return save();
  }
  at("conflict-mine").addEventListener("click", () => go(() => { state.version = theirs.version; }));
  at("conflict-apart").addEventListener("click", async () => {
    if (await go(() => { state.documentId = ""; state.version = 0; })) say("done", words.apart);
  });
  at("conflict-theirs").addEventListener("click", () => {
    sessionStorage.setItem(kept(state.documentId), html());
    savedAt = changedAt;
    location.reload();
  });

  // --- one's own text, when the other one was taken ---
  const mine = state.documentId && sessionStorage.getItem(kept(state.documentId));
  if (mine) {
    at("mine-text").textContent = new DOMParser().parseFromString(mine.replaceAll("</p>", "</p>\n"), "text/html").body.textContent.trim();
    at("mine").hidden = false;
    at("mine-done").addEventListener("click", () => { sessionStorage.removeItem(kept(state.documentId)); at("mine").hidden = true; });
  }

  window.addEventListener("beforeunload", (event) => { if (changedAt !== savedAt) event.preventDefault(); });
  return { changed, save, touch() { changedAt += 1; }, leave() { savedAt = changedAt; } };
}
