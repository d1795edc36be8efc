//! The scratch folder: where the partitioned roll lies while it is needed. Nobody but this user can read it; it is removed with
//! its owner, and what a killed run left behind is removed by the next one.

use crate::problem::{Kind, Problem, Report};
use crate::roll::private_file;
use anyhow::Context;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What its name starts with; the process id and some random letters follow.
const PREFIX: &str = ".bilik-scratch-";
/// The file that says whose it is.
const OWNER: &str = "owner";

/// A scratch folder in an election folder; in the temporary folder where nothing can be written there, as on a read-only medium.
#[derive(Debug)]
pub(super) struct Scratch(TempDir);

impl Scratch {
    /// Removes what dead runs left, and makes a new one.
    pub fn new(dir: &Path, report: &mut Report) -> anyhow::Result<Self> {
        remove_left(dir, report);
        let cannot = || {
            format!(
                "{}: no scratch folder can be made there. Expected: a folder that this user can write in. To do: allow it, or copy \
                 the election folder",
                dir.display()
            )
        };
        let mut builder = tempfile::Builder::new();
        let prefix = format!("{PREFIX}{}-", std::process::id());
        builder.prefix(&prefix);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = match builder.tempdir_in(dir) {
            Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
                let elsewhere = std::env::temp_dir();
                let folder = builder.tempdir_in(&elsewhere).with_context(cannot)?;
                report.add(Kind::ScratchElsewhere, || {
                    let message = format!(
                        "nothing can be written there, so part of the roll lies in {} during this run",
                        elsewhere.display()
                    );
                    Problem::new(Kind::ScratchElsewhere, &dir.display().to_string(), 0, None, message)
                });
                folder
            }
            other => other.with_context(cannot)?,
        };
        let owner = Owner::of_this_run().to_text();
        private_file(&folder.path().join(OWNER)).and_then(|mut file| file.write_all(owner.as_bytes())).with_context(cannot)?;
        Ok(Self(folder))
    }

    /// What to say when its files are not what was written.
    pub fn changed(&self) -> String {
        format!("{}: somebody changed the scratch files. To do: run again", self.0.path().display())
    }

    /// The file of a bin.
    pub fn bin(&self, at: usize) -> PathBuf {
        self.0.path().join(format!("bin-{at}"))
    }

    /// The file of the lines that are rejected late.
    pub fn late(&self) -> PathBuf {
        self.0.path().join("late")
    }
}

/// Removes the scratch folders of runs that are dead for sure, and warns of those that may be.
fn remove_left(dir: &Path, report: &mut Report) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Not a link: whoever can write here must not have this run delete something elsewhere.
        if !name.starts_with(PREFIX) || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let owner = fs::read_to_string(entry.path().join(OWNER)).ok().and_then(|text| Owner::parse(&text));
        let is_gone =
            owner.as_ref().is_some_and(|owner| owner.is_dead(&Owner::of_this_run())) && fs::remove_dir_all(entry.path()).is_ok();
        let is_alive = owner.is_some_and(|owner| owner.is_alive_here(&Owner::of_this_run()));
        if !is_gone && !is_alive {
            let message = "it belongs to a run on another computer, or to one of which nothing is known";
            report.add(Kind::ScratchLeft, || Problem::new(Kind::ScratchLeft, &name, 0, None, message));
        }
    }
}

/// Which run a scratch folder belongs to. Several computers can build in one shared folder, and containers number their
/// processes each from 1: a process id alone says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owner {
    machine: String,
    boot: String,
    namespace: String,
    process: u32,
}

impl Owner {
    fn of_this_run() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
        let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        Self {
            machine: format!("{}/{}", read("/etc/machine-id"), read("/proc/sys/kernel/hostname")),
            boot: read("/proc/sys/kernel/random/boot_id"),
            namespace: namespace.to_string_lossy().into_owned(),
            process: std::process::id(),
        }
    }

    fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n{}\n", self.machine, self.boot, self.namespace, self.process)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::to_owned);
        let (machine, boot, namespace) = (lines.next()?, lines.next()?, lines.next()?);
        Some(Self { machine, boot, namespace, process: lines.next()?.parse().ok()? })
    }

    /// Whether the processes of both can be told apart by their ids.
    fn shares_processes(&self, here: &Self) -> bool {
        !self.boot.is_empty() && (&self.boot, &self.namespace) == (&here.boot, &here.namespace)
    }

    /// Whether its process runs here.
    fn is_alive_here(&self, here: &Self) -> bool {
        self.shares_processes(here) && Path::new(&format!("/proc/{}", self.process)).exists()
    }

    /// Whether its process is gone for sure: it ran here and does not run any more, or this computer was started again since.
    fn is_dead(&self, here: &Self) -> bool {
        if self.shares_processes(here) {
            return !self.is_alive_here(here);
        }
        !self.boot.is_empty() && self.machine == here.machine && self.boot != here.boot
    }
}
