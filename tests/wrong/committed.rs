//! The vectors as they are committed: golden/ with the right files, wrong/CASE/ with those that are other than the golden ones, and
//! wrong.tsv with what is wrong and how it is refused; statements/ and statements.tsv with a witness's.

use crate::cases::Case;
use crate::golden::{Golden, vectors};
use crate::statements::{self, StatementCase};
use bilik_testkit::{Tree, tree};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// All of it, in bytes: it is in every clone.
const MAX_BYTES: usize = 400_000;
const TABLES: [&str; 2] = ["wrong.tsv", "statements.tsv"];
const FOLDERS: [&str; 3] = ["golden", "wrong", "statements"];
const HEADER: &str = "# case\tfile\toutcome\treason\tlimit of memory in bytes\twhat is wrong\n";
const STATEMENTS_HEADER: &str = "# case\treason\twhat is wrong\n";

/// Compares the committed vectors with these; with `BILIK_WRITE_VECTORS` writes them.
pub fn compare(golden: &Golden, cases: &[Case], said: &[StatementCase]) {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for (path, bytes) in &golden.files {
        files.insert(Path::new("golden").join(path), bytes.clone());
    }
    let mut table = String::from(HEADER);
    for case in cases {
        let Case { name, path, outcome, limit, what, .. } = case;
        writeln!(table, "{name}\t{path}\t{}\t{}\t{limit}\t{what}", outcome.name(), case.reason()).unwrap();
        for (path, bytes) in &case.files {
            files.insert(Path::new("wrong").join(name).join(path), bytes.clone());
        }
    }
    files.insert("wrong.tsv".into(), table.into_bytes());
    let mut table = format!("{STATEMENTS_HEADER}# the witness: {}\n", statements::witness());
    for case in said {
        let StatementCase { name, what, bytes, .. } = case;
        writeln!(table, "{name}\t{}\t{what}", case.reason()).unwrap();
        files.insert(Path::new("statements").join(format!("{name}.bilik")), bytes.clone());
    }
    files.insert("statements.tsv".into(), table.into_bytes());
    let size: usize = files.values().map(Vec::len).sum();
    assert!(size < MAX_BYTES, "{size} bytes of vectors");
    if std::env::var_os("BILIK_WRITE_VECTORS").is_some() {
        write(&files);
    }
    assert!(there() == files, "the vectors are others: a change of the format, or a fault. BILIK_WRITE_VECTORS=1 writes them");
}

fn write(files: &BTreeMap<PathBuf, Vec<u8>>) {
    for folder in FOLDERS {
        let folder = vectors().join(folder);
        if folder.exists() {
            fs::remove_dir_all(folder).unwrap();
        }
    }
    for (path, bytes) in files {
        let path = vectors().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn there() -> BTreeMap<PathBuf, Vec<u8>> {
    let mut there: BTreeMap<PathBuf, Vec<u8>> =
        TABLES.iter().map(|table| (table.into(), fs::read(vectors().join(table)).unwrap())).collect();
    for folder in FOLDERS {
        let tree: Tree = tree(&vectors().join(folder));
        there.extend(tree.into_iter().filter_map(|(path, (_, bytes))| Some((Path::new(folder).join(path), bytes?))));
    }
    there
}
