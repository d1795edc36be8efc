//! `bilik witness`: what outsiders see through all mirrors, remember and state.

use crate::hosts::host;
use crate::{BILIK, bilik, small};
use bilik::format::{self, Head, ProvincePart, PublicKey, WitnessStatement};
use bilik_publish::signing::{self, Signers};
use bilik_publish::witness::HeadLog;
use bilik_testkit::{Operator, RunOutput, Running, copy_folder};
use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Two mirrors of one site, and a witness with a key of its own.
struct Watched {
    operator: Operator,
    second: PathBuf,
    mirrors: [String; 2],
}

impl Watched {
    fn new() -> Self {
        let operator = small();
        let second = operator.path().join("second");
        copy_folder(&operator.site(), &second);
        signing::generate(&operator.path().join("W")).unwrap();
        let mirrors = [host(&operator.site(), |_, _| ()), host(&second, |_, _| ())];
        Self { operator, second, mirrors }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.operator.path().join(name)
    }

    fn witness(&self, more: &[&dyn AsRef<OsStr>]) -> RunOutput {
        let [first, second] = &self.mirrors;
        self.witness_of(&[first, second], more)
    }

    fn args(&self) -> [std::ffi::OsString; 6] {
        let (public, key, out) = (self.operator.public_key(), self.path("W"), self.path("statement.bilik"));
        ["--public-key".into(), public.into(), "--key".into(), key.into(), "--out".into(), out.into()]
    }

    fn witness_of(&self, sites: &[&dyn AsRef<OsStr>], more: &[&dyn AsRef<OsStr>]) -> RunOutput {
        let args = self.args();
        let args: Vec<&dyn AsRef<OsStr>> = args.iter().map(|arg| arg as &dyn AsRef<OsStr>).collect();
        bilik(&[&[&"witness" as &dyn AsRef<OsStr>], sites, &args, more].concat())
    }

    fn public(&self) -> PublicKey {
        signing::read_public(&self.path("W.pub")).unwrap()
    }

    fn statement(&self) -> WitnessStatement {
        WitnessStatement::read(&fs::read(self.path("statement.bilik")).unwrap(), &self.public()).unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("heads.log")).unwrap_or_default()
    }

    /// A head of the operator's, put into the folders of mirrors.
    fn publish(&self, head: &Head, folders: &[&Path]) -> Vec<u8> {
        let bytes = Signers::read(&[self.operator.key()]).unwrap().sign(head).unwrap();
        for folder in folders {
            fs::write(folder.join("head.bilik"), &bytes).unwrap();
        }
        bytes
    }

    fn newer(&self) -> Head {
        let head = self.operator.head();
        Head { serial: head.serial + 1, ..head }
    }

    /// Runs, and makes sure that nothing is stated or logged.
    #[track_caller]
    fn refused(&self, status: i32, reason: &str, ran: impl FnOnce(&Self) -> RunOutput) {
        let out = self.path("statement.bilik");
        let before = (fs::read(&out).ok(), self.log());
        let ran = ran(self).exits_with(status);
        assert!(ran.err.contains(reason), "{reason}: {}", ran.err);
        assert!((fs::read(&out).ok(), self.log()) == before, "{reason}: something was written");
    }
}

#[test]
fn a_head_is_stated_and_logged_once_and_its_successor_too() {
    let watched = Watched::new();
    let head = watched.operator.head();
    let said = watched.witness(&[]).exits_with(0);
    assert!(said.out.contains("2 of 2 mirrors have it") && said.err.is_empty(), "{said:?}");
    assert!(said.out.contains(&WitnessStatement::path(&watched.public())), "{said:?}");
    let first = watched.statement();
    assert!(first.is_of(&head) && first.time >= head.signed_at);
    let log = watched.log();
    assert_eq!(log.lines().count(), 1);

    // Seen again: a later statement of the same head, and no other line.
    watched.witness(&[]).exits_with(0);
    assert!(watched.statement().is_of(&head) && watched.statement().time >= first.time);
    assert_eq!(watched.log(), log);

    // The mirror that lags behind is named, and the newest head is stated.
    let newer = watched.newer();
    watched.publish(&newer, &[&watched.second]);
    let said = watched.witness(&[]).exits_with(0);
    assert!(said.err.contains(&format!("OLDER {}: serial {}", watched.mirrors[0], head.serial)), "{said:?}");
    assert!(watched.statement().is_of(&newer));
    assert!(watched.log().starts_with(&log) && watched.log().lines().count() == 2);

    let shown = bilik(&[&"inspect", &watched.path("statement.bilik")]).exits_with(0).json();
    assert_eq!((&shown["file"]["kind"], &shown["file"]["serial"]), (&"witness statement".into(), &newer.serial.into()));
}

#[test]
fn a_site_that_goes_back_is_not_stated() {
    let watched = Watched::new();
    let (head, newer) = (watched.operator.head(), watched.newer());
    let both = [watched.operator.site(), watched.second.clone()];
    let both = both.each_ref().map(PathBuf::as_path);
    watched.publish(&newer, &both);
    watched.witness(&[]).exits_with(0);
    watched.publish(&head, &both);
    watched.refused(3, "the site goes back", |watched| watched.witness(&[]));
    let json = watched.witness(&[&"--json"]).exits_with(3).json();
    assert_eq!(
        (&json["refused"]["contradiction"], &json["refused"]["seen"]),
        (&"goesBack".into(), &newer.serial.into()),
        "{json}"
    );
    // What the log does not have was not seen: without it, an older head is as good as any.
    watched.witness(&[&"--state", &watched.path("other.log")]).exits_with(0);
}

#[test]
fn two_heads_of_one_serial_are_not_stated_and_both_are_kept() {
    let watched = Watched::new();
    let head = watched.operator.head();
    let other = Head { expires: head.expires + 1, ..head.clone() };
    let second = watched.publish(&other, &[&watched.second]);
    // Between two mirrors, before anything is in the log.
    watched.refused(3, "two heads have serial", |watched| watched.witness(&[]));
    let proofs = || {
        let names = fs::read_dir(watched.operator.path()).unwrap().map(|entry| entry.unwrap().path());
        let is_proof = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("heads.log.");
        names.filter(is_proof).map(|path| fs::read(path).unwrap()).collect::<Vec<_>>()
    };
    let own = fs::read(watched.operator.site().join("head.bilik")).unwrap();
    let kept = proofs();
    assert!(kept.len() == 2 && kept.contains(&second) && kept.contains(&own));
    // Against the log, when only one mirror is there; and though another one has a newer head by now.
    watched.witness_of(&[&watched.mirrors[0]], &[]).exits_with(0);
    watched.refused(3, "heads.log", |watched| watched.witness_of(&[&watched.mirrors[1]], &[]));
    watched.publish(&watched.newer(), &[&watched.operator.site()]);
    watched.refused(3, "two heads have serial", |watched| watched.witness(&[]));
    assert_eq!(proofs().len(), 2, "each once");
    // A second signature makes no second head.
    let third = watched.path("THIRD");
    signing::generate(&third).unwrap();
    let signed_twice = Signers::read(&[watched.operator.key(), third]).unwrap().sign(&head).unwrap();
    fs::write(watched.second.join("head.bilik"), signed_twice).unwrap();
    fs::write(watched.operator.site().join("head.bilik"), watched.publish(&head, &[])).unwrap();
    watched.witness(&[]).exits_with(0);
}

#[test]
fn a_slip_in_an_option_replaces_neither_the_key_nor_the_log() {
    let watched = Watched::new();
    watched.witness(&[]).exits_with(0);
    let [key, log, site] = ["W", "heads.log", "site"].map(|name| watched.path(name));
    let public = watched.operator.public_key();
    for out in [&key, &log, &site] {
        let before = (fs::read(&key).unwrap(), watched.log());
        let args: [&dyn AsRef<OsStr>; 10] =
            [&"witness", &watched.mirrors[0], &"--public-key", &public, &"--key", &key, &"--out", out, &"--state", &log];
        let refused = bilik(&args).exits_with(2);
        assert!(refused.err.contains("exists and is not a statement"), "{refused:?}");
        assert!(before == (fs::read(&key).unwrap(), watched.log()), "{}", out.display());
    }
    // Nor a log that is only to be made.
    let new = watched.path("new.log");
    let args: [&dyn AsRef<OsStr>; 10] =
        [&"witness", &watched.mirrors[0], &"--public-key", &public, &"--key", &key, &"--out", &new, &"--state", &new];
    bilik(&args).exits_with(2);
    assert!(!new.exists());
}

#[test]
fn what_no_page_would_follow_is_not_stated() {
    let watched = Watched::new();
    let site = watched.operator.site();
    let good = fs::read(site.join("head.bilik")).unwrap();
    let head = watched.operator.head();
    let only = |watched: &Watched| watched.witness_of(&[&watched.mirrors[0]], &[]);
    let mut altered = good.clone();
    altered[40] ^= 1;
    for (bytes, reason) in
        [(altered, "altered"), (good[..100].to_vec(), "expected"), (b"<!doctype html>".to_vec(), "not a Bilik file")]
    {
        fs::write(site.join("head.bilik"), bytes).unwrap();
        watched.refused(1, reason, only);
    }
    watched.publish(&Head { serial: 1, signed_at: 1, expires: 2, ..head.clone() }, &[&site]);
    watched.refused(1, "expired 1970-01-01", only);
    watched.publish(&Head { signed_at: head.expires - 1, ..head.clone() }, &[&site]);
    watched.refused(1, "this machine's clock has not reached", only);
    watched.publish(&Head { election: "lain-2029".into(), ..head.clone() }, &[&site]);
    watched.refused(1, "belongs to another election", only);
    fs::write(site.join("head.bilik"), &good).unwrap();
    let manifest = site.join(head.manifest.path(bilik::format::Kind::Manifest));
    let whole = fs::read(&manifest).unwrap();
    let mut spoilt = whole.clone();
    spoilt[20] ^= 1;
    fs::write(&manifest, spoilt).unwrap();
    watched.refused(1, "changed in transit or on the mirror", only);
    fs::remove_file(&manifest).unwrap();
    watched.refused(1, "UNREACHABLE", only);
    // The other mirror is enough, and this one is named.
    let said = watched.witness(&[]).exits_with(0);
    assert!(
        said.err.contains(&format!("UNREACHABLE {}: m/", watched.mirrors[0])) && said.out.contains("1 of 2 mirrors"),
        "{said:?}"
    );
    fs::write(&manifest, whole).unwrap();
    let part = site.join(head.provinces[0].part.path(bilik::format::Kind::Province));
    let whole = fs::read(&part).unwrap();
    fs::remove_file(&part).unwrap();
    watched.refused(1, "UNREACHABLE", only);
    fs::write(&part, whole).unwrap();
    let other = |change: &dyn Fn(&mut Head)| {
        let mut other = head.clone();
        change(&mut other);
        watched.publish(&other, &[&site]);
    };
    let verified = |reason: &str| assert!(watched.operator.run_verify(&[]).exits_with(1).out.contains(reason), "{reason}");
    let reason = "it names parts for other provinces than the manifest has";
    let changes: [&dyn Fn(&mut Head); 2] = [&|head| head.provinces.clear(), &|head| head.provinces[0].code += 1];
    for change in changes {
        other(change);
        watched.refused(1, reason, only);
        verified(reason);
    }
    let mut renamed: ProvincePart = format::read(&fs::read(&part).unwrap(), &head.provinces[0].part).unwrap();
    renamed.province.name.push('!');
    let (bytes, file) = format::write(&renamed).unwrap();
    fs::write(site.join(file.path(bilik::format::Kind::Province)), bytes).unwrap();
    other(&|head| head.provinces[0].part = file);
    watched.refused(1, "it differs from what the manifest says of its province", only);
    verified("it differs from what the manifest says of its province");
    fs::write(site.join("head.bilik"), &good).unwrap();
    let free = format!("http://{}/", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    watched.refused(1, "nothing runs there", |watched| watched.witness_of(&[&free], &[]));
    watched.refused(2, "not a site", |watched| watched.witness_of(&[&"nowhere"], &[]));
    // Keys of others, and more signatures than there are.
    let stranger = watched.path("STRANGER");
    signing::generate(&stranger).unwrap();
    let other = watched.path("STRANGER.pub");
    watched.refused(1, "expected signatures by 2 trusted keys, got 1", |watched| {
        watched.witness(&[&"--public-key", &other, &"--threshold", &"2"])
    });
}

#[test]
fn a_log_that_was_changed_or_is_ahead_of_the_clock_is_not_followed() {
    let watched = Watched::new();
    watched.witness(&[]).exits_with(0);
    let log = watched.log();
    fs::write(watched.path("heads.log"), log.replacen(' ', "  ", 1)).unwrap();
    watched.refused(2, "heads.log:1: not a line that `bilik witness` wrote here", |watched| watched.witness(&[]));
    fs::write(watched.path("heads.log"), &log).unwrap();
    let held = HeadLog::open(&watched.path("heads.log")).unwrap();
    watched.refused(2, "another `bilik witness` uses this log", |watched| watched.witness(&[]));
    drop(held);
    let ahead = watched.path("ahead.log");
    let bytes = fs::read(watched.operator.site().join("head.bilik")).unwrap();
    let in_an_hour = bilik_publish::now().unwrap() + 3_600;
    HeadLog::open(&ahead).unwrap().add(&bytes, in_an_hour).unwrap();
    watched.refused(2, "Fix: set the clock", |watched| watched.witness(&[&"--state", &ahead]));
    watched.witness(&[]).exits_with(0);
}

#[test]
fn a_witness_looks_again_until_it_is_stopped_or_finds_a_contradiction() {
    let watched = Watched::new();
    let start = || {
        let mut command = BILIK.command();
        command.arg("witness").args(&watched.mirrors).args(watched.args()).args(["--every", "1s", "--json"]);
        Running::start(&mut command)
    };
    let wait_for_lines = |lines: usize| {
        let began = Instant::now();
        while watched.log().lines().count() < lines {
            assert!(began.elapsed() < Duration::from_secs(60), "{}", watched.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let head = watched.operator.head();
    let running = start();
    wait_for_lines(1);
    let newer = watched.newer();
    watched.publish(&newer, &[&watched.second]);
    wait_for_lines(2);
    running.signal("INT");
    let ended = running.finish().exits_with(130);
    let looks: Vec<serde_json::Value> =
        ended.out.lines().filter(|line| line.contains("\"serial\"")).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(looks.len() >= 2 && looks[0]["serial"] == head.serial, "{ended:?}");
    let running = start();
    watched.publish(&head, &[&watched.second]);
    let ended = running.finish().exits_with(3);
    assert!(ended.out.lines().last().unwrap().contains("goesBack"), "{ended:?}");
    for wrong in ["0s", "5", "soon"] {
        let said = watched.witness(&[&"--every", &wrong]).exits_with(2);
        assert!(said.err.contains("--every"), "{}", said.err);
    }
}
