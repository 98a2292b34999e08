// Signing out: tickets kept on this device go at once. The answer that takes them away, too, may be lost.

document.querySelector("main form[method=post]")?.addEventListener("submit", async () => {
  const names = (await globalThis.caches?.keys().catch(() => null)) ?? [];
  for (const name of names) if (name.startsWith("tickets-")) caches.delete(name);
});
