//! The scratch folder holds the roll: nobody else reads it, and nothing of it stays.

use super::{Folder, VOTERS, roll};
use bilik_publish::problem::Kind;
use std::fs;

fn scratch(folder: &Folder) -> Vec<String> {
    folder.names().into_iter().filter(|name| name.starts_with(".bilik-scratch-")).collect()
}

#[test]
fn it_is_private_and_goes_with_its_owner() {
    let folder = Folder::new();
    let looked = folder.look();
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
    drop(looked);
    assert!(scratch(&folder).is_empty());
}

#[test]
fn it_goes_when_the_run_fails() {
    // The roll is cut off in its middle, which only reading it shows.
    let text = roll(&vec!["320101010190,Budi Santoso,A1"; 50_000]);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let folder = Folder::with("voters.csv", &packed[..packed.len() / 2]);
    assert_eq!(folder.fatal()[0].kind, Kind::NotCsv);
    assert!(scratch(&folder).is_empty());
}

/// The owner's note, with other values where a test wants them.
#[cfg(target_os = "linux")]
fn leave(folder: &Folder, name: &str, machine: Option<&str>, boot: Option<&str>, process: u32) {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
    let here = format!("{}/{}", read("/etc/machine-id"), read("/proc/sys/kernel/hostname"));
    let this_boot = read("/proc/sys/kernel/random/boot_id");
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap();
    let path = folder.path().join(format!(".bilik-scratch-{name}"));
    fs::create_dir(&path).unwrap();
    fs::write(path.join("bin-0"), "roll").unwrap();
    let owner = format!("{}\n{}\n{}\n{process}\n", machine.unwrap_or(&here), boot.unwrap_or(&this_boot), namespace.display());
    fs::write(path.join("owner"), owner).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn left_overs_of_dead_runs_are_removed_and_others_are_not() {
    let folder = Folder::with("voters.csv", VOTERS);
    leave(&folder, "dead", None, None, u32::MAX);
    leave(&folder, "before-the-last-boot", None, Some("another boot"), 1);
    leave(&folder, "alive", None, None, std::process::id());
    leave(&folder, "elsewhere", Some("another machine"), Some("its boot"), 1);
    fs::create_dir(folder.path().join(".bilik-scratch-unknown")).unwrap();
    let looked = folder.look();
    let warned: Vec<&str> = looked.report.of_kind(Kind::ScratchLeft).iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(warned, [".bilik-scratch-elsewhere", ".bilik-scratch-unknown"]);
    drop(looked);
    assert_eq!(scratch(&folder), [".bilik-scratch-alive", ".bilik-scratch-elsewhere", ".bilik-scratch-unknown"]);
}
