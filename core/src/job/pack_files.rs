//! Policy packs on disk: a file, or a folder of dated packs, with tables beside them and tables of the scheme.

use std::path::{Path, PathBuf};

use crate::policy::{FISCAL_SEEDS, Files, SEEDS};
use crate::problem::catalogue::{files, policy};
use crate::problem::{Problem, Problems};
use crate::scheme::{DEMO, RawTable, Source};
use crate::text::closest;

/// The files of a `--policy` and the tables of a `--scheme`.
pub struct PackFiles<'s> {
    place: Place,
    scheme: Option<&'s Source>,
    /// Whether tables of a scheme that is not there are empty, and no fault.
    sketch: bool,
    /// The packs in the order of names: what [`crate::policy::open`] takes.
    pub packs: Vec<String>,
}

/// Where packs and the tables beside them are.
enum Place {
    Folder(PathBuf),
    /// In the program.
    Embedded(&'static [(&'static str, &'static str)]),
}

impl<'s> PackFiles<'s> {
    /// Finds the packs at `path`: the file itself, or every `.toml` in the folder. Where there is no such file, the
    /// name of a pack that comes with the program, with or without `.toml`. `demo` always comes with the program.
    pub fn find(path: &Path, scheme: Option<&'s Source>) -> Result<PackFiles<'s>, Problems> {
        let shown = path.to_string_lossy();
        if let Some(found) = PackFiles::embedded(&shown, scheme).filter(|_| shown == DEMO || !path.exists()) {
            return Ok(found);
        }
        let cannot = |error: std::io::Error| Problem::new(&files::CANNOT_READ).file(&*shown).with("reason", error);
        if !path.is_dir() {
            std::fs::metadata(path).map_err(|error| no_pack(path).unwrap_or_else(|| cannot(error)))?;
            let place = Place::Folder(path.parent().unwrap_or(Path::new("")).to_owned());
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            return Ok(PackFiles { place, scheme, sketch: false, packs: vec![name] });
        }
        let mut packs = Vec::new();
        for entry in std::fs::read_dir(path).map_err(cannot)? {
            let name = entry.map_err(cannot)?.file_name().to_string_lossy().into_owned();
            if name.to_lowercase().ends_with(".toml") {
                packs.push(name);
            }
        }
        packs.sort();
        if packs.is_empty() {
            return Err(Problem::new(&policy::NO_PACK).with("where", shown).into());
        }
        Ok(PackFiles { place: Place::Folder(path.to_owned()), scheme, sketch: false, packs })
    }

    /// The same for packs that are only looked at: tables of a scheme are empty.
    #[must_use]
    pub fn without_scheme(self) -> PackFiles<'static> {
        PackFiles { place: self.place, scheme: None, sketch: true, packs: self.packs }
    }

    fn embedded(name: &str, scheme: Option<&'s Source>) -> Option<PackFiles<'s>> {
        if name == DEMO {
            return Some(PackFiles {
                place: Place::Embedded(DEMO_CITY),
                scheme,
                sketch: false,
                packs: vec!["policy.toml".to_owned()],
            });
        }
        let stem = name.trim_end_matches(".toml").replace('-', "_");
        let mut seeds = SEEDS.iter().chain(FISCAL_SEEDS);
        let (file, _) = seeds.find(|(file, _)| file.trim_end_matches(".toml") == stem)?;
        Some(PackFiles { place: Place::Embedded(&[]), scheme, sketch: false, packs: vec![format!("seeds:{file}")] })
    }
}

/// Why there is no pack of a plain name, which could be that of a file or of a pack of the program.
fn no_pack(path: &Path) -> Option<Problem> {
    let name = path.to_str().filter(|name| !name.contains(['/', '\\']))?;
    let seeds = SEEDS.iter().chain(FISCAL_SEEDS).map(|(file, _)| file.trim_end_matches(".toml"));
    let known: Vec<&str> = seeds.chain([DEMO]).filter(|name| *name != "base").collect();
    let word = name.trim_end_matches(".toml").replace('-', "_");
    let begins = || known.iter().copied().find(|known| known.starts_with(&word));
    let near = closest(&word, known.iter().copied()).or_else(begins).unwrap_or("-");
    let problem = Problem::new(&policy::UNKNOWN_PACK).with("name", name).with("closest", near);
    (!path.exists()).then(|| problem.with("known", known.join(", ")))
}

/// The policy of the demonstration city.
const DEMO_CITY: &[(&str, &str)] = &[
    ("policy.toml", include_str!("../../../fixtures/demo_city/policy.toml")),
    ("institutions.csv", include_str!("../../../fixtures/demo_city/institutions.csv")),
    ("budgets.csv", include_str!("../../../fixtures/demo_city/budgets.csv")),
];

impl Files for PackFiles<'_> {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let Some(table) = name.strip_prefix("scheme:") else {
            return match &self.place {
                Place::Folder(folder) => std::fs::read(folder.join(name)).map_err(|error| error.to_string()),
                Place::Embedded(files) => {
                    let file = files.iter().find(|(own, _)| *own == name);
                    file.map(|(_, text)| text.as_bytes().to_vec())
                        .ok_or_else(|| "no such file in the program".to_owned())
                }
            };
        };
        if self.sketch {
            return Ok(b"drg\n".to_vec());
        }
        if self.scheme.is_none() {
            return Err("a scheme is needed (--scheme)".to_owned());
        }
        let name = table.strip_suffix(".csv").unwrap_or(table);
        let table = self.scheme.and_then(|scheme| scheme.table(name)).ok_or("the scheme has no such table")?;
        csv_text(table).map(String::into_bytes).map_err(|error| error.to_string())
    }
}

/// A table of a scheme as CSV.
pub(super) fn csv_text(table: &RawTable) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&table.header)?;
    for row in &table.rows {
        writer.write_record(&row.cells)?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8(bytes).expect("Invariant: cells are texts"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Lang;

    #[test]
    fn a_file_or_a_folder_with_tables_beside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b.toml"), "b").unwrap();
        std::fs::write(folder.path().join("a.toml"), "a").unwrap();
        std::fs::write(folder.path().join("w.csv"), "drg,weight\n").unwrap();
        let all = PackFiles::find(folder.path(), None).unwrap();
        assert_eq!(all.packs, ["a.toml", "b.toml"]);
        assert_eq!(all.read("w.csv").unwrap(), b"drg,weight\n");
        let one = PackFiles::find(&folder.path().join("b.toml"), None).unwrap();
        assert_eq!(
            (one.packs.as_slice(), one.read("a.toml").unwrap()),
            (["b.toml".to_owned()].as_slice(), b"a".to_vec())
        );
        assert!(PackFiles::find(&folder.path().join("c.toml"), None).is_err());
        let told = |name: &str| PackFiles::find(Path::new(name), None).err().unwrap().0[0].message(Lang::Zh);
        assert!(told("bazhong_drafts").contains("最接近：bazhong_draft；"), "{}", told("bazhong_drafts"));
        assert!(told("yaan").contains("最接近：yaan_2022；"), "{}", told("yaan"));
        assert!(told("yaan.toml").contains("没有文件“yaan.toml”"));
        let none = PackFiles::find(Path::new("nobody"), None).err().unwrap();
        assert_eq!(none.0[0].entry.code, policy::UNKNOWN_PACK.code);
        assert!(told("no/yaan.toml").contains("没有该文件或文件夹"), "a path is no name");
        let seed = PackFiles::find(Path::new("bazhong-draft"), None).unwrap();
        assert_eq!(seed.packs, ["seeds:bazhong_draft.toml"]);
        assert!(PackFiles::find(Path::new("demo"), None).unwrap().read("institutions.csv").is_ok());
        let (source, _) = Source::from_texts([("drg_weights", b"drg,weight\nA,\"1,5\"\n".as_slice())]).unwrap();
        let with = PackFiles::find(folder.path(), Some(&source)).unwrap();
        assert_eq!(with.read("scheme:drg_weights.csv").unwrap(), b"drg,weight\nA,\"1,5\"\n");
        assert!(with.read("scheme:other.csv").is_err());
    }
}
