// When the device gives no passkey, the page says so under its heading: allauth's script only writes to the console.

document.addEventListener("allauth.error", (event) => {
  // What the browser answers is no fault of ours, and does not belong into the console.
  if (event.detail.exception instanceof DOMException) event.preventDefault();
  document.querySelector("#passkey-failed")?.remove();
  const sentence = document.querySelector("[data-passkey-failed]").content.firstElementChild.cloneNode(true);
  sentence.id = "passkey-failed";
  document.querySelector("#content h1, #content h2").after(sentence);
  sentence.focus();
});
