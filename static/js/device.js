// Choosing one's name on a device and typing the PIN. The sixth digit presses the button.

const form = document.querySelector("[data-pin-form]");
const pin = form?.querySelector("[data-pin]");
const keypad = form?.querySelector("[data-keypad]");
const isWhole = () => /^\d{6}$/.test(pin.value);
const hasName = () => !form.querySelector("[name=person]") || form.querySelector("[name=person]:checked");
let isSent = false;

function typed() {
  pin.value = pin.value.replace(/\D/g, "").slice(0, 6);
  if (!isWhole() || !hasName() || isSent) return;
  isSent = true;
  form.requestSubmit();
}

if (form) {
  keypad.hidden = false;
  pin.addEventListener("input", typed);
  keypad.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.value;
    if (key === undefined) return;
    if (key === "clear") pin.value = "";
    else if (key === "back") pin.value = pin.value.slice(0, -1);
    else pin.value += key;
    typed();
  });
  for (const name of form.querySelectorAll("[name=person]")) {
    name.addEventListener("change", () => {
      pin.focus();
      typed();
    });
  }
  pin.focus();
  // After Back the typed digits are cleared, because the browser kept them. On a new page digits that were typed while
  // it loaded stay.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isSent = false;
    pin.value = "";
    pin.focus();
  });
}
