"""What surrounds every page: who is signed in, the language, the way out."""

from html import escape
from pathlib import Path

import streamlit as st

from core.i18n import LOCALES, locale
from core.i18n import gettext as _
from pages.common import ui
from pages.reminders.log import alarms
from pages.shell import outage, words
from services import accounts
from services.actor import Actor

_STYLE = """
<style>
/* Colours of what Streamlit does not draw, light or dark with its theme: as the browser prefers. */
:root { --q-paper: #fff; --q-ink: #1c2733; --q-soft: #5b6b80; --q-line: #d9e1ec; --q-track: #e4e9f1; --q-blue: #1f5fbf;
  --q-red: #b42318; --q-orange: #a15c07; --q-green: #067647; }
@media (prefers-color-scheme: dark) {
  :root { --q-paper: #141a22; --q-ink: #e3e9f1; --q-soft: #9fb0c5; --q-line: #364252; --q-track: #303b49;
    --q-blue: #7db0f7; --q-red: #ff8a80; --q-orange: #f5b454; --q-green: #5fd39a; }
}
[data-testid="stMainBlockContainer"] { padding-top: 3.2rem; max-width: 1280px; }
[class*="st-key-narrow_"] { display: none; }
[class*="st-key-narrow_"] :is(button, button > div, button > div > span) {
  justify-content: flex-start; text-align: left; width: 100%; }
/* Streamlit's own English hint beside the count of characters; the count stays. */
[data-testid="InputInstructions"] > :first-child:not(:last-child) { display: none; }
[data-testid="InputInstructions"] > :last-child:not(:first-child)::before { content: none; }
/* How large a file may be stands in label or help. */
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
/* Files are made by exports, which ask who may, are noted and calculate nothing; charts have a button of ours. */
button:is([aria-label^="Download as "], [aria-label^="Copy Vega-Lite spec"]) { display: none; }
/* Buttons that hand out a chart or a table: a symbol, whose words are for screen readers and tests. */
[class*="st-key-download_"] button [data-testid="stMarkdownContainer"] { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[class*="st-key-download_"] button { color: var(--q-soft); }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 4.4rem 1rem 5rem; }
  [class*="st-key-narrow_"] { display: flex; }
  [class*="st-key-wide_"] { display: none; }
  [data-testid="stMetric"] { padding: .5rem .75rem; }
  [data-testid="stMetricValue"] { font-size: 1.4rem; }
  /* Over a table in which something is chosen it would stay, on top of the field above. */
  [data-testid="stElementContainer"]:has([data-testid="stDataFrame"]) [data-testid="stElementToolbar"] {
    display: none; }
}
.stMarkdownBadge { white-space: normal !important; }
/* Streamlit's own grey of small print and blue of what is chosen are too pale to be read by all. */
[data-testid="stCaptionContainer"] { opacity: 1; }
[data-testid="stCaptionContainer"] :is(p, li) { color: var(--q-soft); }
[data-testid="stButtonGroup"] [data-selected="true"] p { color: var(--q-blue); }
/* Streamlit shows no focus on the menu. */
[data-testid="stSidebarNavLink"]:focus-visible { outline: 2px solid var(--q-blue); outline-offset: -2px; }
.qianqi-button { min-height: 2.5rem; padding: .25rem .75rem; border: 1px solid var(--q-line); border-radius: 8px;
  background: var(--q-paper); color: inherit; font: inherit; font-size: .9375rem; cursor: pointer; }
.qianqi-button:hover { border-color: var(--q-blue); color: var(--q-blue); }
.qianqi-sign-out { margin: 0; }
.qianqi-sign-out button { display: flex; gap: .5rem; align-items: center; min-height: 2.5rem; padding: 0; border: 0;
  background: none; font: inherit; font-size: .9375rem; color: inherit; cursor: pointer; }
.qianqi-sign-out button:hover, .qianqi-sign-out button:focus-visible { color: var(--q-blue); }
.qianqi-sign-out span { font-family: "Material Symbols Rounded"; font-size: 1.25rem; line-height: 1; }
</style>
"""
_LOGO = str(Path(__file__).parent / "logo.svg")
_KEYBOARD = '<script src="/shell/keyboard.js"></script>'
# A form of our own: a link opens a new tab, and only a POST with our origin may end a session.
_SIGN_OUT = """
<form method="post" action="/sign-out" class="qianqi-sign-out">
<button type="submit"><span aria-hidden="true">logout</span>{label}</button></form>
"""


def frame(actor: Actor) -> None:
    """Draw the sidebar below the menu and the style shared by all pages."""
    st.html(_STYLE)
    st.html(outage.watch() + words.spoken() + _KEYBOARD, unsafe_allow_javascript=True)
    st.logo(_LOGO, size="large")
    ui.show_flash()
    with st.sidebar:
        role = _(actor.role.label) if actor.role else ""
        st.markdown(f":material/account_circle: **{ui.plain(actor.name)}**  \n:small[{role}]")
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            _language(actor)
            st.html(_SIGN_OUT.format(label=escape(_("Sign out"))), width="content")
    alarms.banner(actor)


def _language(actor: Actor) -> None:
    other = next(key for key in LOCALES if key != locale())
    if st.button(LOCALES[other], key="language", icon=":material/translate:", type="tertiary"):
        accounts.choose_locale(actor, other)
        st.rerun()
