//! Statements (结算单) of institutions and consortia for a month or a year, and the workbook of the whole period.

use std::collections::BTreeMap;

use super::document::{Document, Section};
use super::{columns, labels};
use crate::ledger::{Book, Kind, Manifest, Period, Status};
use crate::problem::{Lang, Problems};
use crate::settlement::Account;
use crate::table::cell::plain;
use crate::table::{Table, Values};

/// A settled period read back for its statements.
#[derive(Clone, Debug)]
pub struct Statements {
    period: Period,
    status: Status,
    manifest: Manifest,
    manifest_sha256: String,
    tables: BTreeMap<&'static str, Table>,
}

/// A statement: a file name without ending, and its sheets.
#[derive(Clone, Debug)]
pub struct Statement {
    pub name: String,
    /// Sheet name and content; the first is also the text form.
    pub sheets: Vec<(String, Document)>,
}

const TABLES: [&str; 11] = [
    "claims",
    "institutions",
    "pools",
    "consortia",
    "entries",
    "members",
    "reserves",
    "corrections",
    "recognition_points",
    "recognition_institutions",
    "recognition_year",
];
/// Tables that not every period has.
const OPTIONAL: [&str; 6] =
    ["members", "reserves", "corrections", "recognition_points", "recognition_institutions", "recognition_year"];
const CASES: [&str; 20] = [
    "setl_id",
    "period",
    "fixmedins_code",
    "insutype",
    "drg",
    "status",
    "state",
    "reason",
    "case_kind",
    "weight",
    "coefficient",
    "points",
    "medfee_sumamt",
    "standard",
    "psn_pay",
    "oth_fund_pay",
    "monthly_due",
    "corrections",
    "corrected_in",
    "due",
];
const AMOUNTS: [&str; 6] = ["points", "medfee_sumamt", "standard", "psn_pay", "oth_fund_pay", "due"];

impl Statement {
    /// The names of the statements of a whole period.
    pub const MONTH: &'static str = "month";
    pub const YEAR: &'static str = "year";

    /// Whether all sheets are text too: of a whole period. The list of cases is for the workbook alone.
    #[must_use]
    pub fn is_of_period(&self) -> bool {
        [Statement::MONTH, Statement::YEAR].contains(&self.name.as_str())
    }
}

impl Statements {
    /// Reads the tables of a settled period.
    pub fn read(book: &Book, period: Period) -> Result<Statements, Problems> {
        let info = book.info(period)?;
        let mut tables = BTreeMap::new();
        let manifest = book.manifest(period)?;
        for name in TABLES {
            let absent = OPTIONAL.contains(&name) && !manifest.tables.contains_key(name);
            let table = if absent { Table::new() } else { book.table(period, name)? };
            tables.insert(name, columns::named_for_reading(&table, period));
        }
        debug_assert_eq!(manifest.kind, Kind::Insurance, "Condition failed: statements are of insurance money");
        Ok(Statements { period, status: info.status, manifest, manifest_sha256: info.manifest_sha256, tables })
    }

    /// One statement an institution, in the order of their codes.
    #[must_use]
    pub fn institutions(&self, lang: Lang) -> Vec<Statement> {
        let claims = self.tables["claims"].rows_by("fixmedins_code");
        let lines = self.tables["institutions"].rows_by("fixmedins_code");
        let nothing = Vec::new();
        let statements = lines.iter().map(|(code, rows)| {
            let own = self.tables["institutions"].take(rows);
            let claims = self.tables["claims"].take(claims.get(code).unwrap_or(&nothing));
            let name = own.column("fixmedins_name").map_or_else(String::new, |names| plain(names, 0));
            let title = match self.period.is_year() {
                false => lang.pick("医疗机构月度结算单", "Statement of an institution"),
                true => lang.pick("医疗机构年度清算单", "Annual clearing: statement of an institution"),
            };
            let mut document = self.document(title, lang);
            document
                .facts
                .insert(0, (lang.pick("机构", "Institution").to_owned(), format!("{code} {name}").trim().to_owned()));
            let heading = lang.pick("按险种", "By insurance type");
            document.sections.push(Section::of(heading, &own, &LINES, lang).present().with_totals());
            document.sections.extend(cases_by(&claims, &["insutype", "case_kind"], lang));
            document.sections.extend(self.own("members", "fixmedins_code", code, lang));
            document.sections.extend(self.own("corrections", "fixmedins_code", code, lang));
            document.sections.extend(self.own("recognition_points", "fixmedins_code", code, lang));
            document.sections.extend(self.own("recognition_institutions", "fixmedins_code", code, lang));
            document.sections.extend(self.own("recognition_year", "fixmedins_code", code, lang));
            document.sections.push(self.entries("institution", code, lang));
            let sheets = vec![sheet(("结算单", "Statement"), document, lang), self.cases(&claims, lang)];
            Statement { name: format!("institution_{}", file_name(code)), sheets }
        });
        statements.collect()
    }

    /// One statement a consortium, in the order of their names.
    #[must_use]
    pub fn consortia(&self, lang: Lang) -> Vec<Statement> {
        let claims = self.tables["claims"].rows_by("consortium");
        let nothing = Vec::new();
        let statements = self.tables["consortia"].rows_by("consortium").into_iter().map(|(name, rows)| {
            let own = self.tables["consortia"].take(&rows);
            let claims = self.tables["claims"].take(claims.get(&name).unwrap_or(&nothing));
            let title = match self.period.is_year() {
                false => lang.pick("医共体（城市医疗集团）月度结算单", "Statement of a consortium"),
                true => lang.pick("医共体（城市医疗集团）年度清算单", "Annual clearing: statement of a consortium"),
            };
            let mut document = self.document(title, lang);
            document.facts.insert(0, (lang.pick("医共体", "Consortium").to_owned(), name.clone()));
            let heading = lang.pick("按险种", "By insurance type");
            document.sections.push(Section::of(heading, &own, &columns::YEAR_CONSORTIA, lang).present().with_totals());
            document.sections.extend(cases_by(&claims, &["fixmedins_code", "insutype"], lang));
            document.sections.extend(self.own("members", "consortium", &name, lang));
            document.sections.push(self.entries("consortium", &name, lang));
            Statement {
                name: format!("consortium_{}", file_name(&name)),
                sheets: vec![sheet(("结算单", "Statement"), document, lang)],
            }
        });
        statements.collect()
    }

    /// The whole period: pools, institutions, consortia and what else it has, a sheet each.
    #[must_use]
    pub fn whole(&self, lang: Lang) -> Statement {
        let (name, title) = match self.period.is_year() {
            false => (Statement::MONTH, lang.pick("月度预结算汇总", "Settlement of the month")),
            true => (Statement::YEAR, lang.pick("年度清算汇总", "Clearing of the year")),
        };
        let sheets = [
            ("pools", "点值", "Point values"),
            ("institutions", "医疗机构", "Institutions"),
            ("consortia", "医共体", "Consortia"),
            ("members", "医共体成员", "Members"),
            ("reserves", "调剂金", "Reserves"),
            ("corrections", "更正", "Corrections"),
            ("recognition_points", "互认折算点数", "Points of recognition"),
            ("recognition_institutions", "检查检验互认", "Mutual recognition"),
            ("recognition_year", "检查检验互认", "Mutual recognition"),
        ];
        let sheets = sheets.into_iter().filter_map(|(table, zh, en)| {
            let always = !OPTIONAL.contains(&table);
            let table = Some(&self.tables[table]).filter(|table| always || table.rows() > 0)?;
            let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            let mut document = self.document(title, lang);
            document.sections.push(Section::of(lang.pick(zh, en), table, &columns, lang).with_totals());
            Some(sheet((zh, en), document, lang))
        });
        Statement { name: name.to_owned(), sheets: sheets.collect() }
    }

    /// The rows of a table that are of one institution or consortium; none where there are none.
    fn own(&self, table: &str, column: &str, name: &str, lang: Lang) -> Option<Section> {
        let rows = self.tables[table].find(column, name);
        let own = self.tables[table].take(&rows);
        let (heading, columns) = match table {
            "members" => (lang.pick("医共体成员的分配与分担", "What members share and bear"), &columns::MEMBERS[..]),
            "corrections" => {
                (lang.pick("对以前期间的更正", "Corrections of earlier periods"), &columns::CORRECTIONS[..])
            }
            "recognition_points" => {
                (lang.pick("检查检验互认折算的点数", "Points of recognised exams"), &columns::RECOGNITION_POINTS[..])
            }
            _ => (
                lang.pick("检查检验结果互认（单列）", "Mutual recognition of exams (own lines)"),
                &columns::RECOGNITION[..],
            ),
        };
        (!rows.is_empty()).then(|| Section::of(heading, &own, columns, lang).with_totals())
    }

    /// Title and what tells which run the figures are of.
    fn document(&self, title: &str, lang: Lang) -> Document {
        let simulation = self.manifest.is_simulation();
        let status = match self.status {
            Status::Open => lang.pick("未关账", "open"),
            Status::Closed => lang.pick("已关账", "closed"),
        };
        let nature = lang.pick("模拟：依据草案，不得付款", "simulation: rests on a draft, not to be paid");
        let status = if simulation { format!("{status}；{nature}") } else { status.to_owned() };
        let fact = |zh, en, value: String| (lang.pick(zh, en).to_owned(), value);
        Document {
            title: title.to_owned(),
            facts: vec![
                fact("期间", "Period", self.period.to_string()),
                fact("状态", "Status", status),
                fact("账册清单 SHA-256", "Manifest SHA-256", self.manifest_sha256.clone()),
            ],
            ..Document::default()
        }
    }

    /// What was booked, by which rule and article.
    fn entries(&self, kind: &str, subject: &str, lang: Lang) -> Section {
        let entries = &self.tables["entries"];
        let of_kind = entries.find("subject_kind", kind);
        let rows = entries.find("subject", subject).into_iter().filter(|row| of_kind.binary_search(row).is_ok());
        let mut own = entries.take(&rows.collect::<Vec<_>>());
        for column in own.columns.iter_mut().filter(|column| column.name == "account") {
            let words = (0..column.values.len()).map(|row| account(&plain(&column.values, row), lang));
            column.values = Values::keywords(words.collect::<Vec<_>>());
        }
        let basis = basis(&own, lang);
        own = own.with("basis", basis);
        for column in own.columns.iter_mut().filter(|column| column.name == "numbers") {
            let words = (0..column.values.len()).map(|row| numbers(&plain(&column.values, row), lang));
            column.values = Values::texts(words.collect::<Vec<_>>());
        }
        let columns = ["insutype", "account", "amount", "numbers", "rule", "basis"];
        Section::of(lang.pick("分录与依据", "Entries and what they rest on"), &own, &columns, lang)
    }

    /// Every case, for the workbook.
    fn cases(&self, claims: &Table, lang: Lang) -> (String, Document) {
        let mut document = self.document(lang.pick("病例明细", "Cases"), lang);
        document.sections.push(Section::of("", claims, &CASES, lang).with_totals());
        sheet(("病例明细", "Cases"), document, lang)
    }
}

const LINES: [&str; 36] = [
    "insutype",
    "cases",
    "unpaid_cases",
    "points",
    "cmi",
    "recognition_points",
    "point_value",
    "medfee_sumamt",
    "standard",
    "psn_pay",
    "oth_fund_pay",
    "monthly_due",
    "corrections",
    "net_due",
    "recognition_due",
    "due",
    "entitled",
    "cost",
    "kept",
    "approved_overrun",
    "reasonable_overrun",
    "borne",
    "adjustment",
    "member_share",
    "penalty",
    "prepaid",
    "withheld",
    "carried_in",
    "payable",
    "carried_out",
    "paid_before",
    "deposit",
    "returned",
    "forfeited",
    "redistributed",
    "final",
];

fn sheet((zh, en): (&str, &str), document: Document, lang: Lang) -> (String, Document) {
    (lang.pick(zh, en).to_owned(), document)
}

/// Paid cases by kind or institution.
fn cases_by(claims: &Table, by: &[&str], lang: Lang) -> Option<Section> {
    let summary = claims.take(&claims.find("state", "paid")).summary(by, &AMOUNTS)?;
    let columns: Vec<&str> = by.iter().copied().chain(["cases"]).chain(AMOUNTS).collect();
    Some(Section::of(lang.pick("计付病例构成", "What the paid cases are"), &summary, &columns, lang).with_totals())
}

/// The numbers of an entry in the language of the reader.
fn numbers(pairs: &str, lang: Lang) -> String {
    let pairs = pairs.split("; ").filter_map(|pair| pair.split_once('='));
    let word = |name, value| if name == "action" { labels::word(value, lang) } else { value };
    pairs
        .map(|(name, value)| format!("{}={}", labels::number(name, lang), word(name, value)))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Document, number and article of each entry, or that there is none.
fn basis(entries: &Table, lang: Lang) -> Values {
    let text = |name: &str, row: usize| entries.column(name).map_or_else(String::new, |values| plain(values, row));
    Values::texts((0..entries.rows()).map(|row| {
        let cited = ["document", "number", "article"].map(|name| text(name, row));
        let cited: Vec<&str> = cited.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        if cited.is_empty() {
            format!("{}{}", lang.pick("占位：", "placeholder: "), text("placeholder", row))
        } else {
            cited.join(" ")
        }
    }))
}

fn account(code: &str, lang: Lang) -> String {
    let words = Account::ALL.iter().find(|account| account.code() == code).map(|account| account.words());
    words.map_or_else(|| labels::word(code, lang).to_owned(), |(zh, en)| lang.pick(zh, en).to_owned())
}

/// A name that every file system takes.
fn file_name(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).collect()
}
