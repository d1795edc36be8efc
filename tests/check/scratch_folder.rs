//! The scratch folder holds the roll: nobody else reads it, and nothing of it stays.

use super::{BILIK, VOTERS};
use bilik_publish::problem::ProblemKind;
use bilik_testkit::{Folder, RunOutput, roll};
use std::fs;

fn scratch(folder: &Folder) -> Vec<String> {
    folder.names().into_iter().filter(|name| name.starts_with(".bilik-scratch-")).collect()
}

#[test]
fn it_is_private_and_is_removed_with_the_partition() {
    let folder = Folder::new();
    let outcome = folder.check();
    let names = scratch(&folder);
    assert_eq!(names.len(), 1);
    assert!(names[0].starts_with(&format!(".bilik-scratch-{}-", std::process::id())), "{names:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let path = folder.path().join(&names[0]);
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o700);
        for entry in fs::read_dir(&path).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600);
        }
    }
    drop(outcome);
    assert!(scratch(&folder).is_empty());
}

#[test]
fn it_is_removed_when_the_run_fails() {
    // The roll is cut off in its middle, which only reading it shows.
    let text = roll(&vec!["320101010190,Budi Santoso,A1"; 50_000]);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let folder = Folder::with("voters.csv", &packed[..packed.len() / 2]);
    assert_eq!(folder.fatal()[0].kind, ProblemKind::NotCsv);
    assert!(scratch(&folder).is_empty());
}

/// A scratch folder of another run, with its lock file.
fn leave(folder: &Folder, name: &str) -> fs::File {
    let path = folder.path().join(format!(".bilik-scratch-{name}"));
    fs::create_dir(&path).unwrap();
    fs::write(path.join("bin-0"), "roll").unwrap();
    fs::File::create(path.join("lock")).unwrap()
}

#[test]
fn left_overs_of_dead_runs_are_removed_and_others_are_not() {
    let folder = Folder::with("voters.csv", VOTERS);
    drop(leave(&folder, "dead"));
    let alive = leave(&folder, "alive");
    alive.lock().unwrap();
    // Killed right after it had made its folder; killed before its lock had its name.
    fs::create_dir(folder.path().join(".bilik-scratch-empty")).unwrap();
    drop(leave(&folder, "early"));
    let early = folder.path().join(".bilik-scratch-early");
    fs::rename(early.join("lock"), early.join("lock.new")).unwrap();
    // No run leaves files without a lock.
    drop(leave(&folder, "unknown"));
    fs::remove_file(folder.path().join(".bilik-scratch-unknown/lock")).unwrap();
    let outcome = folder.check();
    let warned = |kind| -> Vec<String> {
        let mut names: Vec<String> = outcome.report.of_kind(kind).iter().map(|problem| problem.file.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(warned(ProblemKind::ScratchLeft), [".bilik-scratch-unknown"]);
    assert_eq!(warned(ProblemKind::ScratchRemoved), [".bilik-scratch-dead", ".bilik-scratch-early"]);
    drop(outcome);
    assert_eq!(scratch(&folder), [".bilik-scratch-alive", ".bilik-scratch-unknown"]);
}

#[test]
fn runs_that_begin_in_the_same_instant_do_not_take_each_other_for_dead() {
    let folder = Folder::with("voters.csv", VOTERS);
    let path = folder.path();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10).for_each(|_| assert_eq!(RunOutput::of(BILIK.command().arg("check").arg(path)).code, 0)));
        }
    });
    assert!(scratch(&folder).is_empty());
}

#[cfg(unix)]
#[test]
fn links_and_pipes_in_the_place_of_a_left_over_are_left_alone() {
    let folder = Folder::with("voters.csv", VOTERS);
    let precious = tempfile::tempdir().unwrap();
    drop(fs::File::create(precious.path().join("lock")).unwrap());
    fs::write(precious.path().join("KEY"), "secret").unwrap();
    std::os::unix::fs::symlink(precious.path(), folder.path().join(".bilik-scratch-link")).unwrap();
    let piped = folder.path().join(".bilik-scratch-piped");
    fs::create_dir(&piped).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(piped.join("lock")).status().unwrap().success());
    let outcome = folder.check();
    assert_eq!(outcome.report.of_kind(ProblemKind::ScratchRemoved).len(), 0);
    assert_eq!(fs::read(precious.path().join("KEY")).unwrap(), b"secret");
    drop(outcome);
    assert_eq!(scratch(&folder), [".bilik-scratch-link", ".bilik-scratch-piped"]);
}
