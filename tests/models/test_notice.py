"""Reading a holiday notice as the State Council publishes it."""

from datetime import date

from models.notice import read

NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
"""


def test_a_notice_gives_its_year_and_every_day() -> None:
    found = read(NOTICE_2026, 1999)

    assert found.year == 2026
    assert sum(each.off for each in found.days) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert [each.day for each in found.days if not each.off] == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
    ]  # fmt: skip
    assert {each.name for each in found.days} == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}
    assert [each.name for each in found.days if each.day == date(2026, 9, 20)] == ["国庆节"]


def test_a_holiday_may_begin_in_the_year_before() -> None:
    found = read("一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。", 2023)

    assert [each.day for each in found.days] == [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)]


def test_advice_and_what_stands_in_brackets_is_no_day_off() -> None:
    found = read(
        "二、春节：2月10日至12日放假调休，共3天。2月4日（星期日）上班。"
        "鼓励各单位安排职工在除夕（2月9日）休息。\n一、元旦：1月1日放假，与周末连休。",
        2024,
    )

    assert [(each.day.month, each.day.day, each.off) for each in found.days] == [
        (1, 1, True), (2, 4, False), (2, 10, True), (2, 11, True), (2, 12, True),
    ]  # fmt: skip


def test_a_range_goes_over_the_end_of_a_month() -> None:
    found = read("国庆节、中秋节：9月29日至10月6日放假调休，共8天。", 2023)

    assert len(found.days) == 8
    assert found.days[0].name == "国庆节、中秋节"


def test_what_is_no_notice_gives_nothing() -> None:
    assert read("", 2027).days == ()
    assert read("春节：2月31日放假。端午节放假。\n天气很好。1月1日放假", 2027).days == ()
