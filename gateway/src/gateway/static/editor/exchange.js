// Calls to this site: JSON there and back, the session's token with each, refusals as an error with its problems.
export class Refused extends Error {
  constructor(status, problems, told = {}) {
    super(problems.map((problem) => problem.text).join(" "));
    this.status = status;
    this.problems = problems;
    // Everything the site answered.
    this.told = told;
  }
}

const JSON_ONLY = { Accept: "application/json" };
const headersOf = (page) => page.body.getAttribute("hx-headers") || "{}";
let token = JSON.parse(headersOf(document))["X-CSRF-Token"] || "";
const failed = (status) => new Refused(status, [{ text: document.body.dataset.failed || String(status) }]);

async function answer(response) {
  const told = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
  if (!response.ok) throw told?.problems ? new Refused(response.status, told.problems, told) : failed(response.status);
  if (told === null) throw failed(0);
  return told;
}

// Whoever signed in again in another window has a new token; what was typed here is sent with it, if it is the same person.
// Whose session has ended is told so.
async function renewed() {
  const response = await fetch("/session", { headers: JSON_ONLY });
  if (!response.ok) await answer(response);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const who = (from) => from.querySelector(".who-name")?.textContent;
  if (!who(page) || who(page) !== who(document)) return false;
  token = JSON.parse(headersOf(page))["X-CSRF-Token"];
  return Boolean(token);
}
async function again(call) {
  try { return await call(); } catch (error) {
    if (error.problems?.[0]?.code !== "form-out-of-date" || !(await renewed())) throw error;
    return call();
  }
}

export async function get(address, parameters) {
  return answer(await fetch(`${address}?${new URLSearchParams(parameters)}`, { headers: JSON_ONLY }));
}

export function post(address, content) {
  return again(async () => answer(await fetch(address, {
    method: "POST",
    headers: { ...JSON_ONLY, "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify(content || {}),
  }).catch(() => { throw failed(0); })));
}

// Bytes to an address; told(sent) while they travel.
export function put(address, bytes, told) {
  return again(() => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    request.setRequestHeader("X-CSRF-Token", token);
    request.setRequestHeader("Accept", JSON_ONLY.Accept);
    request.upload.addEventListener("progress", (event) => told(event.loaded));
    request.addEventListener("load", () => {
      const content = (() => { try { return JSON.parse(request.responseText); } catch { return {}; } })();
      if (request.status >= 400) reject(content.problems ? new Refused(request.status, content.problems, content) : failed(request.status));
      else resolve(content);
    });
    request.addEventListener("error", () => reject(failed(0)));
    request.send(bytes);
  }));
}
