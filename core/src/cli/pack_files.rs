//! Policy packs on disk: a file, or a folder of dated packs, with tables beside them and tables of the scheme.

use std::path::{Path, PathBuf};

use crate::policy::Files;
use crate::problem::catalogue::{files, policy};
use crate::problem::{Problem, Problems};
use crate::scheme::{RawTable, Source};

/// The files of a `--policy` and the tables of a `--scheme`.
pub struct PackFiles<'s> {
    folder: PathBuf,
    scheme: Option<&'s Source>,
    /// The packs, relative to the folder, in the order of names: what [`crate::policy::open`] takes.
    pub packs: Vec<String>,
}

impl<'s> PackFiles<'s> {
    /// Finds the packs at `path`: the file itself, or every `.toml` in the folder.
    pub fn find(path: &Path, scheme: Option<&'s Source>) -> Result<PackFiles<'s>, Problems> {
        let shown = path.to_string_lossy();
        let cannot = |error: std::io::Error| Problem::new(&files::CANNOT_READ).file(&*shown).with("reason", error);
        if !path.is_dir() {
            std::fs::metadata(path).map_err(cannot)?;
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            return Ok(PackFiles { folder, scheme, packs: vec![name] });
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
        Ok(PackFiles { folder: path.to_owned(), scheme, packs })
    }
}

impl Files for PackFiles<'_> {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let Some(table) = name.strip_prefix("scheme:") else {
            return std::fs::read(self.folder.join(name)).map_err(|error| error.to_string());
        };
        let name = table.strip_suffix(".csv").unwrap_or(table);
        let table = self.scheme.and_then(|scheme| scheme.table(name)).ok_or("the scheme has no such table")?;
        csv_bytes(table).map_err(|error| error.to_string())
    }
}

fn csv_bytes(table: &RawTable) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&table.header)?;
    for row in &table.rows {
        writer.write_record(&row.cells)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let (source, _) = Source::from_texts([("drg_weights", b"drg,weight\nA,\"1,5\"\n".as_slice())]).unwrap();
        let with = PackFiles::find(folder.path(), Some(&source)).unwrap();
        assert_eq!(with.read("scheme:drg_weights.csv").unwrap(), b"drg,weight\nA,\"1,5\"\n");
        assert!(with.read("scheme:other.csv").is_err());
    }
}
