// Sent to a page whose session has ended: go to the sign-in page and come back here afterwards.
window.location.replace("/sign-in?ended=1&next=" + encodeURIComponent(window.location.pathname + window.location.search));
