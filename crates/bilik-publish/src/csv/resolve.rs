//! From the names in `election.toml` to the files on the disk, in the order of reading.

use super::fault::Fault;
use crate::config::FileSet;
use crate::language::{Message, message, translatable};
use crate::problem::{InputProblem, ProblemKind};
use crate::rejects;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// How the names of input files end, in lower case. A file that is named itself may end in anything.
const EXTENSIONS: &[&str] = &[".csv", ".txt", ".tsv", ".csv.gz", ".txt.gz", ".tsv.gz", ".xlsx", ".parquet"];

/// A file to read.
#[derive(Clone, Debug)]
pub(super) struct InputFile {
    pub path: PathBuf,
    /// Its path in the election folder, for messages.
    pub name: String,
}

/// The files of one part of the input.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    pub files: Vec<InputFile>,
    /// What a folder holds besides, by name.
    pub ignored: Vec<String>,
}

/// Finds the files. Those of a folder and of a pattern are sorted by their path; a list keeps its own order.
pub(super) fn resolve(set: &FileSet) -> Result<Resolved, Vec<Fault>> {
    let mut resolved = Resolved::default();
    for given in set.given() {
        let path = set.dir().join(given);
        // Looked for under this very name first: a file's name may have brackets.
        match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => resolved.add_folder(&path, given),
            Err(_) if given.contains(['*', '?', '[']) => resolved.add_pattern(set.dir(), given),
            // If it is missing, opening it says so.
            _ => {
                resolved.files.push(InputFile { path, name: given.clone() });
                Ok(())
            }
        }
        .map_err(|fault| vec![fault])?;
    }
    let twice = resolved.twice();
    if twice.is_empty() { Ok(resolved) } else { Err(twice) }
}

/// What an office program or a file manager leaves, and what Bilik itself wrote.
fn is_left_behind(file: &str) -> bool {
    file.starts_with(['.', '~']) || file.starts_with(rejects::FILE)
}

impl Resolved {
    fn add_folder(&mut self, path: &Path, given: &str) -> Result<(), Fault> {
        let unreadable = |error: std::io::Error| -> Fault {
            InputProblem::new(ProblemKind::MissingFile, given, 0, None, message!("the folder cannot be read: {}", error)).into()
        };
        let mut found = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let file = entry.file_name().to_string_lossy().into_owned();
            if is_left_behind(&file) {
                continue;
            }
            let name = format!("{}/{file}", given.trim_end_matches('/'));
            let is_input = EXTENSIONS.iter().any(|end| file.to_lowercase().ends_with(end));
            if is_input && entry.path().is_file() {
                found.push(InputFile { path: entry.path(), name });
            } else {
                self.ignored.push(name);
            }
        }
        self.ignored.sort_unstable();
        if found.is_empty() {
            let message = translatable!("the folder has no file to read");
            let problem = InputProblem::new(ProblemKind::MissingFile, given, 0, None, message);
            let expected = message!("at least one file whose name ends in {}", EXTENSIONS.join(", "));
            return Err(problem.expecting(expected).into());
        }
        self.add_sorted(found);
        Ok(())
    }

    fn add_pattern(&mut self, dir: &Path, given: &str) -> Result<(), Fault> {
        let fault = |message: Message| -> Fault {
            let problem = InputProblem::new(ProblemKind::MissingFile, given, 0, None, message);
            problem.expecting("at least one file that fits the pattern").into()
        };
        let pattern = Path::new(&glob::Pattern::escape(&dir.to_string_lossy())).join(given);
        let paths =
            glob::glob(&pattern.to_string_lossy()).map_err(|error| fault(message!("the pattern is invalid: {}", error.msg)))?;
        let mut found = Vec::new();
        for path in paths {
            let path = path.map_err(|error| fault(message!("a folder cannot be read: {}", error)))?;
            let is_wanted = path.file_name().is_some_and(|file| !is_left_behind(&file.to_string_lossy()));
            if is_wanted && path.is_file() {
                let name = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().into_owned();
                found.push(InputFile { path, name });
            }
        }
        if found.is_empty() {
            return Err(fault(message!("no file fits the pattern")));
        }
        self.add_sorted(found);
        Ok(())
    }

    fn add_sorted(&mut self, mut found: Vec<InputFile>) {
        found.sort_by(|a, b| a.name.cmp(&b.name));
        self.files.append(&mut found);
    }

    /// Files that would be read twice, by whatever names, or both plain and compressed: all their lines would be duplicates.
    fn twice(&self) -> Vec<Fault> {
        let (mut paths, mut names) = (HashSet::new(), HashSet::new());
        let mut faults: Vec<Fault> = Vec::new();
        for InputFile { path, name } in &self.files {
            let message = if !paths.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())) {
                translatable!("the same file is named twice")
            } else if !names.insert(name.trim_end_matches(".gz")) {
                translatable!("the file exists both plain and compressed")
            } else {
                continue;
            };
            faults.push(InputProblem::new(ProblemKind::DoubleFile, name, 0, None, message).into());
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path, given: &[&str]) -> Result<Vec<String>, Vec<Fault>> {
        let set = FileSet::new(dir, given.iter().map(ToString::to_string).collect());
        resolve(&set).map(|resolved| resolved.files.into_iter().map(|file| file.name).collect())
    }

    #[test]
    fn folders_and_patterns_are_sorted_and_lists_keep_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        fs::create_dir_all(dir.join("dpt/more.csv")).unwrap();
        for name in ["b.csv", "a.CSV", "c.txt.gz", "notes.docx", ".hidden.csv", "~$b.csv", "rejects.csv"] {
            fs::write(dir.join("dpt").join(name), "x").unwrap();
        }
        assert_eq!(names(dir, &["dpt/"]).unwrap(), ["dpt/a.CSV", "dpt/b.csv", "dpt/c.txt.gz"]);
        assert_eq!(names(dir, &["dpt"]).unwrap(), ["dpt/a.CSV", "dpt/b.csv", "dpt/c.txt.gz"]);
        assert_eq!(names(dir, &["dpt/[bc]*"]).unwrap(), ["dpt/b.csv", "dpt/c.txt.gz"]);
        assert_eq!(names(dir, &["dpt/*.csv"]).unwrap(), ["dpt/b.csv"]);
        assert_eq!(names(dir, &["dpt/c*", "dpt/a.CSV"]).unwrap(), ["dpt/c.txt.gz", "dpt/a.CSV"]);
        let resolved = resolve(&FileSet::new(dir, vec!["dpt".into()])).unwrap();
        assert_eq!(resolved.ignored, ["dpt/more.csv", "dpt/notes.docx"]);
        fs::write(dir.join("d [1].csv"), "x").unwrap();
        assert_eq!(names(dir, &["d [1].csv"]).unwrap(), ["d [1].csv"]);
    }

    #[test]
    fn nothing_found_and_the_same_file_twice_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        fs::create_dir(dir.join("empty")).unwrap();
        fs::write(dir.join("a.csv"), "x").unwrap();
        fs::write(dir.join("a.csv.gz"), "x").unwrap();
        for (given, kind, says) in [
            (&["empty"][..], ProblemKind::MissingFile, "no file to read"),
            (&["*.tsv"], ProblemKind::MissingFile, "no file fits"),
            (&["***"], ProblemKind::MissingFile, "invalid"),
            (&["a.csv", "empty/../a.csv"], ProblemKind::DoubleFile, "named twice"),
            (&["a.csv*"], ProblemKind::DoubleFile, "plain and compressed"),
        ] {
            let faults = names(dir, given).unwrap_err();
            assert_eq!((faults.len(), faults[0].kind), (1, kind), "{faults:?}");
            assert!(faults[0].message.english().contains(says), "{faults:?}");
        }
    }
}
