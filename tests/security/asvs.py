"""OWASP ASVS 5.0.0, levels 1 and 2: each requirement in a few words of our own, and how it is answered."""

from tests.security.evidence import Item, made, not_here, not_met, operator, proven

_GATE, _SIGN_IN, _ADMIN = (
    "web/test_gate.py::",
    "services/accounts/test_signing_in.py::",
    "services/accounts/test_administration.py::",
)
_OIDC, _AUDIT, _FILES = "web/test_oidc.py::", "services/test_audit.py::", "services/test_files.py::"
_HOSTILE = "attack/test_hostile_text.py::test_hostile_text_is_shown_as_text_on_every_page"
_KINDS, _SETTINGS, _ROBOTS = (
    "services/file_types/test_recognising.py::",
    "web/test_settings.py::",
    "services/channels/test_robots.py::",
)
_NOBODY_ELSE = "services/test_permissions.py::test_a_use_case_opens_for_whom_the_matrix_names_and_nobody_else"
_OWN_ROWS = "services/test_permissions.py::test_a_role_reaches_its_own_rows_and_others_as_far_as_the_matrix_says"

ASVS: dict[str, tuple[Item, ...]] = {
    "V1 Encoding and sanitization": (
        made(
            "1.1.1",
            "Input is decoded once, before it is checked",
            "Streamlit and Starlette decode; `core.text` brings text into one form before any check.",
        ),
        proven("1.1.2", "Output is escaped last, where it is used", _HOSTILE),
        proven(
            "1.2.1",
            "Escaping fits HTML, attributes, headers",
            _HOSTILE,
            "web/test_message.py::test_words_of_people_stay_words",
            "services/channels/test_mail.py::test_what_people_wrote_is_shown_as_text",
        ),
        proven(
            "1.2.2",
            "Addresses are built of encoded parts, only safe schemes",
            _SETTINGS + "test_signing_in_leads_to_no_foreign_address",
            "services/channels/test_addresses.py::test_anything_else_is_refused_beside_the_field",
        ),
        proven(
            "1.2.3",
            "No data in scripts",
            "browser/test_sign_in.py::test_no_page_asks_a_foreign_server_or_breaks_the_content_policy",
            told="Data reach scripts as Streamlit's messages, never as code; no page writes a script.",
        ),
        proven(
            "1.2.4",
            "No SQL by text",
            "attack/test_queries.py::test_nothing_in_an_address_breaks_a_page",
            "services/issues/test_ledger.py::test_search_takes_signs_as_they_are",
            told="SQLAlchemy binds every value.",
        ),
        made(
            "1.2.5",
            "No commands by text",
            "Programs are started with lists of arguments, none of which a person writes.",
        ),
        not_here("1.2.6", "LDAP", "There is none."),
        not_here("1.2.7", "XPath", "There is none."),
        not_here("1.2.8", "LaTeX", "Papers are set by Typst from data; formulas in Markdown are escaped."),
        made(
            "1.2.9",
            "Signs in patterns are escaped",
            "Patterns are the product's own; what is searched is compared as text (`core.text.like_pattern`).",
        ),
        proven(
            "1.2.10 (L3)",
            "No formulas in exports",
            "services/test_exporting.py::test_a_cell_that_looks_like_a_formula_stays_text",
            "attack/content/test_exports.py::test_every_file_holds_what_people_wrote_as_text",
            "attack/content/test_exports.py::test_text_in_the_markup_of_workbooks_stays_text",
            "attack/content/test_exports.py::test_a_csv_file_calculates_nothing",
            "browser/test_words.py::test_tables_and_charts_make_no_file_of_their_own",
        ),
        not_here("1.3.1", "HTML of editors is sanitized", "Nobody can write HTML."),
        made(
            "1.3.2",
            "No evaluated code",
            "Neither `eval` nor `exec` (ruff S307, S102); templates of messages run in Jinja's sandbox.",
        ),
        proven(
            "1.3.3",
            "Dangerous places get checked data",
            "services/channels/test_mail.py::test_a_title_cannot_add_a_header",
            _FILES + "test_an_unknown_name_or_a_path_is_not_found",
        ),
        proven(
            "1.3.4",
            "SVG of people",
            _KINDS + "test_what_pretends_bursts_or_acts_is_refused",
            told="SVG is not accepted.",
        ),
        proven("1.3.5", "Markdown of people", _HOSTILE),
        proven(
            "1.3.6",
            "No requests where people point (SSRF)",
            _ROBOTS + "test_a_webhook_may_not_point_at_this_machine",
            _ROBOTS + "test_nor_at_what_only_this_machine_can_reach",
            _ROBOTS + "test_a_redirect_is_not_followed",
        ),
        proven(
            "1.3.7",
            "No templates of people that act",
            "services/reminders/test_rendering.py::test_a_faulty_template_is_refused_with_its_reason",
            "services/reminders/test_rendering.py::test_a_loop_that_says_much_stops_where_the_text_is_full",
            "attack/content/test_templates.py::test_no_filter_reckons_for_long",
            "attack/content/test_templates.py::test_nothing_is_reached_or_made_but_the_words",
            told="Administrators word messages in a sandbox without attributes and calls of objects.",
        ),
        not_here("1.3.8", "JNDI", "There is none."),
        not_here("1.3.9", "memcache", "There is none; the queue holds numbers of rows only."),
        proven(
            "1.3.10",
            "No format strings of people",
            "services/test_texts.py::test_a_wording_that_would_break_a_page_is_refused",
            "services/test_texts.py::test_places_to_fill_in_may_change_their_order_but_not_their_names",
        ),
        proven(
            "1.3.11",
            "No injection into mail",
            "services/channels/test_mail.py::test_a_title_cannot_add_a_header",
            "services/channels/test_mail.py::test_what_is_no_address_is_refused_before_anything_is_sent",
        ),
        made(
            "1.4.1–1.4.3",
            "Memory, overflows, leaks",
            "Python; ids beyond what a row can have name none (`pages.common.address`); growth of memory is measured in [load.md](load.md).",
        ),
        proven(
            "1.5.1",
            "No external entities in XML",
            "services/test_importing_readers.py::test_what_cannot_be_read_is_refused_at_once_with_what_to_do",
            told="Workbooks are read by Calamine, which resolves none, in a process of its own.",
        ),
        made("1.5.2", "No unsafe deserialization", "JSON only; no pickle (ruff S301)."),
    ),
    "V2 Validation and business logic": (
        made(
            "2.1.1–2.1.3",
            "Rules of validity and limits are written down",
            "A column's declaration is the rule for forms, imports and exports alike ([howto-entity.md](howto-entity.md)); limits stand in [configuration.md](configuration.md), steps in [lifecycle.md](lifecycle.md).",
        ),
        proven(
            "2.2.1",
            "Input is checked against what is expected",
            "services/test_entities.py::test_each_wrong_field_is_told_and_nothing_is_saved",
            "services/test_extra_fields.py::test_what_cannot_work_is_told_beside_its_field",
        ),
        proven(
            "2.2.2", "… on the server", "services/test_entities.py::test_each_wrong_field_is_told_and_nothing_is_saved"
        ),
        proven(
            "2.2.3",
            "Values that belong together fit",
            "services/test_entities.py::test_a_field_is_asked_only_while_its_condition_holds_and_emptied_when_it_no_longer_does",
        ),
        proven(
            "2.3.1",
            "Steps come in their order",
            "services/issues/test_machine.py::test_whatever_anybody_tries_the_ledger_holds",
        ),
        proven(
            "2.3.2",
            "Limits of the business hold",
            "services/issues/test_ledger.py::test_views_have_an_end",
            "services/issues/test_machine.py::test_whatever_anybody_tries_the_ledger_holds",
        ),
        proven(
            "2.3.3",
            "All or nothing",
            "services/test_use_cases.py::test_one_call_is_one_transaction",
            _AUDIT + "test_what_failed_leaves_no_entry",
        ),
        proven(
            "2.3.4",
            "Nothing is given twice",
            "services/issues/test_at_once.py::test_of_two_who_decide_at_once_one_wins_and_the_other_is_told",
        ),
        proven(
            "2.4.1",
            "No automation without limit",
            _SIGN_IN + "test_an_address_that_tries_many_names_must_wait_but_others_not",
            _SETTINGS + "test_an_oversized_form_is_refused",
            told="Only people who have signed in can ask for work; exports and imports have sizes, heavy work goes to workers.",
        ),
    ),
    "V3 Web frontend": (
        proven(
            "3.2.1",
            "Answers are not taken for pages",
            "web/test_media.py::test_a_file_of_the_memory_runs_nothing",
            "web/test_media.py::test_only_photos_sound_and_video_are_shown_within_a_page",
        ),
        proven(
            "3.2.2",
            "Text is shown as text",
            _HOSTILE,
            "browser/test_hostile.py::test_hostile_text_runs_nothing_in_a_browser",
            "browser/test_hostile.py::test_hostile_names_in_tooltips_of_charts_and_on_the_map_are_text",
        ),
        proven(
            "3.3.1–3.3.4",
            "Cookies: Secure, __Host-, SameSite, HttpOnly",
            _GATE + "test_the_session_cookie_is_hidden_from_scripts_and_other_sites",
            _SETTINGS + "test_behind_tls_cookies_stay_on_https_and_this_host",
        ),
        proven(
            "3.4.1",
            "Strict-Transport-Security",
            _SETTINGS + "test_behind_tls_cookies_stay_on_https_and_this_host",
            told="With QIANQI_SECURE_COOKIES, for a year and all names below.",
        ),
        proven(
            "3.4.2", "No foreign origins (CORS)", "attack/test_headers.py::test_no_answer_lets_another_site_read_it"
        ),
        proven(
            "3.4.3–3.4.6",
            "Content policy, nosniff, referrer, no frames",
            _GATE + "test_answers_forbid_what_pages_do_not_need",
            "attack/test_headers.py::test_every_answer_carries_the_headers",
            told="Styles may stand in the page, for Streamlit writes them there; scripts may come from `blob:`, see `pages/shell/security_headers.py`.",
        ),
        proven(
            "3.5.1–3.5.3",
            "No forged requests",
            _GATE + "test_nothing_is_changed_for_another_site",
            _GATE + "test_signing_out_takes_more_than_a_link",
            "web/test_message.py::test_other_sites_acknowledge_nothing",
            "web/test_message.py::test_fetching_a_link_does_not_mark_it_as_read",
        ),
        operator("3.5.4", "Applications have names of their own", "Give the product a host name of its own."),
        made("3.5.5", "postMessage is checked", "The product's scripts listen to none; Streamlit checks its own."),
        made("3.7.1", "No dead technology", "HTML, scripts and websockets only."),
        proven("3.7.2", "No open redirects", _SETTINGS + "test_signing_in_leads_to_no_foreign_address"),
    ),
    "V4 API and web service": (
        proven("4.1.1", "Content types are told", "attack/test_headers.py::test_every_answer_carries_the_headers"),
        operator("4.1.2", "Redirect to HTTPS for pages only", "The proxy's part ([operations.md](operations.md))."),
        proven(
            "4.1.3",
            "Headers of proxies cannot be forged",
            _SETTINGS + "test_the_address_is_the_one_the_last_trusted_proxy_saw",
        ),
        made("4.2.1", "No request smuggling", "Uvicorn's parser (httptools or h11) behind one proxy."),
        not_here("4.3.1–4.3.2", "GraphQL", "There is none."),
        operator(
            "4.4.1", "Websockets over TLS", "The proxy's part; with QIANQI_SECURE_COOKIES no cookie goes without TLS."
        ),
        proven("4.4.2", "Websockets ask where they come from", _GATE + "test_a_websocket_from_another_site_is_closed"),
        proven(
            "4.4.3–4.4.4",
            "Websockets have the session of the page",
            _GATE + "test_a_websocket_without_a_session_is_closed",
            _GATE + "test_a_websocket_with_an_ended_session_is_closed",
            _SIGN_IN + "test_a_fragment_cannot_outlive_its_session",
        ),
    ),
    "V5 File handling": (
        made(
            "5.1.1",
            "What may be uploaded is written down",
            "`services/file_types` declares kinds, endings and sizes; the pages say it beside the field.",
        ),
        proven(
            "5.2.1",
            "Sizes are bounded",
            _KINDS + "test_each_family_has_its_limit",
            _FILES + "test_a_file_too_large_leaves_nothing_behind",
        ),
        proven(
            "5.2.2",
            "Content is what the ending says",
            _KINDS + "test_each_kind_is_known",
            _KINDS + "test_what_pretends_bursts_or_acts_is_refused",
        ),
        proven(
            "5.2.3",
            "No bombs",
            _KINDS + "test_what_pretends_bursts_or_acts_is_refused",
            "services/test_importing_readers.py::test_a_sheet_whose_last_cell_is_far_away_ends_the_child_process_only",
        ),
        proven(
            "5.2.6 (L3)", "No picture floods memory", _FILES + "test_a_picture_that_would_fill_the_memory_is_refused"
        ),
        proven("5.3.1", "Files run nowhere", "web/test_media.py::test_a_file_of_the_memory_runs_nothing"),
        proven(
            "5.3.2",
            "Paths are ours",
            _FILES + "test_an_unknown_name_or_a_path_is_not_found",
            told="A file is kept under the hash of its content.",
        ),
        proven(
            "5.4.1–5.4.2",
            "Names of downloads are safe",
            "attack/content/test_names_of_files.py::test_a_name_leads_nowhere",
            _KINDS + "test_a_photo_named_otherwise_gets_the_ending_of_a_photo",
            "web/test_media.py::test_only_photos_sound_and_video_are_shown_within_a_page",
        ),
        operator(
            "5.4.3",
            "Virus scan",
            "Not built in: scan the folder or bucket of files; macros and programs are refused ([operations.md](operations.md)).",
        ),
    ),
    "V6 Authentication": (
        made(
            "6.1.1",
            "Brute force is written down",
            "[administrator](guide/administrator.md): waiting times by account and by address; nobody can lock others out for long.",
        ),
        made(
            "6.1.2, 6.2.11",
            "Words that passwords may not hold",
            "The user name; a password of few different signs is refused.",
        ),
        made(
            "6.1.3, 6.3.4",
            "Ways to sign in are written down",
            "Password and, if configured, OpenID Connect: [configuration.md](configuration.md). There is no other.",
        ),
        proven(
            "6.2.1–6.2.3",
            "Length, change, present password",
            _SIGN_IN + "test_a_weak_password_is_refused_with_the_reason",
            _SIGN_IN + "test_a_new_password_ends_the_other_sessions",
            _SIGN_IN + "test_guessing_the_present_password_is_throttled_too",
        ),
        proven(
            "6.2.4",
            "Common passwords are refused, and what is made of them",
            _SIGN_IN + "test_a_weak_password_is_refused_with_the_reason",
        ),
        proven(
            "6.2.12",
            "Leaked passwords are refused, where a list is named",
            "services/accounts/test_leaks.py::test_a_leaked_password_is_refused_and_another_taken",
            "services/accounts/test_leaks.py::test_every_password_of_a_list_is_found_and_no_other",
            told="Without `QIANQI_LEAKED_PASSWORDS` those many use are refused alone.",
        ),
        proven(
            "6.2.5, 6.2.8–6.2.9",
            "Any signs, exactly as typed, 64 and more",
            _SIGN_IN + "test_a_weak_password_is_refused_with_the_reason",
        ),
        made(
            "6.2.6–6.2.7",
            "Hidden while typed, paste allowed",
            "`type=password` with `autocomplete`, no script on the sign-in page.",
        ),
        made("6.2.10", "No forced renewal", "A password stays until it is changed or reset."),
        proven(
            "6.3.1",
            "Guessing is slowed down",
            _SIGN_IN + "test_too_many_wrong_passwords_make_the_account_wait_even_with_the_right_one",
            _SIGN_IN + "test_tries_at_once_are_counted_like_tries_in_a_row",
        ),
        proven(
            "6.3.2",
            "No default accounts",
            "core/test_secret.py::test_production_mode_does_not_start_without_one",
            told="Production mode has no account until `qianqi user create` makes one.",
        ),
        operator(
            "6.3.3", "A second factor", "By the identity provider (OpenID Connect); passwords alone are one factor."
        ),
        proven(
            "6.3.8 (L3)",
            "Names cannot be found out",
            _GATE + "test_a_wrong_password_looks_like_a_name_nobody_has",
            _SIGN_IN + "test_a_wrong_name_and_a_wrong_password_are_told_alike",
        ),
        proven(
            "6.4.1",
            "First passwords are random and for once",
            _ADMIN + "test_a_new_account_signs_in_with_its_first_password_and_must_change_it",
            _SIGN_IN + "test_somebody_with_a_first_password_reaches_nothing_but_changing_it",
        ),
        made("6.4.2", "No secret questions", "There are none."),
        proven("6.4.3", "Resets are safe", _ADMIN + "test_a_reset_gives_a_new_first_password_and_ends_every_session"),
        not_here("6.4.4, 6.5.1–6.6.3", "Own second factors", "They are the identity provider's."),
        proven(
            "6.8.1–6.8.2",
            "Identities of providers are not mistaken",
            _OIDC + "test_a_token_the_provider_did_not_sign_is_refused",
            _OIDC + "test_an_identity_of_another_account_is_not_linked",
            _OIDC + "test_an_address_that_is_not_verified_finds_nobody",
        ),
        not_here("6.8.3", "SAML", "There is none."),
        operator(
            "6.8.4", "Strength asked of the provider", "Require the second factor at the provider for this client."
        ),
    ),
    "V7 Session management": (
        made(
            "7.1.1–7.1.3",
            "Lifetimes are written down",
            "QIANQI_SESSION_HOURS and QIANQI_SESSION_IDLE_MINUTES in [configuration.md](configuration.md); an account may be signed in several times and sees where.",
        ),
        proven(
            "7.2.1–7.2.3",
            "Tokens are checked here, random, long",
            _GATE + "test_a_made_up_token_opens_nothing",
            _SIGN_IN + "test_the_database_holds_neither_password_nor_token",
        ),
        proven(
            "7.2.4",
            "A new token at each sign-in",
            "attack/test_sessions.py::test_signing_in_takes_no_token_from_outside",
            "attack/test_sessions.py::test_signing_in_again_ends_the_session_before",
        ),
        proven(
            "7.3.1–7.3.2",
            "Idle and longest time",
            _SIGN_IN + "test_a_session_ends_after_its_hours_however_much_it_is_used",
            _SIGN_IN + "test_a_session_left_unused_ends_and_one_in_use_goes_on",
            _GATE + "test_an_expired_session_opens_nothing",
        ),
        proven(
            "7.4.1–7.4.2",
            "An ended session opens nothing",
            _GATE + "test_an_ended_session_opens_nothing",
            _GATE + "test_a_deactivated_account_is_out_at_once",
            "attack/test_sessions.py::test_a_tab_that_is_open_shows_nothing_once_its_session_has_ended",
            "attack/test_sessions.py::test_a_stolen_session_is_worth_nothing_however_it_ended",
        ),
        proven(
            "7.4.3",
            "A new password ends the others",
            _SIGN_IN + "test_a_new_password_ends_the_other_sessions",
            "attack/test_sessions.py::test_a_stolen_session_is_worth_nothing_however_it_ended",
        ),
        proven(
            "7.4.4",
            "The way out is on every page",
            "browser/test_sign_in.py::test_signing_out_stays_in_the_tab_and_the_way_back_is_closed",
        ),
        proven(
            "7.4.5",
            "Administrators end sessions",
            _ADMIN + "test_an_administrator_signs_somebody_out_and_sees_who_is_signed_in",
        ),
        not_met(
            "7.5.1",
            "Signing in again before changing an address",
            "A person's mail address is an administrator's to change; the session alone is asked.",
        ),
        proven(
            "7.5.2",
            "People see and end their sessions",
            _SIGN_IN + "test_people_see_and_end_their_own_sessions_and_no_others",
        ),
        operator(
            "7.6.1",
            "Sessions of the provider",
            "The provider's end does not end ours; keep QIANQI_SESSION_HOURS short where it must.",
        ),
        made("7.6.2", "No session without an act", "The person presses the button of the provider."),
    ),
    "V8 Authorization": (
        proven(
            "8.1.1–8.1.2",
            "Rules are written down",
            "services/test_permissions.py::test_the_page_of_the_documentation_shows_this_matrix",
            told="[permissions.md](permissions.md)",
        ),
        proven(
            "8.2.1",
            "What one may do",
            _NOBODY_ELSE,
            "attack/test_sessions.py::test_a_page_of_another_role_is_not_run",
        ),
        proven(
            "8.2.2", "… with which rows", _OWN_ROWS, "attack/test_foreign_rows.py::test_a_row_of_others_looks_like_none"
        ),
        proven(
            "8.2.3",
            "… and fields",
            "services/issues/test_reading.py::test_the_phone_is_masked_for_whom_does_not_need_it",
            "services/test_audit.py::test_a_secret_is_told_as_changed_and_no_more",
        ),
        proven(
            "8.3.1",
            "Checked where it is done",
            "services/test_use_cases.py::test_nobody_opens_a_transaction_past_the_permission_check",
            "services/test_use_cases.py::test_no_page_opens_a_transaction",
        ),
        proven("8.3.2 (L3)", "Changes count at once", _SIGN_IN + "test_an_actor_of_an_earlier_role_is_refused"),
        not_here("8.4.1", "Several tenants", "One zone, one installation."),
    ),
    "V9 Self-contained tokens": (
        proven(
            "9.1.1–9.2.4",
            "Signed, known algorithm and key, valid, for us",
            _OIDC + "test_a_token_that_was_not_made_for_us_now_is_refused",
            _OIDC + "test_a_token_the_provider_did_not_sign_is_refused",
            _OIDC + "test_new_keys_of_the_provider_are_fetched",
            "web/test_message.py::test_a_forged_link_leads_to_a_friendly_page_that_tells_nothing",
            told="ID tokens, and links in messages, which open one message each.",
        ),
    ),
    "V10 OAuth and OIDC": (
        proven("10.1.1", "Tokens stay on the server", _OIDC + "test_no_code_or_token_reaches_the_log"),
        proven(
            "10.1.2, 10.2.1",
            "Answers belong to the question",
            _OIDC + "test_an_answer_to_another_request_is_refused",
            _OIDC + "test_an_answer_without_the_cookie_of_the_request_is_refused",
            _OIDC + "test_an_answer_works_once",
        ),
        not_here("10.2.2", "Several providers", "There is one."),
        not_here(
            "10.3.1–10.4.11, 10.6.1–10.7.3", "Being a provider or resource server", "The product is a client only."
        ),
        proven(
            "10.5.1–10.5.4",
            "Nonce, subject, issuer, audience",
            _OIDC + "test_a_token_that_was_not_made_for_us_now_is_refused",
            _OIDC + "test_user_info_of_another_subject_is_refused",
            _OIDC + "test_a_verified_address_finds_its_account_and_the_subject_is_remembered",
        ),
        not_here("10.5.5", "Back-channel logout", "There is none."),
    ),
    "V11 Cryptography": (
        made(
            "11.1.1–11.1.2",
            "Keys and where they are used",
            "One secret, QIANQI_SECRET_KEY, seals addresses of channels and signs links and cookies of OpenID Connect; passwords have hashes of their own; backups a key of theirs. Stands in [configuration.md](configuration.md) and [operations.md](operations.md).",
        ),
        made(
            "11.2.1–11.2.3",
            "Known libraries, can be exchanged, 128 bits",
            "`cryptography`, `pwdlib`, `joserfc`; a new secret needs the channels entered again, which `qianqi doctor` tells.",
        ),
        proven(
            "11.3.1–11.3.3",
            "Sound ciphers that notice changes",
            "services/channels/test_secrets.py::test_what_is_sealed_is_read_again_and_stands_nowhere_in_what_is_kept",
            "services/channels/test_secrets.py::test_another_secret_of_the_product_cannot_read_it",
        ),
        made("11.4.1, 11.4.3", "Sound hashes", "SHA-256; ruff S324 forbids others for security."),
        proven(
            "11.4.2",
            "Passwords are hashed slowly",
            _SIGN_IN + "test_the_database_holds_neither_password_nor_token",
            told="Argon2id with the library's current settings, renewed at sign-in.",
        ),
        made(
            "11.4.4, 11.5.1", "Derived keys, random numbers", "HKDF from the secret; `secrets` everywhere (ruff S311)."
        ),
        made(
            "11.6.1",
            "Signatures",
            "Those of the provider's ID tokens, by `joserfc` with the algorithms it announces, never `none`.",
        ),
    ),
    "V12 Secure communication": (
        operator(
            "12.1.1–12.2.2", "TLS of pages", "The proxy's part; [operations.md](operations.md) has a configuration."
        ),
        operator(
            "12.3.1, 12.3.3",
            "TLS to database and queue",
            "On one machine they listen on loopback only; elsewhere name `sslmode=verify-full` and `rediss://` in the addresses.",
        ),
        made(
            "12.3.2, 12.3.4",
            "Certificates are checked",
            "Mail, webhooks and provider by the system's authorities; checking cannot be switched off.",
        ),
    ),
    "V13 Configuration": (
        made(
            "13.1.1",
            "Whom it talks to is written down",
            "Database, queue, mail server, webhooks, provider, bucket: [configuration.md](configuration.md), [channels.md](channels.md).",
        ),
        proven(
            "13.2.1–13.2.3",
            "Services have accounts with little right",
            _AUDIT + "test_no_login_of_the_product_can_rewrite_the_log",
            _AUDIT + "test_the_application_may_not_take_the_guard_away",
            told="The owner of the tables migrates, the application may not; passwords are made at the first start.",
        ),
        proven(
            "13.2.4–13.2.5",
            "Where it may send is bounded",
            _ROBOTS + "test_a_webhook_may_not_point_at_this_machine",
            _ROBOTS + "test_nor_at_what_only_this_machine_can_reach",
        ),
        operator(
            "13.3.1–13.3.2",
            "Secrets are kept well",
            "In the environment or a file of mode 640 of the service; no vault is built in.",
        ),
        proven(
            "13.4.1", "No source control is served", "attack/test_headers.py::test_nothing_of_the_checkout_is_served"
        ),
        proven(
            "13.4.2",
            "No debugging",
            "browser/test_errors.py::test_an_unexpected_error_shows_a_number_that_is_in_the_log_and_no_traceback",
        ),
        proven(
            "13.4.3–13.4.4",
            "No listings, no TRACE",
            "attack/test_headers.py::test_nothing_of_the_checkout_is_served",
            "attack/test_headers.py::test_methods_nobody_needs_do_nothing",
        ),
        operator("13.4.5", "Monitoring is not for all", "`/metrics` tells numbers only; close it at the proxy."),
    ),
    "V14 Data protection": (
        made(
            "14.1.1–14.1.2",
            "What must be protected",
            "Phone numbers and names of contacts, what enterprises say, addresses of channels, passwords, sessions: see “Personal data” below.",
        ),
        proven(
            "14.2.1",
            "Nothing secret in addresses",
            "core/test_logs.py::test_the_lines_of_the_server_with_whole_addresses_are_off",
            told="Links in messages carry a token that opens one message.",
        ),
        made(
            "14.2.2–14.2.3",
            "Nothing is kept or sent elsewhere",
            "No page asks a foreign server (`browser/test_sign_in.py`), Streamlit's statistics are off.",
        ),
        proven(
            "14.2.4",
            "Protected as written down",
            "services/channels/test_setting_up.py::test_no_key_or_password_stands_in_the_row_or_in_the_audit_log",
            _GATE + "test_no_password_or_token_reaches_a_log",
            "core/test_logs.py::test_what_is_named_like_a_secret_is_not_told",
        ),
        proven(
            "14.3.1",
            "The browser forgets",
            "browser/test_sign_in.py::test_a_tab_left_by_one_person_shows_nothing_of_it_to_the_next",
        ),
        proven("14.3.2", "Nothing is cached", "attack/test_headers.py::test_every_answer_carries_the_headers"),
        not_met(
            "14.3.3",
            "No data in the browser's storage",
            "What a grid worker types is kept in the phone's storage until it is handed in, so that nothing is lost without a network; it is removed then, and belongs to one account.",
        ),
    ),
    "V15 Secure coding": (
        operator(
            "15.1.1, 15.2.1", "Updates in time", "`make lock` renews the lists; watch advisories of what they name."
        ),
        proven(
            "15.1.2",
            "A list of what is used",
            "docs/test_dependencies.py::test_the_documented_dependencies_are_those_of_the_project",
            told="[dependencies.md](dependencies.md); lock files with hashes.",
        ),
        made(
            "15.1.3, 15.2.2",
            "Heavy work is known and bounded",
            "Imports, exports, pictures, bulletins: children of their own, workers, limits; [speed.md](speed.md), [load.md](load.md).",
        ),
        made(
            "15.2.3",
            "Only what is needed",
            "Tests and measurements are not installed to run; demo accounts exist in demo mode only.",
        ),
        made("15.3.1", "Only the fields needed", "Services return what a page shows, phone numbers masked."),
        proven("15.3.2", "Redirects are not followed", _ROBOTS + "test_a_redirect_is_not_followed"),
        proven(
            "15.3.3",
            "Only fields that may be set",
            "services/test_entities.py::test_who_may_not_change_an_entity_can_only_see_it",
            told="A use case names its arguments; forms and imports set declared, editable fields only.",
        ),
        proven(
            "15.3.4",
            "The true address of the person",
            _SETTINGS + "test_the_address_is_the_one_the_last_trusted_proxy_saw",
        ),
        proven(
            "15.3.5, 15.3.7",
            "Types and parameters are not mixed up",
            "attack/test_queries.py::test_nothing_in_an_address_breaks_a_page",
        ),
        made("15.3.6", "No prototype pollution", "The few scripts of the product hold no objects made of data."),
    ),
    "V16 Logging and errors": (
        made(
            "16.1.1",
            "What is logged is written down",
            "The audit log ([administrator](guide/administrator.md)) and the processes' lines ([operations.md](operations.md)).",
        ),
        proven(
            "16.2.1–16.2.2",
            "When, where, who, what",
            _AUDIT + "test_the_log_says_from_where_and_by_whom",
            "core/test_logs.py::test_a_line_carries_the_id_of_its_request",
        ),
        made("16.2.3–16.2.4", "One place, one form", "Standard output; JSON with QIANQI_LOG_FORMAT=json."),
        proven(
            "16.2.5",
            "No secrets in logs",
            "core/test_logs.py::test_what_is_named_like_a_secret_is_not_told",
            "core/test_logs.py::test_an_error_of_the_database_tells_no_value",
            _ROBOTS + "test_neither_logs_nor_errors_hold_a_key",
            _OIDC + "test_no_code_or_token_reaches_the_log",
        ),
        proven("16.3.1", "Sign-ins, refused ones too", _AUDIT + "test_sign_ins_refused_ones_included_are_told"),
        proven(
            "16.3.2–16.3.3",
            "Refusals are logged: actions of other roles, rows of others",
            "services/test_refusals.py::test_who_asks_for_a_row_of_others_is_in_the_log",
            "services/test_refusals.py::test_who_tries_what_their_role_may_not_is_in_the_log",
        ),
        proven(
            "16.3.4",
            "Unexpected errors are logged",
            "browser/test_errors.py::test_an_unexpected_error_shows_a_number_that_is_in_the_log_and_no_traceback",
        ),
        made("16.4.1", "No forged lines", "structlog renders values quoted, or as JSON."),
        proven("16.4.2", "Nobody rewrites the log", _AUDIT + "test_no_login_of_the_product_can_rewrite_the_log"),
        operator("16.4.3", "Lines go to another machine", "Let the service manager forward them."),
        proven(
            "16.5.1",
            "Errors tell nothing",
            "browser/test_errors.py::test_an_unexpected_error_shows_a_number_that_is_in_the_log_and_no_traceback",
        ),
        proven(
            "16.5.2–16.5.3",
            "Fails safely",
            "web/test_health.py::test_a_lost_database_makes_the_process_unready",
            "services/test_texts.py::test_a_database_that_does_not_answer_leaves_the_texts_as_they_are",
        ),
    ),
    "V17 WebRTC": (not_here("17.1.1–17.3.2", "WebRTC", "There is none."),),
}
