//! The rules of a month as they travel to where claims are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::claims::{Mapping, ReadOptions};
use crate::job::{OpenPacks, Packs, Scheme};
use crate::ledger::Period;
use crate::money::Rounding;
use crate::policy::MemoryFiles;
use crate::pricing::LooksAcross;
use crate::problem::catalogue::batch::{NOT_A_KIT, OTHER_ENGINE, OWN_PERIOD_ONLY};
use crate::problem::{Problem, Problems};

/// How claims of a month are read and grouped.
#[derive(Clone, Debug)]
pub struct KitOptions {
    pub period: Period,
    /// Codes are of the clinical edition, to be translated first.
    pub clinical: bool,
    /// The text of a mapping file.
    pub mapping: Option<String>,
    pub float_money: Option<Rounding>,
}

/// Scheme, packs and options of a month, compiled.
#[derive(Debug)]
pub struct Kit {
    pub(super) scheme: Scheme,
    pub(super) packs: Packs,
    pub(super) period: Period,
    pub(super) clinical: bool,
    pub(super) read: ReadOptions,
    /// The rules that look beyond one claim.
    pub across: LooksAcross,
    pub warnings: Problems,
}

/// A kit on its way: texts, so that it is compiled where it is used, by the same version of the engine.
#[derive(Debug, Serialize, Deserialize)]
struct Texts {
    engine: String,
    period: Period,
    clinical: bool,
    mapping: Option<String>,
    float_money: Option<Rounding>,
    /// Tables by file name.
    scheme: BTreeMap<String, String>,
    /// The names of the packs among the files.
    packs: Vec<String>,
    files: BTreeMap<String, String>,
    /// Paths and values that were changed.
    changes: Vec<(String, String)>,
}

impl Kit {
    /// The rules as bytes, the same for the same rules and options.
    pub fn pack(
        scheme: &Scheme,
        packs: &OpenPacks,
        changes: &[(String, String)],
        options: KitOptions,
    ) -> Result<Vec<u8>, Problems> {
        let (packs, files) = packs.texts();
        let texts = Texts {
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            period: options.period,
            clinical: options.clinical,
            mapping: options.mapping,
            float_money: options.float_money,
            scheme: scheme.texts()?,
            packs,
            files,
            changes: changes.to_vec(),
        };
        Ok(serde_json::to_vec(&texts).expect("Invariant: texts have JSON"))
    }

    /// Compiles the rules that [`Kit::pack`] made bytes of, if this engine is of the same version.
    pub fn unpack(bytes: &[u8]) -> Result<Kit, Problems> {
        let broken = |error: serde_json::Error| Problem::new(&NOT_A_KIT).with("reason", error);
        let engine: Engine = serde_json::from_slice(bytes).map_err(broken)?;
        let own = env!("CARGO_PKG_VERSION");
        if engine.engine != own {
            return Err(Problem::new(&OTHER_ENGINE).with("found", engine.engine).with("own", own).into());
        }
        let texts: Texts = serde_json::from_slice(bytes).map_err(broken)?;
        let (scheme, mut warnings) = Scheme::from_texts(&texts.scheme)?;
        let files = texts.files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
        let open = OpenPacks::of(texts.packs, &MemoryFiles(files))?;
        let (packs, more) = open.compile(&texts.changes)?;
        warnings.append(more);
        let mapping = texts.mapping.map_or_else(|| Ok(Mapping::default()), |text| Mapping::parse(&text, "mapping"))?;
        let across = LooksAcross::of(&packs.set);
        if let Some(rule) = &across.persons {
            warnings.push(Problem::new(&OWN_PERIOD_ONLY).with("rule", rule).with("period", texts.period));
        }
        let read = ReadOptions {
            mapping,
            float_money: texts.float_money,
            registers: packs.registers(),
            ..ReadOptions::default()
        };
        Ok(Kit { scheme, packs, period: texts.period, clinical: texts.clinical, read, across, warnings })
    }
}

/// What every version writes.
#[derive(Deserialize)]
struct Engine {
    engine: String,
}
