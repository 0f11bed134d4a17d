//! Why an institution, a consortium or a pool has the figures it has: its entries in the book.

use super::rules::Rules;
use super::shares;
use super::step::{Explanation, Step};
use crate::job::kept_set;
use crate::ledger::{Book, Period};
use crate::problem::catalogue::books;
use crate::problem::{Lang, Problem, Problems};
use crate::report::{Section, labels, text};
use crate::settlement::Account;
use crate::table::Table;
use crate::table::cell::{plain, shown};

/// Whose figures are explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Institution,
    Consortium,
    Pool,
}

impl Subject {
    const fn code(self) -> &'static str {
        match self {
            Subject::Institution => "institution",
            Subject::Consortium => "consortium",
            Subject::Pool => "pool",
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Subject::Institution => ("医疗机构", "Institution"),
            Subject::Consortium => ("医共体（城市医疗集团）", "Consortium"),
            Subject::Pool => ("基金池", "Pool"),
        }
    }
}

/// Explains the entries of a subject in a month; in the latest month that has it when none is named.
pub fn subject(
    book: &Book,
    subject: Subject,
    name: &str,
    period: Option<Period>,
    lang: Lang,
) -> Result<Explanation, Problems> {
    let months: Vec<Period> = match period {
        Some(period) => vec![book.info(period)?.period],
        None => book.periods().map(|info| info.period).rev().collect(),
    };
    for month in months {
        let entries = entries(book, month, subject, name)?;
        if entries.rows() > 0 {
            return explain(book, subject, name, month, &entries, lang);
        }
    }
    Err(Problem::new(&books::NOT_IN_BOOK).with("what", name).into())
}

fn entries(book: &Book, month: Period, subject: Subject, name: &str) -> Result<Table, Problems> {
    if !book.manifest(month)?.tables.contains_key("entries") {
        return Ok(Table::new());
    }
    let entries = book.table(month, "entries")?;
    let of_kind = entries.find("subject_kind", subject.code());
    let of_name = entries.find("subject", name);
    let rows: Vec<usize> = of_name.into_iter().filter(|row| of_kind.binary_search(row).is_ok()).collect();
    Ok(entries.take(&rows))
}

fn explain(
    book: &Book,
    subject: Subject,
    name: &str,
    month: Period,
    entries: &Table,
    lang: Lang,
) -> Result<Explanation, Problems> {
    let rules = Rules::new(book.table(month, "rules")?);
    let (zh, en) = subject.words();
    let mut out = Explanation {
        title: match lang {
            Lang::Zh => format!("{zh} {name}（{month}）"),
            Lang::En => format!("{en} {name} ({month})"),
        },
        steps: steps(book, subject, name, month, (entries, &rules), lang)?,
        ..Explanation::default()
    };
    let claims_column = match subject {
        Subject::Institution => "fixmedins_code",
        Subject::Consortium => "consortium",
        Subject::Pool => return Ok(out),
    };
    let columns = [
        "fixmedins_code",
        "consortium",
        "insutype",
        "case_kind",
        "state",
        "points",
        "medfee_sumamt",
        "standard",
        "due",
    ];
    let claims = book.columns(month, "claims", &columns)?;
    let rows: Vec<usize> = claims.find(claims_column, name);
    let rows: Vec<usize> = rows.into_iter().filter(|&row| is(&claims, "state", row, "paid")).collect();
    let by = match subject {
        Subject::Consortium => ["insutype", "fixmedins_code"],
        _ => ["insutype", "case_kind"],
    };
    if let Some(summary) = claims.take(&rows).summary(&by, &["points", "medfee_sumamt", "standard", "due"]) {
        let heading = lang.pick("应付来自这些病例：", "What is due comes from these claims:");
        let shown = [by[0], by[1], "cases", "points", "medfee_sumamt", "standard", "due"];
        let section = Section::of(heading, &summary, &shown, lang).with_totals();
        out.notes.push(text::render_section(&section, lang));
    }
    out.notes.extend(details(book, month, claims_column, name, lang)?);
    Ok(out)
}

/// The steps of the entries; of an institution's month with the shares that were prepaid and withheld.
fn steps(
    book: &Book,
    subject: Subject,
    name: &str,
    month: Period,
    (entries, rules): (&Table, &Rules),
    lang: Lang,
) -> Result<Vec<Step>, Problems> {
    let shared = subject == Subject::Institution && !month.is_year();
    let set = if shared { kept_set(book, month)? } else { None };
    let text = |column: &str, row| entries.column(column).map_or_else(String::new, |values| plain(values, row));
    let told = (0..entries.rows()).map(|row| {
        let own = step(entries, row, rules, month.is_year(), lang);
        let policy = set.iter().flat_map(|set| &set.packs).find(|pack| pack.id == text("pack", row));
        let due = text("numbers", row);
        match policy.filter(|_| !due.starts_with("due=-") && !due.starts_with("due=0.00")) {
            Some(policy) => shares::add(own, &text("account", row), policy, (name, month), lang),
            None => own,
        }
    });
    Ok(told.collect())
}

/// The lines of recognised exams; of a year the members' shares, and every correction with the month that entered it.
fn details(book: &Book, period: Period, column: &str, name: &str, lang: Lang) -> Result<Vec<String>, Problems> {
    let tables = [
        ("recognition_points", "检查检验互认折算的点数：", "Points of recognised exams:"),
        ("members", "医共体成员的分配与分担：", "What members share and bear:"),
        ("corrections", "对各月病例的更正：", "Corrections of the months' claims:"),
        ("recognition_year", "检查检验结果互认（单列）：", "Mutual recognition of exams (own lines):"),
    ];
    let mut notes = Vec::new();
    // Corrections and recognition of a month are entries of their own; what else is of the year alone.
    let shown = if period.is_year() { &tables[..] } else { &tables[..1] };
    for (table, zh, en) in shown {
        if !book.manifest(period)?.tables.contains_key(*table) {
            continue;
        }
        let table = book.table(period, table)?;
        let rows = table.find(column, name);
        if !rows.is_empty() {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let section = Section::of(lang.pick(zh, en), &table.take(&rows), &columns, lang).with_totals();
            notes.push(text::render_section(&section, lang));
        }
    }
    Ok(notes)
}

fn is(table: &Table, column: &str, row: usize, expected: &str) -> bool {
    table.column(column).is_some_and(|values| plain(values, row) == expected)
}

/// How an account is reckoned where that is not the formula of its rule.
fn formula(year: bool, subject: &str, account: &str) -> Option<(&'static str, &'static str)> {
    if year && let Some(found) = of_year(subject, account) {
        return Some(found);
    }
    Some(match (subject, account) {
        ("pool", "due") => ("Σ 病例应付 + 互认折算点数支付", "Σ due of the claims + paid for points of recognition"),
        ("pool", "paid_by_points") => ("Σ 病例点数 × 点值", "Σ points of the claims × PV"),
        ("pool", "recognition_points") => ("Σ 互认点数 × 点值", "Σ points of recognised exams × PV"),
        (_, "recognition_points") => ("互认折算的点数 × 点值", "points of recognised exams × PV"),
        (_, "due") => ("Σ 病例应付；每例的算式见 explain claim", "Σ due of the claims, each as explain claim says"),
        (_, "payable") => {
            ("max(0, 预付 − 保证金 + 更正 + 上期结转)", "max(0, prepaid − withheld + corrections + carried in)")
        }
        (_, "carried_out") => {
            ("min(0, 预付 − 保证金 + 更正 + 上期结转)", "min(0, prepaid − withheld + corrections + carried in)")
        }
        (_, "correction") => {
            ("更正后应付 − 更正前应付，按该期间的点值", "due after − due before, by the point value of that period")
        }
        ("pool", "balance" | "rounding_residue" | "point_value_limit") => {
            ("扣除后预算 − Σ 应付", "budget after deductions − Σ due")
        }
        ("consortium", "balance") => ("总额 − 应付", "total − due"),
        _ => return None,
    })
}

/// The same for a year.
fn of_year(subject: &str, account: &str) -> Option<(&'static str, &'static str)> {
    Some(match (subject, account) {
        ("institution", "adjustment") => (
            "有结余：留用 − 结余；超支：基金分担",
            "of a surplus: what is kept − surplus; of an overrun: what the fund bears",
        ),
        ("institution", "returned") => ("扣留 × 按得分的返还份额", "withheld × the share its score returns"),
        ("institution", "forfeited") => ("扣留 − 返还", "withheld − returned"),
        ("institution", "redistributed") => {
            ("本池不返还的保证金，按点数分", "the deposits forfeited in the pool, divided by points")
        }
        ("institution", "paid") => (
            "各月实付 + 结转下期 − 上期结转，不含对其他年度的更正",
            "Σ of the months: payable + carried out − carried in, without corrections of other years",
        ),
        ("institution", "final") => (
            "应付 + 结余超支调整 + 医共体分得 − 扣款 − 不返还保证金 + 分得保证金 − 已付",
            "due + adjustment + member's share − penalty − forfeited + redistributed − paid",
        ),
        ("consortium", "total") => ("T × 转诊调整系数", "T × referral factor"),
        ("consortium", "balance") => ("总额 − 成员应付 − 区域外就医", "total − dues of members − care outside"),
        ("consortium", "adjustment") => (
            "有结余：留用；超支：基金分担 − 超支；不适用分担时为 0",
            "of a surplus: what is kept; of an overrun: what the fund bears − overrun",
        ),
        ("pool", "reserve_in") => (
            "预算提取 + 点值上下限差额 + 扣款 + 不返还保证金 + 收回",
            "deducted + limit of the point value + penalties + forfeited + given back",
        ),
        ("pool", "reserve_out") => (
            "基金分担超支 + 医共体留用；以余额为限时不超过余额",
            "overruns borne + surplus kept by consortia, no more than there is where it is limited",
        ),
        ("pool", "reserve_closing") => ("期初 + 计入 − 支出", "opening + in − out"),
        _ => return None,
    })
}

/// An entry: what is booked, from which numbers, by which rule.
pub(super) fn step(entries: &Table, row: usize, rules: &Rules, year: bool, lang: Lang) -> Step {
    let text = |name: &str| entries.column(name).map_or_else(String::new, |values| plain(values, row));
    let amount = entries.column("amount").map_or_else(String::new, |values| shown(values, row));
    let code = text("account");
    let account = Account::ALL.iter().find(|account| account.code() == code).map(|account| account.words());
    let account = account.map_or(code.as_str(), |(zh, en)| lang.pick(zh, en));
    let insutype = text("insutype");
    let what = format!("{} · {account}", labels::word(&insutype, lang));
    let formula = formula(year, &text("subject_kind"), &code).map_or("", |(zh, en)| lang.pick(zh, en));
    let mut step = Step::new(what, amount).formula(formula).rules(rules.get(&text("pack"), &text("rule")));
    for (name, value) in text("numbers").split("; ").filter_map(|pair| pair.split_once('=')) {
        let value = if name == "action" { labels::word(value, lang) } else { value };
        step = step.number(labels::number(name, lang), value);
    }
    step
}
