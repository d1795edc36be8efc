//! Files of an election folder that cannot be meant, and a folder that nobody can write in.

use super::{BILIK, VOTERS};
use bilik_publish::problem::ProblemKind;
use bilik_testkit::{Folder, RunOutput};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

#[test]
fn a_pipe_in_place_of_a_file_is_told_and_not_waited_for() {
    for file in ["voters.csv", "stations.csv", "regions.csv", "withheld.csv", "election.toml"] {
        let folder = Folder::with("withheld.csv", "nik\n3201010101900001\n");
        fs::remove_file(folder.path().join(file)).unwrap();
        assert!(Command::new("mkfifo").arg(folder.path().join(file)).status().unwrap().success());
        let RunOutput { code, out, .. } = RunOutput::of(BILIK.command().arg("check").arg(folder.path()));
        assert_eq!(code, 2, "{file}: {out}");
        assert!(
            out.contains(file) && (out.contains("a pipe or a device") || out.contains("not an ordinary file")),
            "{file}: {out}"
        );
    }
}

#[test]
fn a_file_that_is_there_plain_and_compressed_is_refused_unless_one_is_named() {
    for name in ["voters", "stations", "regions", "withheld"] {
        let folder = Folder::with("withheld.csv", "nik\n3201010101900001\n").and(&format!("{name}.csv.gz"), "");
        let problems = folder.fatal();
        assert_eq!((problems.len(), problems[0].kind), (1, ProblemKind::DoubleFile), "{problems:?}");
        assert!(problems[0].message.english().contains(&format!("{name}.csv.gz")), "{problems:?}");
        let toml = folder.read("election.toml");
        folder.put("election.toml", format!("{toml}[input]\n{name} = \"{name}.csv\"\n"));
        folder.check().result.unwrap();
    }
}

/// As from a read-only medium. Root may write everywhere, so that the binary runs as somebody else then.
#[test]
fn a_folder_that_nobody_can_write_in_is_checked_with_scratch_files_elsewhere() {
    let folder = Folder::with("voters.csv", VOTERS);
    let elsewhere = tempfile::tempdir().unwrap();
    let open = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    open(folder.path(), 0o555);
    open(elsewhere.path(), 0o777);
    // Where others may run it: target/ can lie in a private folder. Written by this process, it would be busy for as long as a
    // child that another test began at that moment has the open file, too.
    let binary = elsewhere.path().join("bilik");
    let copied = Command::new("cp").args([BILIK.path().as_ref(), binary.as_os_str()]).status().unwrap();
    assert!(copied.success());
    let scratch = elsewhere.path().join("tmp");
    fs::create_dir(&scratch).unwrap();
    open(&scratch, 0o777);
    let mut command = Command::new(&binary);
    command.arg("check").arg(folder.path()).env("TMPDIR", &scratch).current_dir("/");
    if fs::metadata(&scratch).unwrap().uid() == 0 {
        command.uid(65_534).gid(65_534);
    }
    let before = folder.names();
    let RunOutput { code, out, err } = RunOutput::of(&mut command);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("Scratch files lie outside the election folder") && out.contains(scratch.to_str().unwrap()), "{out}");
    assert_eq!(folder.names(), before);
    assert_eq!(fs::read_dir(&scratch).unwrap().count(), 0, "nothing of the roll stays");
    open(folder.path(), 0o755);
}
