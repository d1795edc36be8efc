//! An election folder, of which one file is any bytes.

use bilik_publish::cancel::CancellationToken;
use bilik_publish::input::Input;
use bilik_publish::problem::Report;
use bilik_publish::progress::Silent;
use bilik_publish::rejects::Rejects;
use bilik_publish::roll::{self, RollError};
use bilik_testkit::{Election, Folder};
use std::fs;

/// A folder that is made once for each thread, since a target runs some thousand times a second.
pub fn with<R>(run: impl FnOnce(&Folder) -> R) -> R {
    thread_local! {
        static FOLDER: Folder = Election::sample().folder();
    }
    FOLDER.with(run)
}

/// Reads the sample with these bytes as one of its files, instead of another if that is named, as `check` does, all of it; then puts
/// the sample's own back. Every voter who is counted is given.
pub fn read_with(name: &str, bytes: &[u8], instead_of: Option<&str>) {
    with(|folder| {
        let own = |name: &str| fs::read(folder.path().join(name)).ok();
        let kept: Vec<(&str, Option<Vec<u8>>)> =
            [Some(name), instead_of].into_iter().flatten().map(|name| (name, own(name))).collect();
        if let Some(other) = instead_of {
            fs::remove_file(folder.path().join(other)).expect("a file of the sample");
        }
        folder.put(name, bytes);
        read(folder);
        for (name, bytes) in kept {
            match bytes {
                Some(bytes) => folder.put(name, bytes),
                None => fs::remove_file(folder.path().join(name)).expect("it was put there"),
            }
        }
    });
}

fn read(folder: &Folder) {
    let mut report = Report::new();
    let mut rejects = Rejects::nowhere();
    let Ok(input) = Input::load(folder.path(), &mut report, &mut rejects) else { return };
    let mut given = 0_u64;
    let counts =
        roll::read::<RollError>(&input, &mut report, &mut rejects, ("", &Silent), &CancellationToken::new(), &mut |_| {
            given += 1;
            Ok(())
        });
    assert!(
        counts.is_ok_and(|counts| counts.voters == given) || given == 0,
        "voters who were counted and not given, or the other way"
    );
}
