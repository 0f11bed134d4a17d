//! Claims from files, with what a book says of each file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Packs;
use super::corrections::{Order, read_orders};
use super::settled::SettledBefore;
use crate::claims::{
    self, ClaimStore, Field, Mapping, ReadOptions, ReadReport, Registers, Reject, RejectKind, Rejects, Tally,
};
use crate::ledger::fingerprint_file;
use crate::ledger::manifest::Input;
use crate::money::Fen;
use crate::money::Rounding;
use crate::problem::catalogue::claims::REVERSAL_OF_NOTHING;
use crate::problem::catalogue::{books, files};
use crate::problem::{Entry, Problem, Problems};
use crate::settlement::Correction;

/// Files of claims and how they are to be read.
#[derive(Clone, Debug, Default)]
pub struct ClaimFiles {
    pub claims: Vec<PathBuf>,
    pub mapping: Option<PathBuf>,
    pub float_money: Option<Rounding>,
}

/// Claims as read.
#[derive(Debug, Default)]
pub struct Intake {
    pub claims: ClaimStore,
    pub rejects: Rejects,
    pub report: ReadReport,
    /// The files, for the manifest.
    pub inputs: Vec<Input>,
    /// Corrections of earlier months that somebody asks for.
    pub orders: Vec<Order>,
}

impl ClaimFiles {
    /// Reads all files. What the packs know of institutions and insurance types, claims have to agree with.
    pub fn read(&self, packs: &Packs) -> Result<Intake, Problems> {
        self.read_with(packs.registers())
    }

    /// The same for a run that does not hold all claims: what was read goes to a temporary file in this folder.
    pub fn read_into(&self, dir: &Path, packs: &Packs) -> Result<Intake, Problems> {
        self.read_to(Some(dir), packs.registers())
    }

    /// Reads all files. What the registers know, claims have to agree with.
    pub fn read_with(&self, registers: Registers) -> Result<Intake, Problems> {
        self.read_to(None, registers)
    }

    fn read_to(&self, dir: Option<&Path>, registers: Registers) -> Result<Intake, Problems> {
        let mapping = self.mapping.as_deref().map_or_else(|| Ok(Mapping::default()), Mapping::load)?;
        let options = ReadOptions { mapping, float_money: self.float_money, registers, ..ReadOptions::default() };
        let paths = claims::files(&self.claims)?;
        let files: Vec<(&str, &PathBuf)> =
            paths.iter().map(|path| ("claims", path)).chain(self.mapping.iter().map(|p| ("mapping", p))).collect();
        let fingerprints = || files.iter().map(|(role, path)| input(role, path)).collect::<Result<Vec<_>, Problem>>();
        let (read, inputs) = rayon::join(|| claims::store(&self.claims, &options, dir), fingerprints);
        let (claims, rejects, report) = read?;
        let inputs = inputs?;
        let mut intake = Intake { claims, rejects, report, inputs, orders: Vec::new() };
        intake.strip_folders();
        Ok(intake)
    }
}

impl Intake {
    /// Names files without their folders, which are no part of the result, unless two have the same name; and puts the
    /// rejects into an order that does not depend on that of the files.
    fn strip_folders(&mut self) {
        let base = |file: &str| file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
        let mut paths: BTreeSet<String> = self.report.files.iter().map(|file| file.name.clone()).collect();
        paths.extend(self.rejects.rows.iter().map(|reject| reject.file.to_string()));
        let mut count: BTreeMap<String, u32> = BTreeMap::new();
        paths.iter().for_each(|path| *count.entry(base(path)).or_default() += 1);
        for reject in &mut self.rejects.rows {
            let name = base(&reject.file);
            if count.get(&name) == Some(&1) {
                reject.file = name.into();
            }
        }
        self.rejects
            .rows
            .sort_by(|a, b| (&a.file, a.row, a.field, a.entry.code).cmp(&(&b.file, b.row, b.field, b.entry.code)));
    }
}

pub(super) fn input(role: &str, path: &Path) -> Result<Input, Problem> {
    let found = fingerprint_file(path)
        .map_err(|e| Problem::new(&files::CANNOT_READ).with("reason", e).file(path.to_string_lossy().as_ref()))?;
    Ok(Input { role: role.to_owned(), sha256: found.sha256, bytes: found.bytes })
}

impl Intake {
    /// Reads files of corrections: appeals, revaluations, reversals of earlier months.
    pub fn read_corrections(&mut self, paths: &[PathBuf]) -> Result<(), Problems> {
        self.orders = read_orders(paths)?;
        for path in paths {
            self.inputs.push(input("corrections", path)?);
        }
        Ok(())
    }

    /// Leaves out the claims listed by `setl_id`, and notes each among the rejects as `entry`.
    pub(super) fn leave_out(
        &mut self,
        settled: &BTreeMap<String, SettledBefore>,
        entry: &'static Entry,
    ) -> Result<Tally, Problem> {
        let mut tally = Tally::default();
        for (id, own) in settled {
            tally.rows += 1;
            tally.fen += i128::from(own.fen);
            self.rejects.rows.push(Reject {
                file: "".into(),
                row: 0,
                setl_id: id.clone(),
                field: Field::SetlId.name(),
                entry,
                value: id.clone(),
                args: vec![("period", own.period.to_string())],
                kind: RejectKind::Excluded,
            });
        }
        self.claims.leave_out(&settled.values().map(|own| own.row).collect())?;
        Ok(tally)
    }

    /// Turns rejected reversals of the claims given (with their corrections and bills) into corrections. A reversal
    /// that does not give back exactly the bill stays rejected, as does a second one of the same claim.
    pub(super) fn take_reversals(&mut self, paid: &BTreeMap<String, (Correction, i64)>) -> Vec<Correction> {
        let mut taken = BTreeMap::new();
        let mut faults: BTreeMap<(Arc<str>, u64), u32> = BTreeMap::new();
        self.rejects.rows.iter().for_each(|r| *faults.entry((r.file.clone(), r.row)).or_default() += 1);
        for reject in self.rejects.rows.iter_mut().filter(|reject| reject.entry == &REVERSAL_OF_NOTHING) {
            let Some((correction, bill)) = paid.get(&reject.value) else { continue };
            let amount =
                reject.args.iter().find(|(name, _)| *name == "amount").and_then(|(_, text)| text.parse::<Fen>().ok());
            let gives_back = amount.is_some_and(|amount| amount.0.checked_neg() == Some(*bill));
            let only_fault = faults.get(&(reject.file.clone(), reject.row)) == Some(&1);
            if !gives_back || !only_fault || taken.contains_key(&reject.value) {
                continue;
            }
            let reason = reject.setl_id.clone();
            taken.insert(reject.value.clone(), Correction { reason, ..correction.clone() });
            reject.entry = &books::REVERSES_EARLIER;
            reject.args.push(("period", correction.period.to_string()));
            reject.kind = RejectKind::Excluded;
            for (tally, sign) in [(&mut self.report.rejected, -1), (&mut self.report.excluded, 1)] {
                tally.rows = tally.rows.wrapping_add_signed(sign);
                tally.fen -= i128::from(sign) * i128::from(*bill);
            }
        }
        taken.into_values().collect()
    }
}
