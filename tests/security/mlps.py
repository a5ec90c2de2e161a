"""GB/T 22239-2019 (等保 2.0), level 3, 安全计算环境: what concerns an application, and how it is answered."""

from tests.security.evidence import Item, made, not_met, operator, proven

_SIGN_IN, _AUDIT = "services/accounts/test_signing_in.py::", "services/test_audit.py::"

MLPS: dict[str, tuple[Item, ...]] = {
    "8.1.4.1 身份鉴别": (
        proven(
            "a)",
            "身份标识唯一，口令有复杂度要求并定期更换",
            "services/accounts/test_administration.py::test_a_user_name_is_given_once_however_it_is_written",
            _SIGN_IN + "test_a_weak_password_is_refused_with_the_reason",
            told="长度与重复字符有要求；不强制定期更换，需要时由管理员重置，或改用统一身份认证。",
        ),
        proven(
            "b)",
            "登录失败处理、限制次数、超时自动退出",
            _SIGN_IN + "test_too_many_wrong_passwords_make_the_account_wait_even_with_the_right_one",
            _SIGN_IN + "test_a_session_left_unused_ends_and_one_in_use_goes_on",
        ),
        operator("c)", "远程管理防窃听", "由反向代理提供 TLS；QIANQI_SECURE_COOKIES=true 后 Cookie 只走 HTTPS。"),
        operator(
            "d)",
            "两种以上鉴别技术，其一为密码技术",
            "接入统一身份认证（OpenID Connect），由其提供第二因素；仅用口令时不满足。",
        ),
    ),
    "8.1.4.2 访问控制": (
        proven(
            "a)–b)",
            "按账户分配权限，重命名或删除默认账户",
            "services/test_permissions.py::test_a_use_case_opens_for_whom_the_matrix_names_and_nobody_else",
            told="生产模式没有默认账户。",
        ),
        proven("c)", "及时停用多余账户", "web/test_gate.py::test_a_deactivated_account_is_out_at_once"),
        proven(
            "d)",
            "最小权限、管理权限分离",
            "services/test_permissions.py::test_every_action_is_in_the_matrix_and_explained",
            told="管理员管系统而不看业务，见 [permissions.md](permissions.md)。",
        ),
        proven(
            "e)–f)",
            "由授权主体配置策略，粒度到用户与记录",
            "services/test_permissions.py::test_a_role_reaches_its_own_rows_and_others_as_far_as_the_matrix_says",
            "attack/test_foreign_rows.py::test_a_row_of_others_looks_like_none",
        ),
        not_met("g)", "对重要主体、客体设置安全标记", "没有强制访问控制标记；按角色、片区、部门控制。"),
    ),
    "8.1.4.3 安全审计": (
        proven(
            "a)–b)",
            "覆盖每个用户，记录时间、用户、事件、结果",
            _AUDIT + "test_the_log_says_from_where_and_by_whom",
            _AUDIT + "test_sign_ins_refused_ones_included_are_told",
            _AUDIT + "test_a_statement_that_changes_rows_past_the_log_is_refused",
        ),
        proven(
            "c)",
            "保护审计记录，防止删改",
            _AUDIT + "test_no_login_of_the_product_can_rewrite_the_log",
            told="定期备份见 [backup.md](backup.md)。",
        ),
        proven(
            "d)",
            "保护审计进程，防止中断",
            _AUDIT + "test_the_application_may_not_take_the_guard_away",
            told="审计与业务在同一事务中写入。",
        ),
    ),
    "8.1.4.4 入侵防范": (
        made("a)–b)", "最小安装，关闭不需要的服务和端口", "内嵌数据库与队列只监听本机；镜像只装运行所需。"),
        operator("c)", "限制管理终端地址", "在反向代理或防火墙上限制。"),
        proven(
            "d)",
            "数据有效性检验",
            "services/test_entities.py::test_each_wrong_field_is_told_and_nothing_is_saved",
            "attack/test_queries.py::test_nothing_in_an_address_breaks_a_page",
            "attack/test_hostile_text.py::test_hostile_text_is_shown_as_text_on_every_page",
            "attack/content/test_exports.py::test_every_file_holds_what_people_wrote_as_text",
        ),
        operator(
            "e)–f)",
            "发现并修补漏洞，检测入侵",
            "关注 [dependencies.md](dependencies.md) 所列组件的公告；主机入侵检测由运维部署。",
        ),
    ),
    "8.1.4.5 恶意代码防范": (
        operator("a)", "防恶意代码", "上传的程序、宏、伪装文件会被拒绝；病毒扫描由运维对文件目录或存储桶进行。"),
    ),
    "8.1.4.6 可信验证": (operator("a)", "基于可信根验证", "由主机提供；锁定文件含每个组件的哈希。"),),
    "8.1.4.7 数据完整性": (
        proven(
            "a)–b)",
            "传输和存储中的完整性",
            "services/test_files.py::test_what_was_changed_in_the_store_is_not_given_out",
            told="附件按 SHA-256 校验；传输由 TLS 保证。",
        ),
    ),
    "8.1.4.8 数据保密性": (
        proven(
            "a)–b)",
            "传输和存储中的保密性",
            "services/channels/test_secrets.py::test_what_is_sealed_is_read_again_and_stands_nowhere_in_what_is_kept",
            _SIGN_IN + "test_the_database_holds_neither_password_nor_token",
            told="口令与令牌只存哈希，通道密钥加密；业务数据的磁盘加密由运维提供。",
        ),
    ),
    "8.1.4.9 数据备份恢复": (
        made("a)", "本地备份与恢复", "`qianqi backup`、`qianqi restore`，见 [backup.md](backup.md)。"),
        operator("b)", "异地实时备份", "将备份目录放到异地存储；实时复制用 PostgreSQL 流复制。"),
        operator("c)", "热冗余", "外部 PostgreSQL 与多台应用机，见 [operations.md](operations.md)。"),
    ),
    "8.1.4.10 剩余信息保护": (
        proven(
            "a)–b)",
            "释放前清除鉴别信息和敏感数据",
            "browser/test_sign_in.py::test_a_tab_left_by_one_person_shows_nothing_of_it_to_the_next",
            "services/test_files.py::test_an_upload_that_breaks_off_leaves_nothing_behind",
        ),
    ),
    "8.1.4.11 个人信息保护": (
        made("a)", "只采集必需的个人信息", "企业联系人的姓名、职务、电话、微信、邮箱；照片去除位置信息。"),
        proven(
            "b)",
            "禁止未授权访问和非法使用",
            "services/issues/test_reading.py::test_the_phone_is_masked_for_whom_does_not_need_it",
            "services/test_files.py::test_a_thumbnail_is_small_upright_and_tells_no_place",
        ),
    ),
}
