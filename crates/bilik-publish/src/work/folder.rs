//! The folder: which file lies where, and what is made and removed as a whole.

use super::error::{WorkError, foreign};
use super::keys::RunKey;
use super::plan_file::Plan;
use crate::durable;
use crate::encrypted::{EncryptedReader, EncryptedWriter, FileKey};
use crate::io_error::IoError;
use crate::language::translatable;
use crate::rejects::private_file;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const RUN_KEY: &str = "run.key";
const PLAN: &str = "plan.bilik";
const IN: &str = "in";
const OUT: &str = "out";

/// A work folder.
#[derive(Clone, Debug)]
pub struct WorkFolder {
    path: PathBuf,
}

impl WorkFolder {
    /// At a path, which need not exist.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it has a plan.
    #[must_use]
    pub fn has_plan(&self) -> bool {
        self.path.join(PLAN).is_file()
    }

    /// Keeps other runs from planning here while the lock is held.
    ///
    /// # Errors
    /// When the folder cannot be made, or another run holds the lock.
    pub(crate) fn lock(&self) -> Result<WorkLock, WorkError> {
        private_folder(&self.path)?;
        match File::open(&self.path).map(|folder| (folder.try_lock(), folder)) {
            Ok((Err(TryLockError::WouldBlock), _)) => Err(WorkError::Busy { folder: self.path.clone() }),
            // Where a system cannot lock a folder, two that plan in the same instant do not see each other.
            Ok((_, folder)) => Ok(WorkLock { _folder: Some(folder) }),
            Err(_) => Ok(WorkLock { _folder: None }),
        }
    }

    /// Makes the folder for a new plan, and removes what a run left that was killed before its plan was finished.
    ///
    /// # Errors
    /// When it cannot be made, or has something else in it.
    pub(crate) fn begin(&self) -> Result<(), WorkError> {
        private_folder(&self.path)?;
        for entry in fs::read_dir(&self.path).map_err(IoError::at(&self.path, "cannot be read"))?.flatten() {
            let name = entry.file_name();
            if ![IN, OUT, RUN_KEY].iter().any(|ours| name == *ours) && !durable::is_temporary(&name) {
                return Err(WorkError::Foreign {
                    path: entry.path(),
                    what: translatable!("a file that is not of this work"),
                    expected: tr::tr!("an empty folder, or one that `bilik plan` made"),
                    fix: translatable!("give another work folder"),
                });
            }
        }
        // Somebody else's folders may have these names.
        for folder in [IN, OUT].map(|name| self.path.join(name)).into_iter().filter(|folder| folder.exists()) {
            let is_ours = |name: &OsStr| is_part_name(name) || durable::is_temporary(name);
            let entries = fs::read_dir(&folder).map_err(IoError::at(&folder, "cannot be read"))?;
            if let Some(other) = entries.flatten().find(|entry| !is_ours(&entry.file_name())) {
                return Err(WorkError::Foreign {
                    path: other.path(),
                    what: translatable!("a file that is not of this work"),
                    expected: tr::tr!("an empty folder, or one that `bilik plan` made"),
                    fix: translatable!("give another work folder"),
                });
            }
        }
        self.wipe()?;
        for folder in [IN, OUT] {
            private_folder(&self.path.join(folder))?;
        }
        Ok(())
    }

    /// Removes everything of a run. The plan goes first, so that a killed wipe leaves no plan without its parts.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub(crate) fn wipe(&self) -> Result<(), WorkError> {
        let gone = |result: io::Result<()>, path: &Path| match result {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(IoError::at(path, "cannot be removed")(error)),
            _ => Ok(()),
        };
        for file in [PLAN, RUN_KEY].map(|name| self.path.join(name)) {
            gone(fs::remove_file(&file), &file)?;
        }
        for folder in [IN, OUT].map(|name| self.path.join(name)) {
            gone(fs::remove_dir_all(&folder), &folder)?;
        }
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            if durable::is_temporary(&entry.file_name()) {
                gone(fs::remove_file(entry.path()), &entry.path())?;
            }
        }
        Ok(())
    }

    /// Removes everything of a run, and the folder if nothing else is in it.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub(crate) fn remove(&self) -> Result<(), WorkError> {
        self.wipe()?;
        let _: io::Result<()> = fs::remove_dir(&self.path);
        Ok(())
    }

    /// Keeps the key of a run.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn keep_key(&self, key: &FileKey) -> Result<(), WorkError> {
        let path = self.path.join(RUN_KEY);
        let text = Zeroizing::new(format!("{}\n", base16ct::lower::encode_string(key.as_bytes())));
        let write = |mut file: File| file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        Ok(private_file(&path).and_then(write).map_err(IoError::at(&path, "cannot be written"))?)
    }

    /// The key of the run.
    ///
    /// # Errors
    /// When it is not here, or is not a key.
    pub fn run_key(&self) -> Result<RunKey, WorkError> {
        let path = self.path.join(RUN_KEY);
        if !path.exists() {
            return Err(if self.has_plan() {
                WorkError::NoKey { path }
            } else {
                WorkError::NoPlan { folder: self.path.clone() }
            });
        }
        RunKey::read(&path)
    }

    /// The plan.
    ///
    /// # Errors
    /// When there is none, or it is of another run.
    pub fn plan(&self, key: &RunKey) -> Result<Plan, WorkError> {
        let path = self.path.join(PLAN);
        if !path.exists() {
            return Err(WorkError::NoPlan { folder: self.path.clone() });
        }
        let read = || {
            let mut text = Vec::new();
            EncryptedReader::new(&key.file_key().derive(PLAN), PLAN, BufReader::new(File::open(&path)?))?
                .read_to_end(&mut text)?;
            serde_json::from_slice(&text).map_err(io::Error::from)
        };
        read()
            .map_err(|error| foreign(&path, error, "the plan that was made with this run.key", "restore the file, or plan anew"))
    }

    /// Writes the plan: the last file of planning.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write_plan(&self, key: &RunKey, plan: &Plan) -> Result<(), WorkError> {
        let text = serde_json::to_vec(plan).map_err(io::Error::from).map_err(IoError::at(&self.path, "cannot be written"))?;
        let path = self.path.join(PLAN);
        let file = durable::NewFile::new(&path)?;
        let mut writer = EncryptedWriter::new(&key.file_key().derive(PLAN), PLAN, file)?;
        writer.write_all(&text).map_err(IoError::at(&path, "cannot be written"))?;
        Ok(writer.finish().map_err(IoError::at(&path, "cannot be written"))?.persist()?)
    }

    /// What a part's worker needs.
    pub(crate) fn input_path(&self, part: usize) -> PathBuf {
        self.path.join(IN).join(part_name(part))
    }

    /// What a part's worker made.
    pub(crate) fn output_path(&self, part: usize) -> PathBuf {
        self.path.join(OUT).join(part_name(part))
    }

    /// Refuses a part that has no input here, and makes the folder for what is sealed.
    ///
    /// # Errors
    /// When there is no such part, or the folder cannot be made.
    pub(crate) fn prepare_output(&self, part: usize) -> Result<(), WorkError> {
        if !self.path.join(IN).is_dir() {
            // A disk that is out of reach: reading says so.
            return Ok(());
        }
        if !self.input_path(part).exists() {
            return Err(WorkError::NoInput { path: self.input_path(part) });
        }
        Ok(private_folder(&self.path.join(OUT))?)
    }

    /// Whether a part's worker has finished, without looking at what it made.
    #[must_use]
    pub fn is_sealed(&self, part: usize) -> bool {
        self.output_path(part).is_file()
    }

    /// Refuses outputs that the plan has no part for: they would be lost silently.
    ///
    /// # Errors
    /// For the first one.
    pub(crate) fn refuse_others(&self, parts: usize) -> Result<(), WorkError> {
        let folder = self.path.join(OUT);
        for entry in fs::read_dir(&folder).map_err(IoError::at(&folder, "cannot be read"))?.flatten() {
            let name = entry.file_name();
            let is_planned = (1..=parts).any(|part| name == part_name(part).as_str());
            if !is_planned && !durable::is_temporary(&name) {
                return Err(WorkError::Foreign {
                    path: entry.path(),
                    what: translatable!("no part of the plan has this name"),
                    expected: tr::tr!("{} to {}", part_name(1), part_name(parts)),
                    fix: translatable!("find out where it comes from, then remove it"),
                });
            }
        }
        Ok(())
    }
}

/// A work folder in which this run alone plans.
pub(crate) struct WorkLock {
    _folder: Option<File>,
}

/// Four digits or more.
fn is_part_name(name: &OsStr) -> bool {
    name.len() >= 4 && name.as_encoded_bytes().iter().all(u8::is_ascii_digit)
}

/// `0007`
fn part_name(part: usize) -> String {
    format!("{part:04}")
}

fn private_folder(path: &Path) -> Result<(), IoError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(IoError::at(path, "cannot be created"))
}
