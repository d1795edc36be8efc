//! `bilik init` and `bilik check` as they are typed.

use super::BILIK;
use bilik_testkit::{Folder, RunOutput, Running, roll};
use std::path::Path;
use std::process::Stdio;

fn bilik(arguments: &[&str], dir: &Path) -> RunOutput {
    RunOutput::of(BILIK.command().args(arguments).arg(dir))
}

#[test]
fn a_fresh_folder_has_no_problem() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("new");
    assert_eq!(bilik(&["init"], &dir).code, 0);
    let checked = bilik(&["check"], &dir);
    assert_eq!((checked.code, checked.out.lines().count()), (0, 1), "{checked:?}");
    assert!(checked.out.contains(": 0 errors, 0 warnings, 0 lines rejected"), "{checked:?}");
    let text = std::fs::read_to_string(dir.join("election.toml")).unwrap();
    for key in ["demo = true", "memory_kib = 256", "passes = 1", "19456", "# legal_basis", "# seed"] {
        assert!(text.contains(key), "{key}");
    }
}

#[test]
fn init_leaves_a_folder_alone_that_is_not_empty() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("voters.csv"), "mine").unwrap();
    let output = bilik(&["init"], folder.path());
    assert_eq!(output.code, 2);
    assert!(output.err.contains("not empty"), "{output:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(std::fs::read_to_string(folder.path().join("voters.csv")).unwrap(), "mine");
}

#[test]
fn the_exit_status_tells_warnings_errors_and_trouble_apart() {
    for (file, text, code) in [
        ("voters.csv", roll(&["3201013102900001,Budi,A1"]), 0),
        ("voters.csv", roll(&["12,Budi,A1"]), 1),
        ("voters.csv", roll(&[]), 1),
        ("voters.csv", "PK\x03\x04".to_owned(), 2),
        ("election.toml", "id = 1".to_owned(), 2),
    ] {
        let folder = Folder::with(file, text);
        let before = folder.names();
        let output = bilik(&["check"], folder.path());
        assert_eq!(output.code, code, "{output:?}");
        assert_eq!(folder.names(), before, "check leaves nothing behind");
    }
}

#[test]
fn a_roll_with_nobody_in_it_is_an_error_by_name() {
    let output = bilik(&["check"], Folder::with("voters.csv", roll(&[])).path());
    assert!(output.out.contains("error: No voters to seal (no_voters, 1)\n  voters.csv  it has no voter"), "{output:?}");
}

#[test]
fn json_tells_the_same() {
    let folder = Folder::with("voters.csv", roll(&["12,Budi,A1", "3201013102900001,Budi,A1"]))
        .and("withheld.csv", "nik\n3201010101900001\n");
    let output = bilik(&["check", "--json"], folder.path());
    let json = output.json();
    assert_eq!((json["voters"].as_u64(), json["stations"].as_u64(), json["withheld"].as_u64()), (Some(1), Some(5), Some(0)));
    assert_eq!(
        json["counts"],
        serde_json::json!({"nik_length": 1, "impossible_date": 1, "station_without_voters": 4, "withheld_unmatched": 1})
    );
    let problems = json["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 7);
    let first = &problems[0];
    assert_eq!((&first["file"], &first["line"], &first["column"]), (&"voters.csv".into(), &2.into(), &"nik".into()));
    assert_eq!((&first["kind"], &first["severity"]), (&"nik_length".into(), &"error".into()));
    assert!(["message", "expected", "todo"].iter().all(|key| first[key].as_str().is_some_and(|text| !text.is_empty())));
    // What stops everything is told in the same form.
    let output = bilik(&["check", "--json"], Folder::with("voters.csv", "PK\x03\x04").path());
    let json = output.json();
    assert_eq!((output.code, &json["counts"]["not_csv"]), (2, &1.into()));
}

/// A standard output that refuses everything: a pipe that nobody reads from any more.
fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn output_that_nobody_reads_does_not_panic() {
    let folder = tempfile::tempdir().unwrap();
    let output = Running::start_into(BILIK.command().arg("init").arg(folder.path()), closed_pipe()).finish();
    assert_eq!((output.code, output.err.as_str()), (0, ""), "{output:?}");
    assert!(folder.path().join("election.toml").exists());
    // Where nobody reads standard error either.
    let mut inspect = BILIK.behind_shell("exec \"$0\" \"$@\" 2>&1");
    let output = Running::start_into(inspect.args(["inspect", "no such file"]), closed_pipe()).finish();
    assert_eq!(output.code, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_finds_no_room_is_told_and_is_in_the_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Running::start_into(BILIK.command().arg("init").arg(folder.path()), full.into()).finish();
    assert_eq!((output.code, output.err.matches("standard output cannot be written").count()), (2, 1), "{output:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing_behind() {
    use std::time::{Duration, Instant};
    let lines: Vec<String> = (0..400_000).map(|n| format!("3201{n:012},Budi Santoso,A1")).collect();
    let folder = Folder::with("voters.csv", roll(&lines.iter().map(String::as_str).collect::<Vec<_>>()));
    let before = folder.names();
    let mut child = Running::start(BILIK.command().arg("check").arg(folder.path()));
    let began = Instant::now();
    while folder.names() == before {
        assert!(began.elapsed() < Duration::from_secs(60) && !child.is_over(), "no scratch folder was made");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.signal("INT");
    assert_eq!(child.finish().code, 130);
    assert_eq!(folder.names(), before);
}
