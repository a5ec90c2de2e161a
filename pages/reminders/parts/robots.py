"""Robots and webhooks as a list with a drawer: the same for a person's own and for those of teams."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from core.i18n import N_, format_moment
from core.i18n import gettext as _
from models.channel import ChannelKind
from pages.common import address, fields, ui
from pages.common.began import Began
from pages.common.options import apart
from services.actor import Actor
from services.channels import setting_up, testing
from services.channels.setting_up import ROBOT_KINDS, RobotForm, RobotView
from services.channels.testing import Outcome

NEW = "new"
_ROBOT = "_robot"
_TESTED = "robot_tested"
_WHERE = {
    ChannelKind.WECOM: N_("In the group chat: ⋯ → Message push → Add; copy the webhook address it shows."),
    ChannelKind.DINGTALK: N_(
        "In the group’s settings: Robots → Add → Custom. Choose “Sign” as the security setting; "
        "copy the webhook address and the secret that begins with SEC."
    ),
    ChannelKind.FEISHU: N_(
        "In the group’s settings: Bots → Add → Custom bot; copy the webhook address. "
        "As the security setting choose the keyword “{keyword}” or the address of this server."
    ),
    ChannelKind.WEBHOOK: N_(
        "A program of your own that takes JSON by POST: key, title, text, link, urgent, language. "
        "A key that comes twice is the same message."
    ),
}


def open_robot(robot: int | str) -> None:
    """Open a robot, or `NEW`, in the drawer: for a button's `on_click`."""
    address.write({_ROBOT: str(robot)})


def close_robot() -> None:
    """Close the drawer."""
    address.write({_ROBOT: ""})


def add_button() -> None:
    """Show the button that opens an empty form."""
    st.button(_("Add a robot"), key="robot_new", icon=":material/add:", on_click=open_robot, args=(NEW,))


def robot_list(actor: Actor, robots: Sequence[RobotView]) -> None:
    """Show robots with what is wrong with them, each with its test and a way to change it."""
    for robot in robots:
        with st.container(border=True, gap="small"):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(_text(robot), width="content")
                with st.container(horizontal=True, width="content", gap="small"):
                    _buttons(actor, robot)
            _state(robot)


def robot_drawer(
    actor: Actor, robots: Sequence[RobotView], *, team_id: int | None = None, teams: Mapping[int, str] | None = None
) -> None:
    """Show the drawer if the address names a robot.

    Args:
        actor: who sees it.
        robots: those that may be opened.
        team_id: whose a new one is; `None` means the actor's own.
        teams: the teams one can be made for, where there is a choice.
    """
    asked = address.read(_ROBOT)
    robot = next((each for each in robots if str(each.id) == asked), None)
    if robot is None and asked != NEW:
        return

    def content() -> None:
        if robot is None:
            _new(actor, team_id, teams)
        else:
            _change(actor, robot)

    title = _("New robot") if robot is None else robot.name
    st.dialog(ui.plain(title), position="right", on_dismiss=close_robot)(content)()


def tell(outcome: Outcome) -> None:
    """Say what came of a test."""
    show = st.success if outcome.sent else st.error
    show(said(outcome.told), icon=":material/check_circle:" if outcome.sent else ":material/error:")


def not_reached(problem: str, since: datetime | None) -> None:
    """Say what is wrong with a channel, and since when."""
    told = _("Not reached since {moment}: {problem}")
    st.warning(said(told.format(moment=format_moment(since), problem=_(problem))), icon=":material/warning:")


def said(text: str) -> str:
    """Return what another server answered as Markdown shows it: as it is, and no address in it as a link."""
    return ui.plain(text.replace("://", "://\u2060"))


def _text(robot: RobotView) -> str:
    off = f" :gray-badge[{_('off')}]" if not robot.active else ""
    team = f"{ui.plain(robot.team)} · " if robot.team else ""
    return f"**{ui.plain(robot.name)}**{off}  \n:small[:gray[{team}{_(robot.kind.label)} {ui.plain(robot.hint)}]]"


def _buttons(actor: Actor, robot: RobotView) -> None:
    if st.button(_("Test"), key=f"robot_test_{robot.id}", icon=":material/send:"):
        with ui.told(), st.spinner(_("Sending…")):
            outcome = testing.robot(actor, robot.id, team_id=robot.team_id)
            st.session_state[_TESTED] = (robot.id, outcome)
            st.rerun()
    st.button(
        _("Edit"), key=f"robot_edit_{robot.id}", icon=":material/edit:", on_click=open_robot, args=(robot.id,)
    )  # fmt: skip


def _state(robot: RobotView) -> None:
    tested = st.session_state.get(_TESTED)
    if tested is not None and tested[0] == robot.id:
        tell(tested[1])
        del st.session_state[_TESTED]
    elif not robot.readable:
        st.warning(_("Its address can no longer be read. Please enter it again."), icon=":material/key_off:")
    elif robot.problem:
        not_reached(robot.problem, robot.failed_at)


def _new(actor: Actor, team_id: int | None, teams: Mapping[int, str] | None) -> None:
    if teams is not None:
        team_id = st.selectbox(
            _("Team"), list(teams), index=None, format_func=apart(teams), key="robot_team",
            placeholder=_("Choose a team"),
        )  # fmt: skip
    kinds = {kind: _(kind.label) for kind in ROBOT_KINDS}
    kind = st.selectbox(_("Kind"), list(kinds), format_func=apart(kinds), key="robot_kind")
    form, slots = _inputs(kind, "robot_new")
    ready = teams is None or team_id is not None
    if st.button(_("Save"), key="robot_save", type="primary", width="stretch", disabled=not ready):
        with ui.told(slots):
            setting_up.save(actor, form, team_id=team_id)
            _done(_("Saved. Send a test message now."))


def _change(actor: Actor, robot: RobotView) -> None:
    began = Began(f"robot_{robot.id}", vars(robot), first="name")
    seen = RobotView(**began.values)
    form, slots = _inputs(robot.kind, began.prefix, seen)
    pressed = st.button(_("Save"), key="robot_save", type="primary", width="stretch")
    if began.insisted() or pressed:
        with ui.told(slots), began.saving():
            setting_up.save(actor, form, team_id=robot.team_id, channel_id=robot.id, seen=seen)
            _done(_("Saved."))
    began.notice()
    question = _("Nothing is sent there any more. The address must be entered anew to use it again.")
    if ui.confirm(_("Remove"), question, key="robot_remove", icon=":material/delete:", width="stretch"):
        with ui.told():
            setting_up.remove(actor, robot.id, team_id=robot.team_id)
            _done(_("Removed."))


def _inputs(kind: ChannelKind, prefix: str, robot: RobotView | None = None) -> tuple[RobotForm, fields.Slots]:
    slots: fields.Slots = {}
    named = st.text_input(
        _("Name"), robot.name if robot else "", key=f"{prefix}_name", max_chars=100,
        placeholder=_("For example: chat of our team"),
    )  # fmt: skip
    slots["name"] = st.empty()
    given = st.text_input(
        _("Webhook address"), key=f"{prefix}_address", max_chars=1000, autocomplete="off",
        placeholder=_("Kept: {hint}. Leave empty to keep it.").format(hint=robot.hint) if robot else "https://",
    )  # fmt: skip
    slots["address"] = st.empty()
    signing = ""
    if kind is ChannelKind.DINGTALK:
        signing = st.text_input(_("Signing secret"), key=f"{prefix}_signing", max_chars=210, placeholder="SEC…")
        slots["signing"] = st.empty()
    st.caption(_(_WHERE[kind]).format(keyword=_("Open and acknowledge")))
    active = st.toggle(_("Send messages there"), robot.active, key=f"{prefix}_active") if robot else True
    return RobotForm(named, kind, given, signing, active), slots


def _done(message: str) -> None:
    close_robot()
    ui.flash(message)
    st.rerun()
