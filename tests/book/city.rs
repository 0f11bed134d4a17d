//! A year of the demonstration city under packs of our own, by the program as a user has it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use dianzhi::job::{ClaimFiles, MONTH, MonthJob, Packs, Scheme, settle_month};
use dianzhi::ledger::{Book, Period, Writer};
use dianzhi::money::Fen;
use dianzhi::problem::Problems;
use dianzhi::table::Table;
use dianzhi::table::cell::plain;

pub fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder with a policy, claims by month, and a book.
pub struct City {
    pub dir: tempfile::TempDir,
}

/// Budgets of the year 2026 in yuan for about 60 claims a month: pool, consortium, amount.
const BUDGETS: [(&str, &str, i64); 8] = [
    ("310", "", 1_700_000),
    ("390", "", 2_600_000),
    ("310", "演示城市医疗集团", 600_000),
    ("390", "演示城市医疗集团", 1_300_000),
    ("310", "演示东河县医共体", 330_000),
    ("390", "演示东河县医共体", 400_000),
    ("310", "演示南山县医共体", 90_000),
    ("390", "演示南山县医共体", 250_000),
];

impl City {
    /// A pack that extends another, with the register of the demonstration city and budgets of its own.
    pub fn new(extends: &str, rules: &str) -> City {
        let city = City { dir: tempfile::tempdir().unwrap() };
        fs::copy(dianzhi_tests::root().join("fixtures/demo_city/institutions.csv"), city.path("institutions.csv"))
            .unwrap();
        let mut budgets = "period,pool,consortium,fund_budget\n".to_owned();
        for (pool, consortium, yuan) in BUDGETS {
            writeln!(budgets, "2026,{pool},{consortium},{yuan}").unwrap();
        }
        fs::write(city.path("budgets.csv"), budgets).unwrap();
        city.policy("policy.toml", extends, rules);
        city
    }

    pub fn policy(&self, name: &str, extends: &str, rules: &str) {
        let pack = format!(
            "id = \"city\"\ntitle = \"试验\"\nplace = \"试验市\"\nvalid_from = 2024-01-01\nextends = \"{extends}\"\n\
             status = \"in_force\"\n\
             [rules.institutions]\nkind = \"institutions.register\"\ntable = \"institutions.csv\"\n\
             placeholder = \"试验\"\n\
             [rules.budget]\nkind = \"budget.table\"\ntable = \"budgets.csv\"\nplaceholder = \"试验\"\n\
             [rules.coefficient]\nkind = \"coefficient.level\"\nplaceholder = \"试验\"\n\
             columns = {{ \"一级\" = \"系数-一级\", \"二级\" = \"系数-二级\", \"三级\" = \"系数-三级\" }}\n{rules}"
        );
        fs::write(self.path(name), pack).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn book(&self) -> PathBuf {
        self.path("book")
    }

    pub fn open(&self) -> Book {
        Book::open(&self.book()).unwrap()
    }

    /// Claims of a month, made by the program.
    pub fn synth(&self, month: &str, count: u32) -> PathBuf {
        let file = self.path(&format!("claims-{month}.csv"));
        let count = count.to_string();
        let words = ["synth", "--claims", &count, "--scheme", "demo", "--seed", "11", "--bad-share", "0"];
        let more = ["--period", month, "--out", text(&file)];
        assert_eq!(run(&[&words[..], &more].concat()), 0);
        file
    }

    /// Settles a month by a policy of the folder, with a file of corrections where there is one.
    pub fn settle_by(&self, policy: &str, month: &str, claims: &[PathBuf], corrections: Option<&str>) -> i32 {
        let (policy, book) = (self.path(policy), self.book());
        let mut words =
            vec!["settle", "month", "--scheme", "demo", "--policy", text(&policy), "--period", month, "--claims"];
        words.extend(claims.iter().map(|file| text(file)));
        words.extend(["--book", text(&book)]);
        let file = self.path(&format!("corrections-{month}.csv"));
        if let Some(rows) = corrections {
            fs::write(&file, format!("setl_id,period,action,drg,reason,document\n{rows}")).unwrap();
            words.extend(["--corrections", text(&file)]);
        }
        run(&words)
    }

    /// The codes of the problems for which corrections are refused.
    pub fn refused(&self, month: &str, claims: &Path, corrections: &str) -> Vec<&'static str> {
        let file = self.path("refused.csv");
        fs::write(&file, format!("setl_id,period,action,drg,reason,document\n{corrections}")).unwrap();
        let (scheme, _) = Scheme::read(Path::new("demo")).unwrap();
        let (packs, _) = Packs::read(&self.path("policy.toml"), &scheme).unwrap();
        let files = ClaimFiles { claims: vec![claims.to_owned()], ..ClaimFiles::default() };
        let mut intake = files.read(&packs).unwrap();
        let codes = |problems: Problems| problems.0.iter().map(|problem| problem.entry.code).collect();
        if let Err(problems) = intake.read_corrections(&[file]) {
            return codes(problems);
        }
        let mut writer = Writer::open(&self.book()).unwrap();
        let draft = writer.draft(period(month), MONTH).unwrap();
        let job = MonthJob { scheme: &scheme, packs: &packs, clinical: false, audit: false, options: BTreeMap::new() };
        settle_month(draft, &job, intake, &|_| Ok(())).map_or_else(codes, |settled| codes(settled.warnings))
    }

    pub fn settle(&self, month: &str, claims: &[PathBuf]) -> i32 {
        self.settle_by("policy.toml", month, claims, None)
    }

    /// Settles all twelve months, about `count` claims each.
    pub fn settle_all(&self, count: u32) {
        for month in months() {
            let file = self.synth(&month, count);
            assert_eq!(self.settle(&month, &[file]), 0, "{month}");
        }
    }

    pub fn clear(&self) -> i32 {
        let (policy, book) = (self.path("policy.toml"), self.book());
        run(&["settle", "year", "--policy", text(&policy), "--year", "2026", "--book", text(&book)])
    }

    pub fn table(&self, period: &str, name: &str) -> Rows {
        Rows(self.open().table(period.parse().unwrap(), name).unwrap())
    }
}

pub fn months() -> impl DoubleEndedIterator<Item = String> {
    (1..=12).map(|month| format!("2026-{month:02}"))
}

pub fn period(text: &str) -> Period {
    text.parse().unwrap()
}

/// A table read back.
pub struct Rows(pub Table);

impl Rows {
    pub fn len(&self) -> usize {
        self.0.rows()
    }

    pub fn text(&self, column: &str, row: usize) -> String {
        plain(self.0.column(column).unwrap_or_else(|| panic!("no column {column}")), row)
    }

    pub fn fen(&self, column: &str, row: usize) -> i64 {
        self.text(column, row).parse::<Fen>().unwrap_or_default().0
    }

    pub fn sum(&self, column: &str) -> i64 {
        (0..self.len()).map(|row| self.fen(column, row)).sum()
    }

    /// The only row in which columns hold these texts.
    pub fn only(&self, wanted: &[(&str, &str)]) -> usize {
        let is = |row: &usize| wanted.iter().all(|(column, text)| self.text(column, *row) == *text);
        let rows: Vec<usize> = (0..self.len()).filter(is).collect();
        assert_eq!(rows.len(), 1, "{wanted:?}");
        rows[0]
    }
}
