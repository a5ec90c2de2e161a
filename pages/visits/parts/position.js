// Tells the page where the phone is, once the person has asked for it (or had allowed it before).
export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const button = parentElement.querySelector("button");
  const note = parentElement.querySelector("span");
  button.textContent = data.label;
  button.hidden = Boolean(data.known);
  const say = (text) => { note.textContent = text; };
  say(data.known ? data.found : "");

  const ask = () => {
    if (!window.isSecureContext || !navigator.geolocation) { say(data.unavailable); return; }
    say(data.asking);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => setStateValue("place", { longitude: coords.longitude, latitude: coords.latitude }),
      () => say(data.refused),
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  };
  button.onclick = ask;
  if (!data.known && window.isSecureContext && navigator.permissions) {
    navigator.permissions.query({ name: "geolocation" })
      .then((permission) => { if (permission.state === "granted") ask(); })
      .catch(() => {});
  }
}
