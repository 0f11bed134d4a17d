//! Reading claims: formats, faults, what does not count.

mod docs;
mod faults;
mod files;
mod frames;
mod long;
mod mapping;
mod through;
mod together;
mod typed;
mod wide;

use std::path::{Path, PathBuf};

use dianzhi::claims::{Claims, ReadOptions, ReadReport, RejectKind, Rejects, read};
use dianzhi::problem::Problems;
use tempfile::TempDir;

/// The header of the claims that these tests write.
pub const HEADER: &str = "setl_id,mdtrt_id,fixmedins_code,hosp_lv,insutype,gend,age,nwb_age,nwb_bir_wt,adm_time,\
dscg_time,act_ipt_days,setl_time,diag_codes,oprn_codes,medfee_sumamt,hifp_pay,psn_pay,oth_fund_pay,refd_setl_flag,\
init_setl_id,vali_flag";

/// A claim that is in order, with some fields changed.
pub fn row(changes: &[(&str, &str)]) -> String {
    let usual = [
        ("setl_id", "S1"),
        ("mdtrt_id", ""),
        ("fixmedins_code", "H51190200001"),
        ("hosp_lv", "3"),
        ("insutype", "310"),
        ("gend", "1"),
        ("age", "55"),
        ("adm_time", "2026-03-10"),
        ("dscg_time", "2026-03-15"),
        ("act_ipt_days", "5"),
        ("setl_time", "2026-03-15 10:00:00"),
        ("diag_codes", "I21.000|I10.x00"),
        ("oprn_codes", "36.0700"),
        ("medfee_sumamt", "1000.00"),
        ("hifp_pay", "600.00"),
        ("psn_pay", "300.00"),
        ("oth_fund_pay", "100.00"),
    ];
    for (name, _) in changes {
        assert!(HEADER.split(',').any(|column| column == *name), "{name} is no column");
    }
    let value = |name: &str| {
        let all = changes.iter().chain(usual.iter());
        all.copied().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
    };
    HEADER.split(',').map(value).collect::<Vec<_>>().join(",")
}

/// A folder that disappears with the test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(TempDir::new().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// What reading gives.
pub struct Outcome {
    pub claims: Claims,
    pub rejects: Rejects,
    pub report: ReadReport,
}

impl Outcome {
    /// `code field` of every reason, for each row by its number in the file.
    pub fn reasons(&self) -> Vec<(u64, &'static str, &'static str)> {
        self.rejects.rows.iter().map(|r| (r.row, r.entry.code, r.field)).collect()
    }

    pub fn excluded(&self) -> Vec<&str> {
        let excluded = self.rejects.rows.iter().filter(|r| r.kind == RejectKind::Excluded);
        excluded.map(|r| r.setl_id.as_str()).collect()
    }

    pub fn accepted(&self) -> Vec<&str> {
        self.claims.stays.setl_id.iter().collect()
    }
}

pub fn read_file(path: &Path, options: &ReadOptions) -> Result<Outcome, Problems> {
    let (claims, rejects, report) = read(&[path.to_owned()], options)?;
    Ok(Outcome { claims, rejects, report })
}

/// Reads rows under the usual header.
pub fn read_rows(rows: &[String], options: &ReadOptions) -> Outcome {
    let folder = Folder::new();
    let text = format!("{HEADER}\n{}\n", rows.join("\n"));
    read_file(&folder.write("claims.csv", text), options).unwrap()
}

pub fn codes(problems: &Problems) -> Vec<&'static str> {
    problems.0.iter().map(|problem| problem.entry.code).collect()
}

/// The codes of the problems that refuse a file.
pub fn refused(path: &Path, options: &ReadOptions) -> Vec<&'static str> {
    let problems = read_file(path, options).map(|_| ()).unwrap_err();
    problems.errors().map(|problem| problem.entry.code).collect()
}

/// All that claims say, a line a claim.
pub fn said(claims: &Claims) -> Vec<String> {
    let c = claims;
    let s = &c.stays;
    let line = |at: usize| {
        let texts = [s.setl_id.get(at), c.mdtrt_id.get(at), c.psn_no.get(at)];
        let keywords = [
            s.department.get(at),
            s.discharge_way.get(at),
            s.med_type.get(at),
            c.institution.get(at),
            c.hospital_level.get(at),
            c.insurance_type.get(at),
            c.insured_place.get(at),
        ];
        let numbers = [
            s.age_years[at],
            s.age_days[at],
            s.birth_weight_g[at],
            s.admission_weight_g[at],
            s.los_days[at],
            s.icu[at],
            s.icu_hours[at],
            s.vent_hours[at],
            c.admitted[at],
            c.discharged[at],
            c.settled[at],
        ];
        let amounts = [c.total_fen[at], c.fund_fen[at], c.patient_fen[at], c.other_fund_fen[at]];
        let codes = [s.diagnoses.get(at).collect::<Vec<_>>(), s.procedures.get(at).collect()];
        format!("{texts:?} {:?} {keywords:?} {numbers:?} {amounts:?} {codes:?}", s.sex[at])
    };
    (0..claims.len()).map(line).collect()
}
