// Keeps what is typed on this device until the server has it: a lost connection or a closed tab loses nothing.
//
// Each text field of the form is named by its Streamlit key, `<keys><generation>_<field>`. What is typed is
// written to localStorage at each keystroke, with what the server knew of the field then, and removed once the server
// knows it. After a fresh start the fields whose text the server never got are sent to it, unless another device has
// changed them meanwhile. A form that the server keeps no draft of (`keep`) stays here whole until its version changes.
// While there is no connection Streamlit locks its fields; a notepad opens at the
// bottom of the screen instead, for a form that has a field for what is written on it; a page has one such form.
const pages = {};
const STYLE = `
#qianqi-notepad {
  position: fixed; inset: auto 0 0 0; z-index: 1000000; padding: .8rem 1rem 1rem; box-sizing: border-box;
  background: #fff7ea; border-top: 2px solid #d9822b; color: #1c2733; font: 15px/1.5 inherit;
}
#qianqi-notepad[hidden] { display: none; }
body:has(#qianqi-notepad:not([hidden])) > [data-testid="stDialog"] { display: none; }
#qianqi-notepad p { margin: 0 auto .5rem; max-width: 640px; }
#qianqi-notepad textarea {
  display: block; width: 100%; max-width: 640px; margin: 0 auto; box-sizing: border-box; padding: .5rem;
  border: 1px solid #d9e1ec; border-radius: 8px; background: #fff; color: #1c2733; font: 16px/1.5 inherit;
}`;

export default function (component) {
  const { data, setTriggerValue } = component;
  const seen = (pages[data.note_field ? "" : data.form] ??= {});
  seen.stop?.();
  const store = `qianqi.visit.${data.account}.${data.form}.${data.version}`;
  const field_of = (element) => {
    const holder = element.closest(`[class*="st-key-${data.keys}"]`);
    const found = holder && new RegExp(`st-key-${data.keys}\\d+_([\\w-]+)`).exec(holder.className);
    return found ? found[1] : null;
  };
  const read = () => { try { return JSON.parse(localStorage.getItem(store)) || {}; } catch { return {}; } };
  const write = (entries) => {
    try {
      if (Object.keys(entries).length) localStorage.setItem(store, JSON.stringify(entries));
      else localStorage.removeItem(store);
    } catch { /* a full or forbidden store must not keep anybody from typing */ }
  };
  const known = (field) => data.known[field] ?? "";

  // The note of the notepad may have reached its field before the field's own text did.
  const unchanged = (field, was) => data.keep || was === known(field) || (field === data.note_field && was === data.without_note);

  const forget_other_versions = () => {
    const prefix = `qianqi.visit.${data.account}.${data.form}.`;
    Object.keys(localStorage).filter((key) => key.startsWith(prefix) && key !== store)
      .forEach((key) => localStorage.removeItem(key));
  };
  const forget_what_the_server_has = () => {
    const entries = read();
    for (const [field, entry] of Object.entries(entries)) if (entry.text === known(field)) delete entries[field];
    write(entries);
  };
  const restore = () => {
    const entries = read();
    const lost = {};
    for (const [field, entry] of Object.entries(entries)) {
      if (field === "offline_note" || (data.keep && entry.text === known(field))) continue;
      if (field in data.known && unchanged(field, entry.was)) lost[field] = entry.text;
      else delete entries[field];
    }
    write(entries);
    return lost;
  };

  forget_other_versions();
  if (!data.keep) forget_what_the_server_has();
  const lost = seen.run === data.run ? {} : restore();
  seen.run = data.run;

  const typed = (event) => {
    const field = event.target instanceof Element ? field_of(event.target) : null;
    if (field === null || !(field in data.known)) return;
    const entries = read();
    entries[field] = { text: event.target.value, was: entries[field]?.was ?? known(field) };
    write(entries);
  };
  document.addEventListener("input", typed, true);

  const pad = data.note_field ? notepad(data.offline) : document.createElement("section");
  const area = pad.querySelector("textarea") ?? document.createElement("textarea");
  const noted = () => read().offline_note?.text ?? "";
  area.value = noted();
  area.oninput = () => {
    const entries = read();
    if (area.value) entries.offline_note = { text: area.value, was: "" }; else delete entries.offline_note;
    write(entries);
  };
  const app = document.querySelector("[data-testid=stApp]");
  const connected = () => navigator.onLine && (!app || app.dataset.testConnectionState === "CONNECTED");
  const follow = () => {
    pad.hidden = connected();
  };
  const watch = new MutationObserver(follow);
  if (app) watch.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  window.addEventListener("online", follow);
  window.addEventListener("offline", follow);
  follow();

  // What is sent in the moment of reconnecting can get lost: it is sent again until the server answers with a new run
  // of this function. Texts and note go together, for a second message would replace the first.
  const deliver = () => {
    const note = noted() && noted() !== data.noted ? { offline_note: noted() } : {};
    const all = { ...lost, ...note };
    if (connected() && Object.keys(all).length) setTriggerValue("restored", all);
  };
  if (noted() && noted() === data.noted) {
    const entries = read();
    delete entries.offline_note;
    write(entries);
    area.value = "";
  }
  deliver();
  const again = setInterval(deliver, 2000);

  const stop = () => {
    if (seen.stop === stop) seen.stop = undefined;
    clearInterval(again);
    document.removeEventListener("input", typed, true);
    window.removeEventListener("online", follow);
    window.removeEventListener("offline", follow);
    watch.disconnect();
    if (connected() && !seen.stop) pad.remove();
  };
  seen.stop = stop;
  return stop;
}

// The notepad stands outside of Streamlit's page, which nobody can type into while the connection is lost.
function notepad(label) {
  const present = document.getElementById("qianqi-notepad");
  if (present) return present;
  const pad = document.createElement("section");
  pad.id = "qianqi-notepad";
  pad.hidden = true;
  pad.dataset.reactAriaTopLayer = "true"; // Streamlit's own notice of a lost connection must not lock it
  const note = document.createElement("p");
  note.textContent = label;
  const area = document.createElement("textarea");
  area.rows = 4;
  area.setAttribute("aria-label", label);
  const style = document.createElement("style");
  style.textContent = STYLE;
  pad.append(style, note, area);
  document.body.append(pad);
  return pad;
}
