// The service worker of ticket pages: a ticket that was opened once opens again without a network.
// It keeps ticket pages with their QR codes and what these need to look right, and nothing else of the site.

const STORE = "tickets-1";
const MOST_KEPT = 120;
const PATIENCE = 4000;
const TICKET = /^\/tickets\/[A-Za-z0-9_-]{20,64}(\/|\.svg)$/;
// A header that every answer of the server has, and no page of a proxy or of a foyer's network.
const OURS = "cross-origin-resource-policy";
const LOOKS = new Set(["style", "script", "font", "image"]);

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(cleanUp()));

self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(Promise.all(event.data.keep.map((address) => keepNow(address))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && isKept(request)) event.respondWith(answer(event));
});

function isKept(request) {
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return false;
  return TICKET.test(address.pathname) || (request.mode !== "navigate" && LOOKS.has(request.destination));
}

// Mail programs add a query of their own to the address of a ticket, which is the same ticket.
function addressOf(url) {
  const address = new URL(url, self.location.origin);
  return TICKET.test(address.pathname) ? address.origin + address.pathname : address.href;
}

// The network first: a ticket that was canceled must not look good. Without an answer of ours in some seconds what was kept.
// Where the browser keeps nothing the network alone answers.
async function answer(event) {
  const { request } = event;
  const fresh = fetch(request);
  event.waitUntil(fresh.then((response) => keep(request.url, response.clone())).catch(() => {}));
  const open = caches.open(STORE);
  const kept = await open.then((store) => store.match(addressOf(request.url), { ignoreVary: true })).catch(() => null);
  if (!kept) return fresh;
  const told = fresh.then((response) => (saysNothing(request.url, response) ? kept : response), () => kept);
  return Promise.race([told, after(PATIENCE, kept)]);
}

const isForeign = (address, response) => TICKET.test(new URL(address).pathname) && !response.headers.has(OURS);
const saysNothing = (address, response) => response.status >= 500 || response.status === 429 || isForeign(address, response);

function after(milliseconds, value) {
  return new Promise((resolve) => setTimeout(() => resolve(value), milliseconds));
}

async function keepNow(address) {
  const { origin, pathname } = new URL(address, self.location.origin);
  if (origin !== self.location.origin) return;
  if (TICKET.test(pathname) || /\.(css|js|woff2|svg|png|webp|jpg)$/.test(pathname)) {
    await fetch(address).then((response) => keep(address, response)).catch(() => {});
  }
}

// Pages that the server reports as gone are deleted here too; a busy server and pages of others change nothing.
async function keep(address, response) {
  if (saysNothing(new URL(address, self.location.origin), response)) return;
  const store = await caches.open(STORE);
  if (response.ok && !response.redirected) {
    await store.put(addressOf(address), response);
    const keys = await store.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_KEPT)).map((key) => store.delete(key)));
  } else if (response.status === 404 || response.status === 410) {
    await store.delete(addressOf(address));
  }
}

async function cleanUp() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("tickets-") && name !== STORE).map((name) => caches.delete(name)));
  await self.clients.claim();
}
