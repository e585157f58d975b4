// Shows the control API and lets people use it. Everything is written as text, never as HTML.
"use strict";

const MOST_ROWS = 300;
const at = (id) => document.getElementById(id);

/** An element with attributes, text and children. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function tell(text, problem = false) {
  at("notice").textContent = text;
  at("notice").classList.toggle("problem", problem);
}

/** What the control API answers; `undefined` where it has nothing to say. */
async function api(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await fetch("/_sandbox/" + path, options);
  if (!answer.ok) throw new Error(answer.headers.get("cronofy-sandbox-why") ?? `answered ${answer.status}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : undefined;
}

/** Does something, says what came of it, and shows the new state. */
async function act(done, work) {
  try {
    await work();
    tell(done);
  } catch (error) {
    tell(String(error.message ?? error), true);
  }
  await show();
}

const button = (label, name, onclick) => make("button", { type: "button", "aria-label": name, onclick }, label);
const tag = (text, kind) => make("span", { class: "tag " + (kind ?? "soft") }, text);

/** Fills a list, but never under a finger: rows that say the same stay the elements that they are. */
function rows(id, items, row) {
  const list = at(id);
  const said = JSON.stringify(items);
  if (list.dataset.said === said) return;
  list.dataset.said = said;
  const none = make("li", { class: "none" }, "None.");
  list.replaceChildren(...(items.length ? items.map(row) : [none]));
}

// The journal.

const entries = [];
let paused = false;

function kindOf(status) {
  if (status === null) return "odd";
  return status < 400 ? "good" : "bad";
}

function entryRow(entry) {
  const { method, path, headers, query, body, ...rest } = entry;
  const detail = JSON.stringify({ headers, query, body, operation: rest.operation, client_id: rest.client_id }, null, 2);
  const request = make("details", {}, make("summary", {}, make("code", {}, `${method} ${path}`)), make("pre", {}, detail));
  const fault = entry.fault ? tag(`${entry.fault.effect} (${entry.fault.id})`, "odd") : null;
  return make("tr", {},
    make("td", {}, entry.time.slice(11, 23).replace("Z", "")),
    make("td", {}, request),
    make("td", { class: kindOf(entry.status) }, entry.status === null ? "none" : String(entry.status)),
    make("td", {}, (entry.duration_us / 1000).toFixed(1)),
    make("td", {}, make("code", {}, entry.sub ?? "")),
    make("td", {}, entry.why ?? "", fault ? " " : null, fault));
}

function shown(entry) {
  const wanted = at("journal-filter").value.trim().toLowerCase();
  const { method, path, status, sub, why, fault } = entry;
  return !wanted || JSON.stringify([method, path, status, sub, why, fault]).toLowerCase().includes(wanted);
}

function showJournal() {
  at("journal").replaceChildren(...entries.filter(shown).map(entryRow).reverse());
}

function record(entry) {
  entries.push(entry);
  if (entries.length > MOST_ROWS) entries.shift();
  if (paused) return;
  if (shown(entry)) at("journal").prepend(entryRow(entry));
  while (at("journal").children.length > MOST_ROWS) at("journal").lastChild.remove();
  soon();
}

async function follow() {
  const before = await api("GET", `journal?limit=${MOST_ROWS}`);
  entries.push(...before.entries);
  showJournal();
  const since = entries.at(-1)?.sequence ?? 0;
  const stream = new EventSource(`/_sandbox/journal/stream?since=${since}`);
  stream.addEventListener("request", (event) => record(JSON.parse(event.data)));
  stream.addEventListener("error", () => tell("The journal is interrupted; waiting for the sandbox.", true));
  stream.addEventListener("open", () => tell(""));
}

// Everything else, read again after each request and every two seconds.

let waiting = null;
function soon() {
  waiting ??= setTimeout(() => { waiting = null; show(); }, 200);
}

function accountRow(account) {
  const profiles = account.profiles.map((profile) => {
    const turn = profile.connected ? "disconnect" : "reconnect";
    const label = profile.connected ? "Disconnect" : "Reconnect";
    return make("li", {},
      make("span", {}, profile.email), tag(`${profile.provider_name}${profile.connected ? "" : ", disconnected"}`, profile.connected ? "good" : "bad"),
      button(label, `${label} ${profile.email}`, () => act(`${profile.email}: ${turn}ed.`, () =>
        api("POST", `accounts/${encodeURIComponent(account.sub)}/profiles/${encodeURIComponent(profile.profile_id)}/${turn}`))));
  });
  const scope = account.delegated_scope ? `${account.scope}, may delegate ${account.delegated_scope}` : account.scope;
  return make("li", {},
    make("span", {}, make("code", {}, account.sub), " ", tag(account.kind.replaceAll("_", " ")), " ", make("span", { class: "soft" }, scope)),
    button("Revoke", `Revoke ${account.sub}`, () => act(`${account.sub} was revoked.`, () =>
      api("POST", `accounts/${encodeURIComponent(account.sub)}/revoke`))),
    profiles.length ? make("ul", { class: "lines" }, ...profiles) : null);
}

const CALLBACK_KINDS = { delivered: "good", failed: "bad", not_sent: "bad", withheld: "odd" };

function callbackRow(callback) {
  const attempts = callback.attempts.length === 1 ? "1 attempt" : `${callback.attempts.length} attempts`;
  const next = callback.next_attempt_at ? `, next ${callback.next_attempt_at}` : "";
  return make("li", {},
    make("details", {}, make("summary", {}, make("code", {}, callback.url), " ", tag(callback.kind.replaceAll("_", " "))),
      make("pre", {}, JSON.stringify(callback, null, 2))),
    tag(callback.state.replaceAll("_", " "), CALLBACK_KINDS[callback.state]),
    make("span", { class: "soft" }, attempts + next),
    callback.reason ? make("span", { class: "bad" }, callback.reason) : null,
    callback.fault ? tag(callback.fault, "odd") : null,
    button("Send again", `Send ${callback.id} again`, () => act("It is sent again.", () => api("POST", `callbacks/${callback.id}/resend`))));
}

function faultRow(path) {
  return (fault) => {
    const { id, matched, fired, ...rest } = fault;
    const words = Object.entries(rest).filter(([, value]) => value !== null && typeof value !== "object");
    return make("li", {},
      make("code", {}, words.map(([name, value]) => `${name}: ${value}`).join(", ")),
      matched === undefined ? null : make("span", { class: "soft" }, `hit ${fired} of ${matched}`),
      button("Remove", `Remove ${id}`, () => act("It is removed.", () => api("DELETE", `${path}/${id}`))));
  };
}

function invitationRow(invitation) {
  const mail = invitation.mails.at(-1);
  const answer = (word, label) => button(label, `${label}: ${mail.summary}`, () =>
    act(`${invitation.email}: ${word}.`, () => api("POST", `invitations/${encodeURIComponent(invitation.id)}`, { answer: word })));
  return make("li", {},
    make("span", {}, mail.summary, " ", make("span", { class: "soft" }, `${mail.start} to ${mail.end}, for ${invitation.email}`)),
    tag(invitation.state.replaceAll("_", " ")),
    answer("accept", "Accept"), answer("tentative", "Perhaps"), answer("decline", "Decline"), answer("ignore", "Ignore"));
}

function snapshotRow(snapshot) {
  const path = `snapshots/${encodeURIComponent(snapshot.id)}`;
  return make("li", {}, make("code", {}, snapshot.id),
    button("Restore", `Restore ${snapshot.id}`, () => act("Restored.", () => api("POST", `${path}/restore`))),
    button("Forget", `Forget ${snapshot.id}`, () => act("Forgotten.", () => api("DELETE", path))));
}

let frozen = false;

function showClock(clock) {
  frozen = clock.frozen;
  at("clock").textContent = clock.now.slice(0, 19).replace("T", " ") + " UTC";
  at("clock-state").textContent = frozen ? "frozen" : "running";
  at("clock-freeze").textContent = frozen ? "Run" : "Freeze";
}

function showSettings(settings) {
  const form = at("settings");
  if (form.contains(document.activeElement)) return;
  form.refresh_mode.value = settings.refresh_mode;
  form.auto_consent.value = settings.auto_consent;
  form.user_token_seconds.value = settings.user_token_seconds;
  form.rate_limits.checked = settings.rate_limits?.enabled ?? false;
}

async function show() {
  try {
    const [state, clock, settings, accounts, callbacks, faults, callbackFaults, invitations, snapshots] = await Promise.all(
      ["state", "clock", "settings", "accounts", "callbacks", "faults", "callback_faults", "invitations", "snapshots"].map((path) => api("GET", path)));
    at("summary").textContent = `${state.requests_served} requests, ${state.authorizations} grants, ${state.access_tokens} access tokens`;
    showClock(clock);
    showSettings(settings);
    rows("accounts", accounts.accounts, accountRow);
    rows("callbacks", callbacks.callbacks.toReversed().slice(0, 100), callbackRow);
    rows("faults", faults.faults, faultRow("faults"));
    rows("callback-faults", callbackFaults.callback_faults, faultRow("callback_faults"));
    rows("invitations", invitations.invitations, invitationRow);
    rows("snapshots", snapshots.snapshots, snapshotRow);
  } catch (error) {
    tell(String(error.message ?? error), true);
  }
}

/** What a form holds, without what is empty; numbers as numbers. */
function fields(form, names) {
  const body = {};
  for (const name of names) {
    const input = form.elements[name];
    if (input.value !== "") body[name] = input.type === "number" ? Number(input.value) : input.value;
  }
  return body;
}

function onSubmit(id, work) {
  at(id).addEventListener("submit", (event) => {
    event.preventDefault();
    work(event.target);
  });
}

/** Which fields an effect needs. */
const NEEDS = { status: ["status"], delay: ["delay_ms"] };

function faultBody(form) {
  const effect = form.effect.value;
  const body = fields(form, ["on", "effect", "at", "count", ...(NEEDS[effect] ?? [])]);
  return effect === "content_type" ? { ...body, content_type: "text/html" } : body;
}

function begin() {
  at("journal-filter").addEventListener("input", showJournal);
  at("journal-pause").addEventListener("click", (event) => {
    paused = !paused;
    event.target.setAttribute("aria-pressed", String(paused));
    if (!paused) showJournal();
  });
  at("journal-clear").addEventListener("click", () => act("The journal is empty.", async () => {
    await api("DELETE", "journal");
    entries.length = 0;
    showJournal();
  }));
  at("clock-freeze").addEventListener("click", () => act("", () => api("PUT", "clock", { frozen: !frozen })));
  for (const element of document.querySelectorAll("[data-advance]")) {
    element.addEventListener("click", () => act("The clock moved on.", () => api("POST", "clock/advance", { seconds: Number(element.dataset.advance) })));
  }
  onSubmit("clock-set", (form) => act("The clock is set.", () => api("PUT", "clock", fields(form, ["now"]))));
  at("expire").addEventListener("click", () => act("Access tokens are expired.", () => api("POST", "access_tokens/expire", {})));
  at("snapshot").addEventListener("click", () => act("A snapshot is taken.", () => api("POST", "snapshots")));
  at("reset").addEventListener("click", () => act("Everything is as it was at the start.", () => api("POST", "reset")));
  onSubmit("settings", (form) => act("The settings are changed.", () => {
    document.activeElement?.blur();
    return api("PATCH", "settings", { ...fields(form, ["refresh_mode", "auto_consent", "user_token_seconds"]), rate_limits: { enabled: form.rate_limits.checked } });
  }));
  onSubmit("fault", (form) => act("The fault is added.", () => api("POST", "faults", faultBody(form))));
  onSubmit("callback-fault", (form) => act("The fault is added.", () => {
    const names = form.effect.value === "delay" ? ["effect", "count", "delay_seconds"] : ["effect", "count"];
    return api("POST", "callback_faults", fields(form, names));
  }));
  api("GET", "fidelity").then(({ operations }) => {
    const names = operations.map((operation) => operation.name).filter((name) => !name.endsWith("/authorize"));
    at("fault").elements.on.replaceChildren(...["*", ...names].map((name) => make("option", { value: name }, name === "*" ? "every call" : name)));
  });
  follow().catch((error) => tell(String(error.message ?? error), true));
  show();
  setInterval(show, 2000);
}

begin();
