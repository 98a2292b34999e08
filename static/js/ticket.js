// A ticket page: kept on this device by a service worker, so that it opens at the door without a network.

const worker = document.querySelector("[data-ticket-worker]")?.dataset.ticketWorker;

if (worker && "serviceWorker" in navigator) {
  navigator.serviceWorker
    .register(worker, { scope: "/tickets/" })
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => active.postMessage({ keep: whatThisPageNeeds() }))
    .catch(() => {}); // private windows and old browsers: the page works as before
}

function whatThisPageNeeds() {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const pictures = [...document.images].map(({ src }) => src);
  return [...new Set([location.href.split("#")[0], ...loaded, ...pictures])];
}

// navigator.onLine is not used, because a foyer's network may exist and lead nowhere. The worker does not answer HEAD.
const notice = document.querySelector("[data-offline]");

async function sayWhetherOffline() {
  const saysSomething = ({ status, headers }) => status < 500 && status !== 429 && headers.has("cross-origin-resource-policy");
  const answers = await fetch(location.href, { method: "HEAD", cache: "no-store" }).then(saysSomething, () => false);
  if (notice) notice.hidden = answers;
}

window.addEventListener("online", sayWhetherOffline);
window.addEventListener("offline", sayWhetherOffline);
if (navigator.serviceWorker?.controller) sayWhetherOffline();
