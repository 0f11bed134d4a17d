//! Reading claims: formats, faults, what does not count.

mod files;
mod frames;
mod wide;

use std::path::{Path, PathBuf};

use dianzhi::claims::{Claims, ReadOptions, ReadReport, Rejects, read};
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
