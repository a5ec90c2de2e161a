// Streamlit's own words are English: each is put into the page's language where Streamlit writes it. What people wrote
// stands elsewhere and is left alone.
(() => {
  if (window.qianqiWords) return;
  window.qianqiWords = true;
  const SPOKEN = ["aria-label", "title", "placeholder", "alt"];
  const PLACES = ["SkipToContent", "DataFrameColumnMenu", "DataFrameColumnFormattingMenu", "DataFrameStatisticsMetrics",
    "DataFrameStatisticsMenu", "DataFrameColumnVisibilityMenu", "SelectboxVirtualDropdown", "MultiSelectDropdown",
    "DateInputQuickSelect", "DateInputFieldsScroller", "DateInputCalendar", "TooltipContent", "FileUploaderDropzone"]
    .map((name) => `[data-testid=st${name}]`).join(", ") + ", [role=menu], [role=listbox]";
  let given = "", words = {}, patterns = [];
  const before = new WeakMap(); // of each node what was English and what stands there instead

  const said = (english) => {
    if (Object.hasOwn(words, english)) return words[english];
    for (const [pattern, form] of patterns) {
      const found = pattern.exec(english);
      if (found) return form.replace("{}", () => found[1]);
    }
    return english;
  };
  const put = (node, what, shown, write) => {
    if (!shown) return;
    const known = before.get(node) ?? {};
    const english = known[what]?.wanted === shown ? known[what].english : shown;
    const wanted = said(english);
    if (wanted === english && !known[what]) return;
    before.set(node, { ...known, [what]: { english, wanted } });
    if (wanted !== shown) write(wanted);
  };
  const text = (node) => put(node, "text", node.nodeValue, (value) => { node.nodeValue = value; });
  const attributes = (element) => SPOKEN.forEach((name) =>
    put(element, name, element.getAttribute(name), (value) => element.setAttribute(name, value)));
  const texts = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) text(walker.currentNode);
  };
  const sweep = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return void (node.parentElement?.closest(PLACES) && text(node));
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.closest(PLACES)) texts(node);
    else node.querySelectorAll(PLACES).forEach(texts);
    attributes(node);
    node.querySelectorAll(SPOKEN.map((name) => `[${name}]`).join(", ")).forEach(attributes);
  };
  const learn = () => {
    const told = document.querySelector("[data-qianqi-words]")?.dataset.qianqiWords ?? given;
    if (told === given) return;
    given = told;
    words = JSON.parse(told);
    patterns = Object.entries(words).filter(([english]) => english.includes("{}"))
      .map(([english, form]) => [new RegExp(`^${english.replace("{}", "(.+)")}$`), form]);
    sweep(document.body);
  };
  new MutationObserver((records) => {
    learn();
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") attributes(target);
      else if (type === "characterData") sweep(target);
      else addedNodes.forEach(sweep);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true, attributeFilter: SPOKEN });
  learn();
})();
