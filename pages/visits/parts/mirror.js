// Keeps what is typed on this device until the server has it: a lost connection or a closed tab loses nothing.
//
// Each text field of the form is named by its Streamlit key, `rec<visit>g<generation>_<field>`. What is typed is
// written to localStorage at each keystroke, with what the server knew of the field then, and removed once the server
// knows it. After a fresh start the fields whose text the server never got are sent to it, unless another device has
// changed them meanwhile. While there is no connection Streamlit locks its fields; a notepad opens instead.
const seen = {};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const store = `qianqi.visit.${data.account}.${data.visit}.${data.version}`;
  const field_of = (element) => {
    const holder = element.closest('[class*="st-key-rec"]');
    const found = holder && /st-key-rec(\d+)g\d+_([\w-]+)/.exec(holder.className);
    return found && Number(found[1]) === data.visit ? found[2] : null;
  };
  const read = () => { try { return JSON.parse(localStorage.getItem(store)) || {}; } catch { return {}; } };
  const write = (entries) => {
    try {
      if (Object.keys(entries).length) localStorage.setItem(store, JSON.stringify(entries));
      else localStorage.removeItem(store);
    } catch { /* a full or forbidden store must not keep anybody from typing */ }
  };
  const known = (field) => data.known[field] ?? "";

  const forget_other_versions = () => {
    const prefix = `qianqi.visit.${data.account}.${data.visit}.`;
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
      if (field in data.known && entry.was === known(field)) lost[field] = entry.text;
      if (!(field in data.known) || entry.was !== known(field)) delete entries[field];
    }
    write(entries);
    if (Object.keys(lost).length) setTriggerValue("restored", lost);
  };

  forget_other_versions();
  forget_what_the_server_has();
  if (seen.run !== data.run) { seen.run = data.run; restore(); }

  const typed = (event) => {
    const field = event.target instanceof Element ? field_of(event.target) : null;
    if (field === null || !(field in data.known)) return;
    const entries = read();
    entries[field] = { text: event.target.value, was: entries[field]?.was ?? known(field) };
    write(entries);
  };
  document.addEventListener("input", typed, true);

  const pad = parentElement.querySelector(".pad");
  const area = pad.querySelector("textarea");
  pad.querySelector("p").textContent = data.offline;
  area.setAttribute("aria-label", data.offline);
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
    const on = connected();
    if (on && !pad.hidden && noted()) {
      setTriggerValue("restored", { offline_note: noted() });
      area.value = "";
      const entries = read();
      delete entries.offline_note;
      write(entries);
    }
    pad.hidden = on;
  };
  const watch = new MutationObserver(follow);
  if (app) watch.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  window.addEventListener("online", follow);
  window.addEventListener("offline", follow);
  pad.hidden = connected();

  return () => {
    document.removeEventListener("input", typed, true);
    window.removeEventListener("online", follow);
    window.removeEventListener("offline", follow);
    watch.disconnect();
  };
}
