// Signing out: what is kept on this device, tickets and scans, goes at once. The answer that takes them away, too, may be lost.

document.querySelector("main form[method=post]")?.addEventListener("submit", async () => {
  globalThis.localStorage?.clear();
  const names = (await globalThis.caches?.keys().catch(() => null)) ?? [];
  for (const name of names) if (name.startsWith("tickets-")) caches.delete(name);
});
