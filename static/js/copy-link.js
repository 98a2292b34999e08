// Buttons that copy a link, which can be read and selected without them. What came of it is said beside the button.

async function copy(button) {
  const field = document.getElementById(button.dataset.copies);
  const said = button.nextElementSibling;
  said.textContent = "";
  field.focus();
  field.select();
  const isCopied = await navigator.clipboard.writeText(field.value).then(() => true, () => false);
  if (isCopied) button.focus();
  said.textContent = isCopied ? button.dataset.copied : button.dataset.notCopied;
}

// Browsers have a clipboard on safe pages alone.
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copies]") : []) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
