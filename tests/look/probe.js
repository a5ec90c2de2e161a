// What a person would see go wrong on the page as it stands: [kind, what] for each.
(phrases) => {
  const found = [];
  const tell = (kind, element) => found.push([kind, (element.innerText || element.className || element.tagName).trim().slice(0, 60)]);
  const shown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";
  for (const each of [document.documentElement, document.querySelector("[data-testid=stMain]")]) {
    if (each && each.scrollWidth > innerWidth + 1) found.push(["wider than the screen", `${each.scrollWidth} px`]);
  }
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !shown(element) || element.closest("[data-testid=stSidebar][aria-expanded=false], canvas, [title]")) continue;
    const style = getComputedStyle(element);
    if (style.clipPath !== "none" || element.clientWidth < 2) continue;
    const cuts = style.overflowX !== "visible" && style.overflowX !== "auto" && style.overflowX !== "scroll";
    if (cuts && element.scrollWidth > element.clientWidth + 1) tell("text cut", element);
  }
  for (const button of document.querySelectorAll("button:not([role=tab]), .qianqi-button")) {
    const text = button.querySelector("p");
    if (text && shown(text) && button.innerText.trim() && !button.innerText.trim().includes("\n") && text.offsetHeight > 2.5 * parseFloat(getComputedStyle(text).lineHeight)) tell("button of three lines", button);
  }
  const raw = document.body.innerText.match(/:(red|green|gray|blue|orange|violet|small)(-badge|-background)?\[|:material\/\w+|\bundefined\b|\[object /);
  if (raw) found.push(["shown as it was written", raw[0]]);
  for (const word of ["None", "nan", "null"]) if (document.body.innerText.split("\n").includes(word)) found.push(["no value", word]);
  const words = new Set(document.body.innerText.split("\n").map((line) => line.trim()));
  for (const phrase of phrases) if (words.has(phrase)) found.push(["other language", phrase]);
  return found;
}
