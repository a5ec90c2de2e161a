"""A ledger of any size, made by SQL: for measuring and for looking at plans. Its rows have no events."""

import psycopg

# ruff: noqa: E501 - statements of SQL

_PLACES = """
INSERT INTO area (code, name, tier, parent_id, path, active, created_at, updated_at)
VALUES ('Z', '高新区', 'zone', NULL, '', true, now(), now());
UPDATE area SET path = id || '.' WHERE code = 'Z';
INSERT INTO area (code, name, tier, parent_id, path, active, created_at, updated_at)
SELECT 'S' || n, '街道' || n, 'street', area.id, '', true, now(), now() FROM area, generate_series(1, 8) n
WHERE tier = 'zone';
INSERT INTO area (code, name, tier, parent_id, path, active, created_at, updated_at)
SELECT code || 'V' || n, name || '社区' || n, 'village', area.id, '', true, now(), now()
FROM area, generate_series(1, 15) n WHERE tier = 'street';
INSERT INTO area (code, name, tier, parent_id, path, active, created_at, updated_at)
SELECT code || 'G' || n, name || '网格' || n, 'grid', area.id, '', true, now(), now()
FROM area, generate_series(1, 8) n WHERE tier = 'village';
UPDATE area SET path = parent.path || area.id || '.' FROM area parent WHERE parent.id = area.parent_id AND area.tier = 'street';
UPDATE area SET path = parent.path || area.id || '.' FROM area parent WHERE parent.id = area.parent_id AND area.tier = 'village';
UPDATE area SET path = parent.path || area.id || '.' FROM area parent WHERE parent.id = area.parent_id AND area.tier = 'grid';
INSERT INTO department (name, short_name, phone, active, created_at, updated_at)
SELECT '部门' || n, '', '', true, now(), now() FROM generate_series(1, 25) n;
"""
_PEOPLE = """
INSERT INTO account (username, name, role, phone, email, locale, active, department_id, password_hash,
  must_change_password, heads_department, weekly_digest, created_at, updated_at)
SELECT 'worker' || n, '网格员' || n, 'grid_worker', '', '', '', true, NULL, '', false, false, false, now(), now()
FROM generate_series(1, 300) n
UNION ALL SELECT 'officer' || id, '经办人' || id, 'department_officer', '', '', '', true, id, '', false, false, false, now(), now()
FROM department
UNION ALL SELECT 'coordinator', '统筹', 'coordinator', '', '', '', true, NULL, '', false, false, false, now(), now()
UNION ALL SELECT 'lead', '队长', 'team_lead', '', '', '', true, NULL, '', false, false, false, now(), now();
INSERT INTO choice_list (name, key, created_at, updated_at) VALUES ('类别', 'issue_category', now(), now())
ON CONFLICT DO NOTHING;
INSERT INTO choice_item (list_key, value, label, label_en, parent_value, position, active, created_at, updated_at)
SELECT 'issue_category', 'c' || n, '类别' || n, '', CASE WHEN n > 6 THEN 'c' || (n % 6 + 1) ELSE '' END, n, true, now(), now()
FROM generate_series(1, 30) n;
INSERT INTO extra_field (entity, label, label_en, kind, options, choice_list, required, listed, filterable, help, help_en,
  shown_if, position, key, active, created_at, updated_at)
VALUES ('issue', '园区', '', 'choice', 'east | 东区', '', false, true, true, '', '', '{}', 1, 'park', true, now(), now());
"""
_ENTERPRISES = """
INSERT INTO enterprise (name, credit_code, area_id, address, industry, status, legal_representative, note, extra,
  name_key, created_at, updated_at)
SELECT '淄博' || chr(19968 + n * 7 %% 3000) || chr(19968 + n * 77 %% 3000) || n || '机械有限公司', NULL, grid.id,
  '柳泉路' || n || '号', '', 'active', '', '', '{}', '', now(), now()
FROM generate_series(1, %(enterprises)s) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS many FROM area WHERE tier = 'grid') grid
  ON grid.place = n %% grid.many + 1;
"""
_ISSUES = """
WITH words AS (SELECT ARRAY['用地','电压不稳','融资难','招工难','排污许可','道路破损','用水','社保','消防验收','车辆通行',
  '税务咨询','厂房租赁','人才公寓','供热','燃气','审批进度','专利','出口退税','停车','网络'] AS matter,
  ARRAY['请协调','希望尽快','影响生产','多次反映','要求答复','涉及周边企业','设备停机','投资受阻'] AS manner),
pools AS (SELECT
  (SELECT array_agg(id ORDER BY id) FROM enterprise) AS enterprises,
  (SELECT array_agg(id ORDER BY id) FROM department) AS departments,
  (SELECT array_agg(id ORDER BY id) FROM account WHERE role = 'grid_worker') AS workers,
  (SELECT array_agg(id ORDER BY department_id) FROM account WHERE role = 'department_officer') AS officers,
  (SELECT id FROM account WHERE role = 'coordinator') AS coordinator),
drawn AS (SELECT n, random() AS fate, 1 + floor(random() * cardinality(departments))::int AS desk,
  enterprises[1 + floor(random() * cardinality(enterprises))::int] AS enterprise,
  workers[1 + floor(random() * cardinality(workers))::int] AS worker, departments, officers, coordinator, matter, manner
  FROM generate_series(1, %(issues)s) n, words, pools),
fated AS (SELECT drawn.*, CASE WHEN n < %(issues)s * 0.92 THEN CASE WHEN fate < 0.03 THEN 'declined' ELSE 'closed' END
  ELSE (ARRAY['registered','resolved_on_site','accepted','dispatched','handling','handling','handling','returned',
    'extension_requested','shelved','resolved','answered','call_back','closed'])[1 + floor(fate * 14)::int] END AS state
  FROM drawn)
INSERT INTO issue (number, old_number, kind, urgency, state, text, category, solution, enterprise_id, source, area_id, tier,
  registered_by_id, first_receiver_id, department_id, cross_department, handler_id, instruction, dispatched_at,
  returns, ruled, round, extension_days, answer, call_backs, closed_by_id, resolved_by_id, card, late, supervision, urges,
  stage, due_at, due_provisional, due_version, paused_since, version, extra, solved, satisfied, created_at, updated_at)
SELECT 'QY-' || (2020 + n * 4 / %(issues)s) || '-' || lpad(n::text, 7, '0'), '',
  (ARRAY['suggestion','difficult_issue','enquiry'])[1 + n %% 3],
  CASE WHEN n %% 97 = 0 THEN 'emergency' WHEN n %% 11 = 0 THEN 'urgent' ELSE 'normal' END, state,
  '企业反映' || matter[1 + floor(random() * 20)::int] || '问题，' || manner[1 + floor(random() * 8)::int] || '，'
    || matter[1 + floor(random() * 20)::int] || '也' || manner[1 + floor(random() * 8)::int] || '，编号'
    || chr(19968 + floor(random() * 3000)::int) || chr(19968 + floor(random() * 3000)::int) || '。',
  'c' || (1 + floor(random() * 30)::int), CASE WHEN state IN ('closed', 'resolved', 'resolved_on_site') THEN '已处理' ELSE '' END,
  enterprise, CASE WHEN n %% 3 = 0 THEN 'page' ELSE 'visit' END, enterprise.area_id, 'village', worker, worker,
  CASE WHEN state IN ('registered', 'resolved_on_site', 'accepted', 'declined', 'returned') THEN NULL ELSE departments[desk] END,
  n %% 13 = 0, CASE WHEN state IN ('handling', 'resolved', 'answered', 'closed') THEN officers[desk] END, '',
  CASE WHEN state IN ('registered', 'resolved_on_site', 'accepted', 'declined') THEN NULL ELSE now() END,
  0, false, 1, 0, '', 0, CASE WHEN state = 'closed' THEN coordinator END, CASE WHEN state = 'closed' THEN officers[desk] END,
  CASE WHEN n %% 211 = 0 THEN 'red' WHEN n %% 101 = 0 THEN 'yellow' ELSE 'none' END, n %% 12 = 0,
  CASE WHEN n %% 307 = 0 THEN 'DB-' || lpad(n::text, 8, '0') ELSE '' END, 0,
  CASE WHEN state IN ('closed', 'declined') THEN '' ELSE 'handle' END,
  CASE WHEN state NOT IN ('closed', 'declined') THEN %(now)s::timestamptz + (random() * 20 - 4) * interval '1 day' END,
  false, 1, CASE WHEN state = 'shelved' THEN %(now)s::timestamptz END, 1,
  CASE WHEN n %% 500 = 0 THEN '{"park": "east"}'::jsonb ELSE '{}'::jsonb END,
  CASE WHEN state = 'closed' THEN true END, CASE WHEN state = 'closed' THEN n %% 9 > 0 END,
  %(now)s::timestamptz - (%(issues)s - n) * (interval '1400 days' / %(issues)s), now()
FROM fated JOIN enterprise ON enterprise.id = fated.enterprise;
INSERT INTO issue_task (issue_id, department_id, text, mandatory, state, answer, created_at, updated_at)
SELECT issue.id, (SELECT min(id) FROM department) + issue.id %% 25, '协助', true,
  CASE WHEN state = 'closed' THEN 'done' ELSE 'open' END, '', now(), now()
FROM issue WHERE cross_department;
"""


def fill(owner_url: str, issues: int, now: str) -> None:
    """Fill an empty, migrated database with a zone, 20 issues for each of its enterprises, and its people.

    Args:
        owner_url: its address for the owner of its tables.
        issues: how many issues, one in twelve of them open.
        now: ISO 8601 moment around which they fall due.
    """
    values = {"issues": issues, "enterprises": max(issues // 20, 50), "now": now}
    with psycopg.connect(owner_url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SELECT setseed(0.5)")
        connection.execute("DROP INDEX ix_issue_search")  # built in one go it takes a tenth of the time
        for statements in (_PLACES, _PEOPLE):
            connection.execute(statements)
        for statements in (_ENTERPRISES, _ISSUES):
            connection.execute(statements, values)
        connection.execute("CREATE INDEX ix_issue_search ON issue USING gin (qianqi_grams(search_text))")
        connection.execute("VACUUM ANALYZE")
