//! Small worlds: a pack in a few lines, claims in a few more.

use std::fmt::Write;

use dianzhi::claims::{Claims, UNKNOWN};
use dianzhi::grouper::{Grouped, Outcome, Status};
use dianzhi::ledger::Period;
use dianzhi::policy::{MemoryFiles, Patch, PolicySet, load_with_patches};
use dianzhi::pricing::{Options, Priced, price};
use dianzhi::problem::Problems;
use dianzhi::settlement::{Carried, Month, MonthInput, month};

/// One claim. Money in fen.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: String,
    pub institution: String,
    pub level: String,
    pub insutype: String,
    /// A group, or `0000` (ungroupable), `?QY` (ambiguous), empty (invalid).
    pub drg: String,
    pub total: i64,
    pub fund: i64,
    pub patient: i64,
    pub other: i64,
    pub days: i32,
    pub age: i32,
    pub department: String,
    pub med_type: String,
    pub discharged: String,
    pub settled: String,
    pub person: String,
    pub diagnosis: String,
}

/// A normal claim of `drg` that cost `yuan`, at institution H1 of level 三级, all of it paid by the fund.
pub fn case(drg: &str, yuan: &str) -> Case {
    let total = fen(yuan);
    Case {
        id: String::new(),
        institution: "H1".into(),
        level: "三级".into(),
        insutype: "310".into(),
        drg: drg.into(),
        total,
        fund: total,
        patient: 0,
        other: 0,
        days: 8,
        age: 50,
        department: "01".into(),
        med_type: "21".into(),
        discharged: "2026-03-10".into(),
        settled: "2026-03-12".into(),
        person: String::new(),
        diagnosis: "A00.000".into(),
    }
}

pub fn fen(yuan: &str) -> i64 {
    yuan.parse::<dianzhi::money::Fen>().unwrap_or_else(|e| panic!("{yuan}: {e}")).0
}

impl Case {
    pub fn at(mut self, institution: &str, level: &str) -> Case {
        self.institution = institution.into();
        self.level = level.into();
        self
    }

    pub fn of(mut self, insutype: &str) -> Case {
        self.insutype = insutype.into();
        self
    }

    pub fn paid(mut self, patient: &str, other: &str) -> Case {
        self.patient = fen(patient);
        self.other = fen(other);
        self.fund = self.total - self.patient - self.other;
        self
    }

    pub fn days(mut self, days: i32) -> Case {
        self.days = days;
        self
    }

    pub fn discharged(mut self, day: &str) -> Case {
        self.discharged = day.into();
        self
    }

    pub fn settled(mut self, day: &str) -> Case {
        self.settled = day.into();
        self
    }

    pub fn department(mut self, code: &str) -> Case {
        self.department = code.into();
        self
    }
}

pub fn days(text: &str) -> i32 {
    if text.is_empty() { UNKNOWN } else { text.parse::<chrono::NaiveDate>().unwrap().to_epoch_days() }
}

/// Claims with their outcomes.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub claims: Claims,
    pub grouped: Grouped,
    pub outcomes: Vec<Outcome>,
}

impl World {
    pub fn new(cases: &[Case]) -> World {
        let mut world = World::default();
        for (at, case) in cases.iter().enumerate() {
            world.push(at, case);
        }
        world
    }

    pub fn push_all(&mut self, cases: &[Case]) {
        cases.iter().enumerate().for_each(|(at, case)| self.push(at, case));
    }

    pub fn set_discharge_way(&mut self, row: usize, way: &str) {
        let old = std::mem::take(&mut self.claims.stays.discharge_way);
        for at in 0..old.len() {
            self.claims.stays.discharge_way.push(if at == row { way } else { old.get(at) });
        }
    }

    fn push(&mut self, at: usize, case: &Case) {
        let c = &mut self.claims;
        let id = if case.id.is_empty() { format!("S{:06}", at + 1) } else { case.id.clone() };
        c.stays.setl_id.push(&id);
        c.stays.age_years.push(case.age);
        c.stays.age_days.push(UNKNOWN);
        c.stays.birth_weight_g.push(UNKNOWN);
        c.stays.los_days.push(case.days);
        c.stays.department.push(&case.department);
        c.stays.med_type.push(&case.med_type);
        c.stays.discharge_way.push("1");
        c.stays.diagnoses.push([case.diagnosis.as_str()]);
        c.psn_no.push(&case.person);
        c.mdtrt_id.push(&id);
        c.institution.push(&case.institution);
        c.hospital_level.push(&case.level);
        c.insurance_type.push(&case.insutype);
        c.insured_place.push("");
        c.admitted.push(days(&case.discharged).saturating_sub(case.days));
        c.discharged.push(days(&case.discharged));
        c.settled.push(days(&case.settled));
        c.total_fen.push(case.total);
        c.fund_fen.push(case.fund);
        c.patient_fen.push(case.patient);
        c.other_fund_fen.push(case.other);
        let outcome = outcome(&case.drg);
        let number = self.outcomes.iter().position(|own| *own == outcome).unwrap_or_else(|| {
            self.outcomes.push(outcome);
            self.outcomes.len() - 1
        });
        self.grouped.outcomes.push(number as u16);
    }

    pub fn price(&self, set: &PolicySet, period: Option<&str>) -> Result<Priced, Problems> {
        let period = period.map(|period| period.parse::<Period>().unwrap());
        price(&self.claims, &self.grouped, &self.outcomes, set, &Options { period, ..Options::default() })
    }

    /// Prices and settles.
    pub fn settle(&self, set: &PolicySet, period: &str) -> Result<(Priced, Month), Problems> {
        self.settle_with(set, period, &[])
    }

    pub fn settle_with(&self, set: &PolicySet, at: &str, carried: &[Carried]) -> Result<(Priced, Month), Problems> {
        let priced = self.price(set, Some(at))?;
        let period: Period = at.parse().unwrap();
        let claims = &self.claims;
        let priced_ref = &priced;
        let input = MonthInput {
            period,
            claims,
            priced: priced_ref,
            set,
            carried,
            details: None,
            past: &[],
            corrections: &[],
            recognised: &[],
        };
        let (month, _) = month(&input)?;
        Ok((priced, month))
    }
}

fn outcome(drg: &str) -> Outcome {
    let status = match drg {
        "0000" => Status::Ungroupable,
        "" => Status::Invalid,
        drg if drg.ends_with("QY") => Status::Ambiguous,
        _ => Status::Grouped,
    };
    let adrg = drg.get(..3).unwrap_or("").to_owned();
    let mdc = drg.get(..1).map(|letter| format!("MDC{letter}")).unwrap_or_default();
    Outcome { status, mdc, adrg, drg: drg.to_owned() }
}

/// A pack of 试验市 that extends `base`, with a weight table and further rules. A rule with neither source nor
/// placeholder gets a placeholder, so that tests need not say it.
pub fn pack(weights: &str, rules: &str) -> String {
    let mut text = String::from(
        "id = \"test\"\ntitle = \"试验\"\nplace = \"试验市\"\nvalid_from = 2020-01-01\nstatus = \"in_force\"\n\
             extends = \"base\"\n",
    );
    let rules = format!("[rules.weights]\nkind = \"weights.table\"\n{weights}\n{rules}");
    for line in rules.lines() {
        writeln!(text, "{line}").unwrap();
        if line.starts_with("[rules.") && !line["[rules.".len()..].trim_end_matches(']').contains('.') {
            writeln!(text, "placeholder = \"试验\"").unwrap();
        }
    }
    text
}

pub fn compile(pack: &str) -> PolicySet {
    compile_with(pack, &[]).unwrap_or_else(|problems| panic!("{problems}\n{pack}"))
}

pub fn compile_with(pack: &str, patches: &[Patch]) -> Result<PolicySet, Problems> {
    let files = MemoryFiles::default().with("test.toml", pack);
    load_with_patches(&["test.toml".to_owned()], &files, patches).map(|(set, _)| set)
}
