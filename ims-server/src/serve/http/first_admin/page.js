"use strict";

const token = decodeURIComponent(location.hash.slice(1));
// It shall not stay in the address bar, nor in the history.
history.replaceState(null, "", location.pathname);

const section = (id) => document.getElementById(id);
const forms = { account: section("account").querySelector("form"), shop: section("shop").querySelector("form") };
if (token) {
  forms.account.elements.token.value = token;
  section("by-hand").hidden = true;
}
forms.shop.elements.time_zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** Sends a request; throws what the server says where it refuses. */
async function ask(method, path, body, headers = {}) {
  const request = { method, headers: { ...headers } };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const response = await fetch(path, request);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail || answer.title || response.statusText);
  return answer;
}

/** Shows one part of the page. */
function show(id) {
  for (const one of ["account", "shop", "done"]) section(one).hidden = one !== id;
  section(id).querySelector("input, a")?.focus();
}

/** Runs something when a form is sent, once at a time, and shows why it was not done. */
function onSent(form, run) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [alert, button] = [form.querySelector("[role=alert]"), form.querySelector("button")];
    alert.textContent = "";
    button.disabled = true;
    try {
      await run(Object.fromEntries(new FormData(form)));
    } catch (error) {
      alert.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });
}

/** What the admin is known by, once they are there. */
let signedIn;
/** What was sent before is sent again with the same key, so that nothing is done twice. */
const keys = new Map();
function write(method, path, body) {
  const said = JSON.stringify([path, body]);
  if (!keys.has(said)) keys.set(said, `first-admin-page-${Date.now()}-${keys.size}`);
  return ask(method, path, body, { ...signedIn, "Idempotency-Key": keys.get(said) });
}

onSent(forms.account, async ({ token, name, password, again }) => {
  if (password !== again) throw new Error("the two passwords are not the same");
  await ask("POST", "/v1/account/first-admin", { token: token.trim(), name, password });
  section("who").textContent = name;
  const { access_token } = await ask("POST", "/v1/tokens", { name, password });
  signedIn = { Authorization: `Bearer ${access_token}` };
  const opened = await ask("GET", "/v1/shop", undefined, signedIn).then(() => true, () => false);
  show(opened ? "done" : "shop");
});

onSent(forms.shop, async ({ name, currency, time_zone, code }) => {
  await write("PUT", "/v1/shop", { name, currency: currency.toUpperCase(), time_zone });
  await write("POST", "/v1/locations", { code, name: code });
  show("done");
});
