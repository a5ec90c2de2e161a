"""Settings and texts that two people change at once: each keeps theirs, and the slower one is told of the same."""

from dataclasses import replace
from datetime import date, time

import pytest

from models.account import Role
from models.addressees import EnterpriseChoice
from models.area import Tier
from models.bulletin import Bulletin
from models.channel import Channel, ChannelKind
from models.reminder import NoticeBatch
from services.bulletin import building, configuring, issuing
from services.channels import mail_setup, setting_up
from services.channels.mail_setup import MailForm
from services.channels.mailing import Security
from services.channels.setting_up import RobotForm
from services.meanwhile import OvertakenError, own_changes
from services.notices import drafting
from services.reminders import hours
from tests import factories as given

pytestmark = pytest.mark.usefixtures("same_database", "frozen_clock")


def test_what_was_left_as_it_was_found_is_nobodys_change() -> None:
    labels = {"a": "A", "b": "B", "c": "C"}
    seen, now = {"a": 1, "b": None}, {"a": 2, "b": None, "c": 5}

    assert own_changes(seen, {"a": 1, "b": "", "c": 7}, now, labels) == {"c"}  # what was not seen is the person's
    assert own_changes(seen, {"a": 2}, now, labels) == {"a"}  # the same as the other's: nothing to decide
    with pytest.raises(OvertakenError) as told:
        own_changes(seen, {"a": 3, "b": "x"}, now, labels)

    assert (told.value.keys, told.value.now) == (("a",), now)


def test_hours_two_administrators_change_at_once() -> None:
    admin = given.actor(Role.ADMINISTRATOR)
    seen = hours.in_force(admin)

    hours.change(admin, replace(seen, quiet_from=time(21)), seen=seen)
    hours.change(admin, replace(seen, on_days_off=True), seen=seen)
    with pytest.raises(OvertakenError):
        hours.change(admin, replace(seen, quiet_from=time(22)), seen=seen)

    assert hours.in_force(admin) == replace(seen, quiet_from=time(21), on_days_off=True)


def test_settings_of_bulletins_two_coordinators_change_at_once() -> None:
    coordinator = given.actor(Role.COORDINATOR)
    seen = configuring.in_force(coordinator)

    configuring.change(coordinator, {**seen, "organ": "高新区"}, seen=seen)
    configuring.change(coordinator, {**seen, "build_day": 2}, seen=seen)
    with pytest.raises(OvertakenError):
        configuring.change(coordinator, {**seen, "organ": "经开区"}, seen=seen)

    assert configuring.in_force(coordinator) == {**seen, "organ": "高新区", "build_day": 2}


def test_the_remark_of_a_bulletin_two_coordinators_write_at_once() -> None:
    coordinator = given.actor(Role.COORDINATOR)
    bulletin_id = building.build(coordinator, date(2023, 11, 1))
    seen = {"remark": "", "remark_en": ""}

    issuing.remark(coordinator, bulletin_id, "请抓紧办理。", "", seen=seen)
    issuing.remark(coordinator, bulletin_id, "", "Hurry.", seen=seen)
    with pytest.raises(OvertakenError):
        issuing.remark(coordinator, bulletin_id, "请按期办结。", "", seen=seen)

    (bulletin,) = given.rows(Bulletin)
    assert (bulletin.remark, bulletin.remark_en) == ("请抓紧办理。", "Hurry.")


def test_the_words_of_a_notice_two_coordinators_write_at_once() -> None:
    coordinator = given.actor(Role.COORDINATOR)
    batch_id = drafting.choose(coordinator, EnterpriseChoice())
    seen = {"matter": "", "title": "", "body": "", "urgent": False}

    drafting.write(coordinator, batch_id, {**seen, "title": "停水通知"}, partly=True, seen=seen)
    drafting.write(coordinator, batch_id, {**seen, "body": "明日停水。"}, partly=True, seen=seen)
    with pytest.raises(OvertakenError):
        drafting.write(coordinator, batch_id, {**seen, "title": "停电通知"}, partly=True, seen=seen)

    (batch,) = given.rows(NoticeBatch, lambda row: row.id == batch_id)
    assert (batch.title, batch.body) == ("停水通知", "明日停水。")


def test_a_robot_two_administrators_change_at_once() -> None:
    admin = given.actor(Role.ADMINISTRATOR)
    team_id = given.team(given.area(Tier.STREET)).pk
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2dcfa5aa"
    form = RobotForm("工作群", ChannelKind.WECOM, address + "a")
    made = setting_up.save(admin, form, team_id=team_id)
    (seen,) = setting_up.of_team(admin, team_id)
    shown = replace(form, address="")

    def save(changed: RobotForm) -> None:
        setting_up.save(admin, changed, team_id=team_id, channel_id=made, seen=seen)

    save(replace(shown, name="一队工作群"))
    save(replace(shown, active=False))
    save(replace(shown, address=address + "b"))
    for late in (replace(shown, name="二队工作群"), replace(shown, address=address + "c")):
        with pytest.raises(OvertakenError):
            save(late)

    (row,) = given.rows(Channel, lambda row: row.id == made)
    assert (row.name, row.active, row.hint) == ("一队工作群", False, "…5aab")


def test_the_mail_server_two_administrators_change_at_once() -> None:
    """Given a form open twice, then a server with its account is one thing: a password is for one server only."""
    admin = given.actor(Role.ADMINISTRATOR)
    seen = MailForm("mail.example.com", 465, Security.TLS, "", "", "qianqi@zone.example", "千企")
    mail_setup.save(admin, seen)

    mail_setup.save(admin, replace(seen, host="smtp.example.com"), seen=seen)
    mail_setup.save(admin, replace(seen, sender_name="千企平台"), seen=seen)
    with pytest.raises(OvertakenError):
        mail_setup.save(admin, replace(seen, user="qianqi", password="a secret"), seen=seen)

    view = mail_setup.show(admin)
    assert view is not None
    assert view.form == replace(seen, host="smtp.example.com", sender_name="千企平台")
