// Keys that steer pages, and the key of the API that is filled into commands.

/** Whether keys steer pages in this browser. */
const keySetting = {
  get isOn() { try { return localStorage.getItem("recount-keys") !== "off"; } catch { return true; } },
  set isOn(isOn) { try { localStorage.setItem("recount-keys", isOn ? "on" : "off"); } catch { /* It holds for this page. */ } },
};

/** Keys click what a page has: links and fields that name one. Never while somebody types, nor with Ctrl, Alt or Meta. */
function keys() {
  const button = document.querySelector("[data-keys]");
  let isOn = keySetting.isOn;
  const parts = () => [...document.querySelectorAll("[data-key]")];
  const show = () => keySheet(parts(), isOn, (chosen) => { isOn = keySetting.isOn = chosen; });
  if (button) {
    button.hidden = false;
    button.addEventListener("click", show);
  }
  addEventListener("keydown", (event) => {
    if (!isOn || event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    // Some keyboards have these under Shift.
    if (event.shiftKey && !/^[?/0-9]$/.test(event.key)) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    // What scrolls by arrows goes on doing so.
    if (event.key.startsWith("Arrow") && target.closest("[tabindex]:not(main)")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const part = parts().find((one) => one.dataset.key === key);
    if (key !== "?" && !part) return;
    event.preventDefault();
    if (key === "?") show();
    else if (part instanceof HTMLInputElement) part.focus();
    else part.click();
  });
}

/** All keys of a page, and whether they work. */
function keySheet(parts, isOn, choose) {
  const make = (name, ...content) => { const made = document.createElement(name); made.append(...content); return made; };
  const signs = { ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" };
  const title = make("h2", "Keys");
  const list = make("dl");
  list.className = "pairs";
  for (const part of parts) {
    const name = part.ariaLabel ?? part.labels?.[0]?.textContent ?? part.title ?? "";
    list.append(make("dt", make("kbd", signs[part.dataset.key] ?? part.dataset.key.toUpperCase())), make("dd", name || part.textContent.trim()));
  }
  list.append(make("dt", make("kbd", "?")), make("dd", "These keys"));
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = isOn;
  box.addEventListener("change", () => choose(box.checked));
  const setting = make("label", box, "Keys work in this browser");
  setting.className = "tick";
  const close = make("button", "Close");
  const form = make("form", close);
  form.method = "dialog";
  const content = make("div", title, list, setting, form);
  content.className = "stack";
  const dialog = make("dialog", content);
  title.id = "keys-title";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** One's own key, filled into a command: it stays in the page, for the field has no name and is part of no form. */
function fillsKey() {
  const field = document.querySelector("input[data-fills]");
  if (!field) return;
  const [command, placeholder] = [document.getElementById("curl"), field.dataset.fills];
  const text = command.textContent;
  field.closest(".field").hidden = false;
  field.addEventListener("input", () => {
    const key = field.value.replace(/[^\w.-]/g, "") || placeholder;
    command.textContent = text.replaceAll(placeholder, () => key);
  });
}

keys();
fillsKey();
