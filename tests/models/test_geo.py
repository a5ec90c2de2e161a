"""Distances and coordinate systems."""

import pytest

from models.geo import Point, distance_km, from_wgs84, point, to_wgs84

TIANANMEN_WGS84 = Point(116.391283, 39.907333)
TIANANMEN_GCJ02 = Point(116.397527, 39.908734)


def test_one_degree_along_the_equator_is_111_km():
    assert distance_km(Point(0, 0), Point(1, 0)) == pytest.approx(111.195, abs=0.01)


def test_distance_is_symmetric_and_nothing_to_oneself():
    assert distance_km(TIANANMEN_GCJ02, Point(118.05, 36.81)) == distance_km(Point(118.05, 36.81), TIANANMEN_GCJ02)
    assert distance_km(TIANANMEN_GCJ02, TIANANMEN_GCJ02) == 0


def test_what_a_phone_reports_is_moved_onto_chinese_maps():
    assert distance_km(from_wgs84(TIANANMEN_WGS84), TIANANMEN_GCJ02) < 0.02


def test_there_and_back_again_ends_within_a_few_metres():
    assert distance_km(to_wgs84(from_wgs84(TIANANMEN_WGS84)), TIANANMEN_WGS84) < 0.005


def test_outside_china_the_systems_are_the_same():
    assert from_wgs84(Point(2.35, 48.85)) == Point(2.35, 48.85)


def test_a_missing_number_is_no_place():
    assert point(None, 36.8) is None
    assert point(118.0, 36.8) == Point(118.0, 36.8)
