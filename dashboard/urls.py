"""The officers' pages: the board and its parts, passages, devices, alarms, preferences; and those of intelligence and the audit record."""

from django.urls import path

from dashboard import urls_audit, urls_intelligence, urls_scanning
from dashboard.views import (
    acts,
    alarm_batch,
    alarms,
    board,
    countersigns,
    device_wall,
    devices,
    passages,
    preferences,
)

urlpatterns = [
    path("", board.board, name="board"),
    path("board/lanes/", board.lanes, name="board-lanes"),
    path("board/passages/", board.passages, name="board-passages"),
    path("board/needs/", board.needs, name="board-needs"),
    path("board/plots/", board.plots, name="board-plots"),
    path("board/plan/", board.plan, name="board-plan"),
    path("needs/<str:kind>/<uuid:uid>/act/", acts.need_act, name="need-act"),
    path("passages/", passages.passage_list, name="passage-list"),
    path("passages/export/", passages.passage_export, name="passage-export"),
    path("passages/<uuid:uid>/", passages.passage_detail, name="passage-detail"),
    path("devices/", devices.device_list, name="device-list"),
    path("devices/wall/", device_wall.wall, name="device-wall"),
    path("devices/wall/now/", device_wall.wall_part, name="device-wall-part"),
    path("devices/<uuid:uid>/", devices.device_detail, name="device-detail"),
    path("alarms/", alarms.alarm_list, name="alarm-list"),
    path("alarms/calls/", alarms.calls, name="calls"),
    path("alarms/now/", alarms.alarm_list_part, name="alarm-list-part"),
    path("alarms/act/", alarm_batch.alarms_act, name="alarms-act"),
    path("alarms/export/", alarms.alarm_export, name="alarm-export"),
    path("alarms/<uuid:uid>/", alarms.alarm_detail, name="alarm-detail"),
    path("alarms/<uuid:uid>/act/", alarms.alarm_act, name="alarm-act"),
    path("countersigns/", countersigns.countersign_list, name="countersign-list"),
    path("countersigns/new/", countersigns.countersign_new, name="countersign-new"),
    path("countersigns/<uuid:uid>/", countersigns.countersign_detail, name="countersign-detail"),
    path("countersigns/<uuid:uid>/act/", countersigns.countersign_act, name="countersign-act"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("language/", preferences.language, name="language"),
    path("site/", preferences.set_site, name="set-site"),
    *urls_intelligence.urlpatterns,
    *urls_audit.urlpatterns,
    *urls_scanning.urlpatterns,
]
