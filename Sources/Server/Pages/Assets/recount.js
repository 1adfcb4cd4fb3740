// What pages can do beyond HTML: copy, refuse a second click, be live; beside it what recount.NAME.js hold, which are served with it as one. Without it everything
// else works.

/** Buttons that copy the text of the element they name. */
function copies() {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copies);
      const text = button.textContent;
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(source);
        button.textContent = "Selected: press Ctrl+C";
      }
      setTimeout(() => { button.textContent = text; }, 2000);
    });
  }
}

/** A form is sent once, however often its button is clicked; the button works again when the page is shown again. One that gives a file leads nowhere. */
function sendOnce() {
  const waiting = new Set();
  addEventListener("submit", (event) => {
    if (event.target.method !== "post" || "givesFile" in event.target.dataset) return;
    if (waiting.has(event.target)) event.preventDefault();
    waiting.add(event.target);
  });
  addEventListener("pageshow", () => waiting.clear());
}

/**
 * Follows a stream while the page is seen, and ends it while it is hidden: a tab in the background costs nobody anything.
 * @param {string} address
 * @param {(state: {values: Object<string, string>, used: number, requests: Object<string, string>[]}) => void} show
 * @returns {{pause: () => boolean}} `pause` turns it off or on, and says whether it is on.
 */
function follow(address, show) {
  let [source, isOn] = [null, true];
  const turn = () => {
    const wanted = isOn && !document.hidden;
    if (wanted && !source) {
      source = new EventSource(address);
      source.addEventListener("state", (event) => show(JSON.parse(event.data)));
    } else if (!wanted && source) {
      source.close();
      source = null;
    }
  };
  document.addEventListener("visibilitychange", turn);
  turn();
  return { pause: () => { isOn = !isOn; turn(); return isOn; } };
}

/** Numbers and the latest requests of a page that names its stream. */
function live() {
  const part = document.querySelector("[data-live]");
  if (!part) return;
  const rows = document.querySelector("[data-live-requests]");
  const stream = follow(part.dataset.live, (state) => {
    for (const [name, text] of Object.entries(state.values)) {
      for (const place of document.querySelectorAll(`[data-live-value="${name}"]`)) place.textContent = text;
    }
    for (const meter of document.querySelectorAll("meter[data-live-used]")) meter.value = state.used;
    if (rows) rows.replaceChildren(...state.requests.map(row));
  });
  const button = document.querySelector("[data-live-pause]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const isOn = stream.pause();
    button.textContent = isOn ? "Pause" : "Go on";
    button.setAttribute("aria-pressed", String(!isOn));
  });
}

/** A request as a row, made of texts alone. */
function row(request) {
  const line = document.createElement("tr");
  const time = document.createElement("time");
  const link = document.createElement("a");
  time.dateTime = time.title = request.utc;
  time.textContent = request.time;
  link.href = request.path;
  link.textContent = request.endpoint;
  const pill = document.createElement("span");
  pill.className = `pill ${request.class}`;
  pill.textContent = request.status;
  for (const [content, name] of [[time, ""], [request.method, ""], [link, "wide"], [pill, ""], [request.duration, "number"], [request.consumer, ""]]) {
    const cell = document.createElement("td");
    cell.className = name;
    cell.append(content);
    line.append(cell);
  }
  return line;
}

/** The page that waits for a first event shows it when it is there. */
function awaitFirst() {
  const part = document.querySelector("[data-awaits]");
  if (!part) return;
  follow(part.dataset.awaits, (state) => {
    if (state.requests.length > 0) location.replace(part.dataset.here);
  });
}

/** The page that waits for a payment looks again once a second, and at last sends the form that asks for it. */
function awaitPayment() {
  const part = document.querySelector("[data-looks]");
  if (part) setTimeout(() => location.replace(part.dataset.looks), 1000);
  document.querySelector("form[data-asks]")?.requestSubmit();
}

copies();
sendOnce();
awaitPayment();
live();
awaitFirst();
