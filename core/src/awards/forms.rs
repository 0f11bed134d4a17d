//! The forms of award inputs: what a finance officer fills in.

use std::sync::LazyLock;

use super::model::{Policy, SubjectKind};
use crate::workbook::{Field, Form, Kind, Lists, Notes};

fn need(key: &'static str, zh: &'static str, en: &'static str, kind: Kind, notes: Notes) -> Field {
    Field::need([key, zh, en], kind, notes)
}

fn may(key: &'static str, zh: &'static str, en: &'static str, kind: Kind, notes: Notes) -> Field {
    Field::may([key, zh, en], kind, notes)
}

fn form(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    about: Notes,
    fields: Vec<Field>,
    examples: &[&[&'static str]],
) -> Form {
    Form::new([key, zh, en], about, fields, examples)
}

const EVENT_REF: Kind = Kind::Ref("events", "event_id");
const MONEY: Kind = Kind::Money;
const NO_NOTE: Notes = ("", "");
const SUBJECT_ID_NOTE: Notes = (
    "单位用组织机构代码，个人用本单位工号；不要填身份证号",
    "Institutions by organisation code, persons by staff number; never an identity number",
);

pub static EVENTS: LazyLock<Form> = LazyLock::new(|| {
    form(
        "events",
        "事件",
        "events",
        (
            "一行一项成果：谁在哪天取得了什么。共同获奖的其他主体填在“共同获奖”表。",
            "One row an achievement: who obtained what, and when. Others who won it jointly go to the joint winners.",
        ),
        vec![
            need(
                "event_id",
                "事件编号",
                "Event",
                Kind::Text,
                ("自编，不重复，如 E01", "Your own number, each once, such as E01"),
            ),
            need(
                "achievement",
                "成果类型",
                "Achievement",
                Kind::Choice("achievements"),
                ("从下拉列表选择", "Choose from the list"),
            ),
            may(
                "grade",
                "等次",
                "Grade",
                Kind::Choice("grades"),
                (
                    "成果类型分等次时必填，如 三级甲等、三星、一等奖",
                    "Required where the achievement has grades, such as 三级甲等, 三星, 一等奖",
                ),
            ),
            may(
                "item",
                "项目名称",
                "Item",
                Kind::Text,
                (
                    "专科、中心、获奖项目的名称；按项目计奖的规则必填",
                    "Name of specialty, centre or project; required by rules that pay per item",
                ),
            ),
            need("subject_id", "主体编码", "Subject", Kind::Text, SUBJECT_ID_NOTE),
            need(
                "subject_name",
                "主体名称",
                "Name",
                Kind::Text,
                ("牵头单位、团队或个人", "The lead unit, team or person"),
            ),
            need(
                "subject_kind",
                "主体类型",
                "Kind",
                Kind::Choice("subject_kinds"),
                ("个人、团队、单位或地方", "Person, team, institution or place"),
            ),
            need(
                "place",
                "同级财政",
                "Treasury",
                Kind::Choice("places"),
                (
                    "由哪一级财政负担：市级单位选市，县级单位选县（区）",
                    "Which treasury pays: the city for units of the city, the county for units of a county",
                ),
            ),
            may(
                "ownership",
                "举办性质",
                "Ownership",
                Kind::Choice("ownership"),
                (
                    "公立或非公立；只奖公立机构的规则必填",
                    "Public or private; required by rules for public institutions only",
                ),
            ),
            need(
                "named",
                "认定日期",
                "Named",
                Kind::Date,
                ("正式认定（命名）文件的日期", "Date of the official naming document"),
            ),
            may("document", "认定文件", "Document", Kind::Text, ("文号", "Number of the document")),
            may(
                "applied",
                "申请日期",
                "Applied",
                Kind::Date,
                (
                    "规则有申请期限，或年度以申请日期为准时填写",
                    "For rules with a deadline, or where the award year follows it",
                ),
            ),
            may(
                "paid",
                "拨付日期",
                "Paid",
                Kind::Date,
                ("年度以拨付日期为准时填写", "Where the award year follows the payment"),
            ),
            may(
                "reviewed",
                "复核日期",
                "Reviewed",
                Kind::Date,
                ("分期支付的规则：复核通过的日期", "Rules in phases: the day the review was passed"),
            ),
            may(
                "quantity",
                "数量",
                "Quantity",
                Kind::Number,
                ("按人头、床位等计算的规则填写", "For rules by head, bed and the like"),
            ),
            may("base", "基数金额", "Base", MONEY, ("按比例配套的规则填写（元）", "For matching rules, in yuan")),
            may(
                "higher_award",
                "上级同项奖励",
                "Higher award",
                MONEY,
                (
                    "同一事项已获中央、省级奖励的金额（元）",
                    "What province or state have awarded for the same fact, in yuan",
                ),
            ),
            may(
                "share",
                "约定份额",
                "Share",
                Kind::Number,
                (
                    "共同获奖且按约定份额分配时填写，所有主体合计 100",
                    "Joint winners by agreed shares: all subjects sum to 100",
                ),
            ),
        ],
        &[
            &[
                "E01",
                "医院等级评审",
                "三级甲等",
                "",
                "H01",
                "通江县人民医院",
                "单位",
                "通江县",
                "公立",
                "2025-03-01",
                "某卫函〔2025〕1号",
            ],
            &[
                "E02",
                "智慧医院",
                "三星",
                "",
                "H01",
                "通江县人民医院",
                "单位",
                "通江县",
                "公立",
                "2025-09-01",
                "某卫函〔2025〕2号",
            ],
            &["E03", "省部级专家人才", "", "", "P01", "张某", "个人", "通江县", "", "2025-04-01", "某人社〔2025〕3号"],
            &["E04", "省部级专家人才", "", "", "P02", "李某", "个人", "通江县", "", "2025-04-01", "某人社〔2025〕3号"],
            &[
                "E05",
                "四川省科学技术奖",
                "二等奖",
                "某某技术研究",
                "T01",
                "某某团队",
                "团队",
                "巴中市",
                "",
                "2025-06-01",
                "某府发〔2025〕4号",
            ],
        ],
    )
});

pub static JOINT: LazyLock<Form> = LazyLock::new(|| {
    form(
        "joint",
        "共同获奖",
        "joint winners",
        (
            "与事件表中的主体共同获奖的其他主体，一行一个；没有则不填。",
            "Others who share an achievement with the subject of the event, one row each; none: leave empty.",
        ),
        vec![
            need("event_id", "事件编号", "Event", EVENT_REF, ("事件表中的编号", "A number of the events")),
            need("subject_id", "主体编码", "Subject", Kind::Text, SUBJECT_ID_NOTE),
            need("subject_name", "主体名称", "Name", Kind::Text, NO_NOTE),
            need("subject_kind", "主体类型", "Kind", Kind::Choice("subject_kinds"), NO_NOTE),
            need(
                "place",
                "同级财政",
                "Treasury",
                Kind::Choice("places"),
                ("该主体的同级财政", "This subject's own treasury"),
            ),
            may(
                "share",
                "约定份额",
                "Share",
                Kind::Number,
                ("按约定份额分配时填写，所有主体合计 100", "By agreed shares: all subjects sum to 100"),
            ),
        ],
        &[&["E05", "T02", "另一团队", "团队", "通江县"]],
    )
});

pub static HISTORY: LazyLock<Form> = LazyLock::new(|| {
    form(
        "history",
        "历史称号",
        "history",
        (
            "以前取得过的同类称号，用于判断新创、建成、首次。",
            "Titles held before, to judge what is newly created, built or reached for the first time.",
        ),
        vec![
            need("subject_id", "主体编码", "Subject", Kind::Text, NO_NOTE),
            need("achievement", "成果类型", "Achievement", Kind::Choice("achievements"), NO_NOTE),
            may("grade", "等次", "Grade", Kind::Choice("grades"), NO_NOTE),
            may("item", "项目名称", "Item", Kind::Text, NO_NOTE),
            need("named", "取得日期", "Named", Kind::Date, NO_NOTE),
            may("lost", "失去日期", "Lost", Kind::Date, ("已不再持有时填写", "When it is no longer held")),
        ],
        &[&["H01", "医院等级评审", "三级乙等", "", "2018-05-01", "2025-03-01"]],
    )
});

pub static SUCCESSIONS: LazyLock<Form> = LazyLock::new(|| {
    form(
        "successions",
        "沿革",
        "successions",
        (
            "更名、合并、改扩建前的单位；没有则不填。",
            "What a renamed, merged or rebuilt institution was before; none: leave empty.",
        ),
        vec![
            need("subject_id", "主体编码", "Subject", Kind::Text, ("现在的编码", "The code now")),
            need("predecessor", "前身编码", "Predecessor", Kind::Text, ("以前的编码", "The code before")),
        ],
        &[],
    )
});

pub static PAYMENTS: LazyLock<Form> = LazyLock::new(|| {
    form(
        "payments",
        "到位资金",
        "payments",
        (
            "各级财政实际拨付的奖补资金，一行一笔。市级二次奖补据此计算。",
            "Award money that treasuries have paid, one row a payment. The municipal second award follows it.",
        ),
        vec![
            need(
                "payment_id",
                "凭证号",
                "Voucher",
                Kind::Text,
                ("不重复；同一凭证重复提交只计一次", "Each once; the same voucher handed in again counts once"),
            ),
            need("place", "出资财政", "Treasury", Kind::Choice("places"), ("实际出资的财政", "The treasury that paid")),
            need("date", "到位日期", "Date", Kind::Date, NO_NOTE),
            need("amount", "金额", "Amount", Kind::SignedMoney, ("元；收回的填负数", "Yuan; negative when withdrawn")),
            may(
                "event_id",
                "事件编号",
                "Event",
                EVENT_REF,
                ("事件编号、奖励编号、奖补年度三者填一", "One of event, award number and award year"),
            ),
            may(
                "award_id",
                "奖励编号",
                "Award",
                Kind::Text,
                ("账册中的奖励编号，如 A8:H01", "The number in the book, such as A8:H01"),
            ),
            may(
                "year",
                "奖补年度",
                "Year",
                Kind::Year,
                ("不分事项、按县按年度登记时填写", "For payments of a county and year not told apart by item"),
            ),
        ],
        &[
            &["V01", "通江县", "2025-11-01", "1000000", "E01"],
            &["V02", "通江县", "2025-11-01", "999900", "E02"],
            &["V03", "通江县", "2025-12-01", "50000", "E03"],
        ],
    )
});

pub static REVOCATIONS: LazyLock<Form> = LazyLock::new(|| {
    form(
        "revocations",
        "撤销",
        "revocations",
        ("被撤销的称号；按规则追回。", "Titles taken away; awards are clawed back by rule."),
        vec![
            need("date", "撤销日期", "Date", Kind::Date, NO_NOTE),
            may("document", "撤销文件", "Document", Kind::Text, ("文号", "Number of the document")),
            may(
                "event_id",
                "事件编号",
                "Event",
                EVENT_REF,
                (
                    "事件编号、奖励编号、主体编码加成果类型，三者填一",
                    "One of event, award number, and subject with achievement",
                ),
            ),
            may("award_id", "奖励编号", "Award", Kind::Text, NO_NOTE),
            may("subject_id", "主体编码", "Subject", Kind::Text, NO_NOTE),
            may("achievement", "成果类型", "Achievement", Kind::Choice("achievements"), NO_NOTE),
            may("grade", "等次", "Grade", Kind::Choice("grades"), ("不填为任一等次", "Empty: any grade")),
            may("item", "项目名称", "Item", Kind::Text, ("不填为任一项目", "Empty: any item")),
        ],
        &[],
    )
});

pub static INDICATORS: LazyLock<Form> = LazyLock::new(|| {
    form(
        "indicators",
        "指标",
        "indicators",
        ("按指标或排名奖补的规则使用；没有则不填。", "For rules by indicator or rank; none: leave empty."),
        vec![
            need("subject_id", "主体编码", "Subject", Kind::Text, NO_NOTE),
            need("subject_name", "主体名称", "Name", Kind::Text, NO_NOTE),
            need("subject_kind", "主体类型", "Kind", Kind::Choice("subject_kinds"), NO_NOTE),
            need("place", "同级财政", "Treasury", Kind::Choice("places"), NO_NOTE),
            may("ownership", "举办性质", "Ownership", Kind::Choice("ownership"), NO_NOTE),
            need("year", "年度", "Year", Kind::Year, NO_NOTE),
            need(
                "indicator",
                "指标",
                "Indicator",
                Kind::Text,
                ("与政策包中的指标名一致", "As named in the policy pack"),
            ),
            need("value", "数值", "Value", Kind::Number, NO_NOTE),
        ],
        &[],
    )
});

/// Every form, in the order of the workbook.
pub static FORMS: [&LazyLock<Form>; 7] =
    [&EVENTS, &JOINT, &HISTORY, &SUCCESSIONS, &PAYMENTS, &REVOCATIONS, &INDICATORS];

/// The choices of a policy.
#[must_use]
pub fn lists(policy: &Policy) -> Lists {
    let same = |text: &str| (text.to_owned(), text.to_owned());
    let mut grades: Vec<(String, String)> = Vec::new();
    for grade in policy.achievements.iter().flat_map(|achievement| &achievement.grades) {
        if !grades.iter().any(|(known, _)| known == grade) {
            grades.push(same(grade));
        }
    }
    let kinds = SubjectKind::ALL.map(|kind| (kind.code().to_owned(), kind.chinese().to_owned()));
    Lists::default()
        .with("achievements", policy.achievements.iter().map(|known| (known.code.clone(), known.name.clone())))
        .with("grades", grades)
        .with("places", policy.places.iter().map(|place| same(&place.name)))
        .with("subject_kinds", kinds)
        .with("ownership", [("public", "公立"), ("private", "非公立")])
}
