// A popover opened by keyboard gets the focus, and what opened it gets it back: Streamlit leaves it on the page behind.
(() => {
  if (window.qianqiKeyboard) return;
  window.qianqiKeyboard = true;
  const BODY = "[data-testid=stPopoverBody]";
  const FIRST = "button:not([disabled]), input:not([disabled]), textarea:not([disabled]), a[href]";
  const PATIENCE = 20, EVERY = 50; // what stands in it may come a moment after it

  const enter = (tries) => {
    const first = document.querySelector(BODY)?.querySelector(FIRST);
    if (first) first.focus();
    else if (tries > 0) setTimeout(enter, EVERY, tries - 1);
  };
  let opener = null;
  const look = () => {
    const open = document.querySelector(BODY) !== null;
    const active = document.activeElement;
    if (open && !opener) {
      opener = active?.closest("[data-testid=stPopoverButton]") ?? document.body;
      if (opener !== document.body && active.matches(":focus-visible")) enter(PATIENCE); // a finger wants no keyboard
    } else if (!open && opener) {
      if (active === document.body && opener.isConnected) opener.focus();
      opener = null;
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
})();
