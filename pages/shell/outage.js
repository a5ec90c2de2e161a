// The banner of an outage: drawn beside Streamlit's page, which stays as it is, and gone by itself when all is well.
//
// Each element `.qianqi-outage` on the page starts this script and says by its `kind` what is wrong: "gone" and "busy"
// (the page waits for the database), "reload" (it cannot go on and is loaded anew), or "" (nothing: watch the
// connection to the server from now on).
(() => {
  const STYLE = `
#qianqi-banner { position: fixed; inset: 0 0 auto 0; z-index: 1000001; display: flex; gap: .75rem; align-items: center;
  justify-content: center; padding: .7rem 1rem; box-sizing: border-box; color: #5c3a00; background: #fff3d6;
  border-bottom: 2px solid #d9822b; font: 15px/1.5 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  box-shadow: 0 2px 10px #1c273322; }
#qianqi-banner::before { content: ""; flex: none; width: 1rem; height: 1rem; border-radius: 50%;
  border: 2px solid #d9822b; border-right-color: transparent; animation: qianqi-turn 1s linear infinite; }
#qianqi-banner.back { color: #05603a; background: #e9f7ef; border-color: #2e9e6b; }
#qianqi-banner.back::before { content: "✓"; border: 0; animation: none; height: auto; font-weight: 700; }
@keyframes qianqi-turn { to { transform: rotate(360deg); } }
@media (prefers-reduced-motion: reduce) { #qianqi-banner::before { animation-duration: 4s; } }
body:has(#qianqi-banner) [data-stale="true"] { opacity: 1 !important; transition: none !important; }
body:has(#qianqi-banner[data-kind="lost"]) [data-testid="stConnectionStatus"],
body:has(#qianqi-banner[data-kind="lost"]) > [data-testid="stDialog"] { display: none; }`;
  const own = (window.qianqiOutage ??= { kind: "", words: {}, seen: "" });
  const words = [...document.querySelectorAll(".qianqi-outage")].map((each) => each.dataset)
    .filter((each) => !own.seen.includes(`[${each.number}]`));
  const app = () => document.querySelector("[data-testid=stApp]");

  const show = (kind, text) => {
    clearTimeout(own.ending);
    own.kind = kind;
    let banner = document.getElementById("qianqi-banner");
    if (!banner) {
      banner = document.createElement("div");
      banner.id = "qianqi-banner";
      banner.setAttribute("role", "status");
      banner.dataset.reactAriaTopLayer = "true"; // stays readable beside an open dialog
      const style = document.createElement("style");
      style.textContent = STYLE;
      document.body.append(style, banner);
    }
    banner.dataset.kind = kind;
    banner.classList.toggle("back", kind === "back");
    banner.textContent = text;
  };
  const back = () => {
    if (own.kind === "reload") return window.location.reload();
    show("back", own.words.back);
    own.ending = setTimeout(() => { own.kind = ""; document.getElementById("qianqi-banner")?.remove(); }, 8000);
  };
  const well = async () => {
    const connected = app()?.dataset.testConnectionState === "CONNECTED";
    if (own.kind === "lost") return connected;
    if (own.kind === "busy") return app()?.dataset.testScriptState === "notRunning";
    try { return (await fetch("/readyz", { cache: "no-store" })).ok; } catch { return false; }
  };
  const follow = async () => {
    if (own.kind && own.kind !== "back") {
      if (await well()) back();
    } else if (own.lost && app() && app().dataset.testConnectionState !== "CONNECTED") {
      own.away = (own.away ?? 0) + 1;
      if (own.away > 1) show("lost", own.lost);
    } else own.away = 0;
  };

  for (const each of words) {
    if (each.kind) {
      own.seen += `[${each.number}]`;
      own.words = { ...each };
      show(each.kind, each.text);
    } else {
      own.lost = each.text;
      own.words.back ??= each.back;
    }
  }
  own.timer ??= setInterval(follow, 1000);
})();
