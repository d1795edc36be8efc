//! `plan`, `seal`, `status` and `assemble`: any worker, at any time, any number of times, and the same site in the end.

use crate::{BILIK, bilik};
use bilik_cli::synthetic::Shape;
use bilik_testkit::{MIN_COST, Operator, RunOutput, Running, tree};
use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Some groups, so that there are some parts.
fn operator() -> Operator {
    Operator::of(BILIK, &Shape { cost: MIN_COST, ..Shape::demo(3_000) }).0
}

fn work(operator: &Operator) -> PathBuf {
    operator.path().join("W")
}

fn plan(operator: &Operator, parts: &str) -> RunOutput {
    bilik(&[&"plan", &operator.election(), &"--work", &work(operator), &"--parts", &parts])
}

fn seal(operator: &Operator, part: usize) -> RunOutput {
    bilik(&[&"seal", &work(operator), &"--part", &part.to_string()])
}

fn assemble(operator: &Operator, more: &[&str]) -> RunOutput {
    let (work, key, site) = (work(operator), operator.key(), operator.site());
    let mut args: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"assemble", &work, &"--key", &key, &"--out", &site];
    args.extend(more.iter().map(|arg| arg as &dyn AsRef<std::ffi::OsStr>));
    bilik(&args)
}

fn status(operator: &Operator) -> serde_json::Value {
    let output = bilik(&[&"status", &work(operator), &"--json"]);
    assert!([0, 1].contains(&output.code), "{}", output.err);
    serde_json::from_str(&output.out).unwrap()
}

/// The number of parts of the plan.
fn parts(operator: &Operator) -> usize {
    status(operator)["parts"].as_u64().unwrap().try_into().unwrap()
}

#[test]
fn the_steps_one_by_one_give_the_site_of_a_build() {
    let operator = operator();
    let toml = operator.election().join("election.toml");
    fs::write(&toml, fs::read_to_string(&toml).unwrap().replace("[sealing]\n", "[sealing]\nseed = 7\n")).unwrap();
    operator.build();
    let built = tree(&operator.site());
    fs::remove_dir_all(operator.site()).unwrap();
    plan(&operator, "3").exits_with(0);
    let count = parts(&operator);
    assert_eq!(count, 3);
    // Any order, and again.
    for part in [3, 1, 2, 3] {
        seal(&operator, part).exits_with(0);
    }
    assert!(seal(&operator, 2).exits_with(0).out.contains("sealed before"));
    let done = status(&operator);
    assert_eq!((done["done"].as_u64(), done["missing"].as_array().map(Vec::len)), (Some(3), Some(0)));
    assert_eq!(bilik(&[&"status", &work(&operator)]).exits_with(0).out.lines().count(), 2);
    assemble(&operator, &[]).exits_with(0);
    assert!(tree(&operator.site()) == built, "with a seed, the same bytes");
    assert!(!work(&operator).exists(), "the work folder is wiped");
}

#[test]
fn a_worker_with_the_key_of_its_part_can_do_this_part_and_no_other() {
    let operator = operator();
    plan(&operator, "2").exits_with(0);
    let key = bilik(&[&"part-key", &work(&operator), &"--part", &"1"]).exits_with(0).out;
    assert_eq!(key.trim().len(), 64);
    let (file, run_key) = (operator.path().join("key-1"), work(&operator).join("run.key"));
    fs::write(&file, key).unwrap();
    let kept = fs::read(&run_key).unwrap();
    fs::remove_file(&run_key).unwrap();
    let with_key = |part: &str| bilik(&[&"seal", &work(&operator), &"--part", &part, &"--part-key", &file]);
    with_key("1").exits_with(0);
    let other = with_key("2").exits_with(65);
    assert!(other.err.contains("another part or of another plan"), "{}", other.err);
    let none = seal(&operator, 2).exits_with(65);
    assert!(none.err.contains("--part-key"), "{}", none.err);
    fs::write(&run_key, kept).unwrap();
    seal(&operator, 2).exits_with(0);
    assemble(&operator, &[]).exits_with(0);
    operator.everybody_is_found();
}

#[test]
fn parts_that_are_missing_doubled_damaged_or_of_another_plan_are_refused() {
    let operator = operator();
    let other = self::operator();
    for operator in [&operator, &other] {
        plan(operator, "3").exits_with(0);
        for part in 1..=3 {
            seal(operator, part).exits_with(0);
        }
    }
    let out = |part: usize| work(&operator).join("out").join(format!("{part:04}"));
    let right = fs::read(out(2)).unwrap();
    let refused = |expected: &str| {
        let output = assemble(&operator, &[]).exits_with(2);
        assert!(output.err.contains(expected), "{expected}: {}", output.err);
        assert!(!operator.site().exists());
    };
    fs::remove_file(out(2)).unwrap();
    refused("1 of 3 parts are not sealed");
    assert_eq!(status(&operator)["missing"], serde_json::json!([2]));
    fs::copy(work(&other).join("out/0002"), out(2)).unwrap();
    refused("another plan");
    assert_eq!(status(&operator)["refused"][0]["part"], 2);
    fs::copy(out(1), out(2)).unwrap();
    refused("another part");
    for at in [0, 60, right.len() / 2, right.len() - 1] {
        let mut damaged = right.clone();
        damaged[at] ^= 1;
        fs::write(out(2), damaged).unwrap();
        refused("damaged");
    }
    fs::write(out(2), &right[..right.len() / 2]).unwrap();
    refused("damaged");
    fs::write(out(2), &right).unwrap();
    fs::write(out(4), &right).unwrap();
    refused("no part of the plan has this name");
    fs::remove_file(out(4)).unwrap();
    // What workers get is not changed unnoticed either.
    let given = work(&operator).join("in/0001");
    let mut changed = fs::read(&given).unwrap();
    changed[200] ^= 1;
    fs::write(&given, changed).unwrap();
    fs::remove_file(out(1)).unwrap();
    let output = seal(&operator, 1).exits_with(65);
    assert!(output.err.contains("damaged"), "{}", output.err);
    seal(&operator, 9).exits_with(65);
    bilik(&[&"seal", &work(&operator), &"--part", &"0"]).exits_with(2);
}

#[test]
fn a_plan_is_not_made_twice_and_not_of_another_input() {
    let operator = operator();
    let first = plan(&operator, "2").exits_with(0);
    let planned = tree(&work(&operator));
    let again = plan(&operator, "2").exits_with(0);
    assert!(again.out.contains("planned before") && tree(&work(&operator)) == planned, "{}", again.out);
    let warnings = |run: &RunOutput| run.err.lines().filter(|line| line.starts_with("warning")).count();
    assert!(warnings(&again) > 0 && warnings(&again) <= warnings(&first), "{}\n{}", first.err, again.err);
    for part in 1..=2 {
        seal(&operator, part).exits_with(0);
    }
    for name in ["voters.csv", "stations.csv", "regions.csv", "election.toml"] {
        let path = operator.election().join(name);
        let right = fs::read(&path).unwrap();
        fs::write(&path, [right.as_slice(), b"\n"].concat()).unwrap();
        let again = plan(&operator, "2").exits_with(2);
        assert!(again.err.contains("changed after the plan was made"), "{name}: {}", again.err);
        // The roll is in the parts already.
        if name != "voters.csv" {
            let output = assemble(&operator, &[]).exits_with(2);
            assert!(output.err.contains("changed after the plan was made"), "{name}: {}", output.err);
            assert!(!operator.site().exists());
        }
        fs::write(&path, right).unwrap();
    }
    assemble(&operator, &["--keep"]).exits_with(0);
    assert!(work(&operator).join("run.key").exists());
    let occupied = operator.path().join("occupied");
    fs::create_dir(&occupied).unwrap();
    fs::write(occupied.join("thesis.txt"), "mine").unwrap();
    bilik(&[&"plan", &operator.election(), &"--work", &occupied]).exits_with(2);
    assert_eq!(fs::read(occupied.join("thesis.txt")).unwrap(), b"mine");
    // Folders of somebody else with the same names.
    let job = operator.path().join("job");
    fs::create_dir_all(job.join("in")).unwrap();
    fs::write(job.join("in/scan.png"), "mine").unwrap();
    let refused = bilik(&[&"plan", &operator.election(), &"--work", &job]).exits_with(2);
    assert!(refused.err.contains("scan.png: a file that is not of this work"), "{}", refused.err);
    assert_eq!(fs::read(job.join("in/scan.png")).unwrap(), b"mine");
}

#[test]
fn a_plan_that_allowed_rejects_is_not_gone_on_with_by_a_build_that_does_not() {
    let operator = operator();
    let roll = operator.election().join("voters.csv");
    fs::write(&roll, fs::read_to_string(&roll).unwrap() + "123,Contoh Saja,3901012001001,\n").unwrap();
    let (election, work, key, site) = (operator.election(), work(&operator), operator.key(), operator.site());
    bilik(&[&"plan", &election, &"--work", &work, &"--allow-rejects", &"1"]).exits_with(0);
    let build: [&dyn AsRef<std::ffi::OsStr>; 8] = [&"build", &election, &"--key", &key, &"--out", &site, &"--work", &work];
    let refused = bilik(&build).exits_with(2);
    assert!(refused.err.contains("pass --allow-rejects 1") && !site.exists(), "{}", refused.err);
    bilik(&[&build[..], &[&"--allow-rejects", &"1"]].concat()).exits_with(0);
}

#[test]
fn a_work_folder_is_never_inside_the_site() {
    let operator = operator();
    operator.build();
    let (election, key, site) = (operator.election(), operator.key(), operator.site());
    let inside = site.join("deep/W");
    let refused = bilik(&[&"build", &election, &"--key", &key, &"--out", &site, &"--work", &inside]).exits_with(2);
    assert!(refused.err.contains("refusing to publish") && !inside.exists(), "{}", refused.err);
    // And where one got there, nothing is uploaded, and `verify` says so.
    fs::create_dir_all(&inside).unwrap();
    fs::write(inside.join("run.key"), "00").unwrap();
    let uploads = bilik(&[&"uploads", &site, &"--public-key", &operator.public_key()]).exits_with(2);
    assert!(uploads.err.contains("run.key") && uploads.err.contains("work folder"), "{}", uploads.err);
    let verified = operator.run_verify(&[]).exits_with(1);
    assert!(verified.out.contains("REFUSED deep/W/run.key"), "{}", verified.out);
}

#[test]
fn a_worker_needs_no_more_than_its_input_and_its_key() {
    let operator = operator();
    plan(&operator, "2").exits_with(0);
    let key = bilik(&[&"part-key", &work(&operator), &"--part", &"2"]).exits_with(0).out;
    let there = operator.path().join("there");
    fs::create_dir_all(there.join("in")).unwrap();
    fs::copy(work(&operator).join("in/0002"), there.join("in/0002")).unwrap();
    fs::write(operator.path().join("key-2"), key).unwrap();
    let with_key = |part: &str| bilik(&[&"seal", &there, &"--part", &part, &"--part-key", &operator.path().join("key-2")]);
    with_key("2").exits_with(0);
    with_key("1").exits_with(65);
    fs::rename(&there, operator.path().join("unmounted")).unwrap();
    with_key("2").exits_with(75);
    bilik(&[&"seal", &there, &"--part", &"2"]).exits_with(75);
    assert!(!there.exists(), "nothing is made where a disk is out of reach");
}

/// Every word of the roll that a disk must not hold: 12 digits and names, in the encodings that files could have.
fn secrets(operator: &Operator) -> Vec<Vec<u8>> {
    let roll = fs::read_to_string(operator.election().join("voters.csv")).unwrap();
    let lines = roll.lines().skip(1).step_by(37);
    lines
        .flat_map(|line| {
            let mut cells = line.split(',');
            let (nik, name) = (cells.next().unwrap(), cells.next().unwrap());
            let folded = bilik::fold_name(name).unwrap().whole().to_owned();
            [nik.get(..12).unwrap().to_owned(), name.to_owned(), folded]
        })
        .filter(|word| word.len() > 8)
        .map(String::into_bytes)
        .collect()
}

/// Searches everything that lies in a folder, but for the input and the site.
fn assert_no_secret(folder: &Path, secrets: &[Vec<u8>]) {
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        if entry.path().extension().is_some_and(|extension| extension == "csv" || extension == "toml") {
            continue;
        }
        // It may be gone by now.
        let Ok(bytes) = fs::read(entry.path()) else { continue };
        let finder = |secret: &Vec<u8>| bytes.windows(secret.len()).any(|window| window == secret.as_slice());
        assert!(!secrets.iter().any(finder), "{} holds a voter's details", entry.path().display());
    }
}

/// Kills a command with -9 after a while.
fn kill_after(args: &[&dyn AsRef<std::ffi::OsStr>], millis: u64, meanwhile: impl Fn()) {
    let mut command = BILIK.command();
    for arg in args {
        command.arg(arg.as_ref());
    }
    let running = Running::start(&mut command);
    std::thread::sleep(Duration::from_millis(millis));
    meanwhile();
    running.kill();
}

#[test]
fn killed_at_any_moment_the_steps_go_on_and_nobody_is_lost() {
    let operator = operator();
    let secrets: Vec<Vec<u8>> = secrets(&operator).into_iter().take(12).collect();
    let mut random = ChaCha20Rng::seed_from_u64(7);
    let (election, work, key, site) = (operator.election(), work(&operator), operator.key(), operator.site());
    let before = tree(&election);
    for round in 0..5 {
        let look = || assert_no_secret(operator.path(), &secrets);
        kill_after(&[&"plan", &election, &"--work", &work, &"--parts", &"3"], random.random_range(1..60), look);
        plan(&operator, "3").exits_with(0);
        let part = random.random_range(1..=3_usize);
        kill_after(&[&"seal", &work, &"--part", &part.to_string()], random.random_range(1..120), look);
        for part in 1..=3 {
            seal(&operator, part).exits_with(0);
        }
        let args: [&dyn AsRef<std::ffi::OsStr>; 6] = [&"assemble", &work, &"--key", &key, &"--out", &site];
        kill_after(&args, random.random_range(1..250), look);
        // Either it had published, and wiped the work folder or not, or it had not.
        if work.join("plan.bilik").exists() {
            assemble(&operator, &[]).exits_with(0);
        } else {
            assert!(site.join("head.bilik").exists(), "round {round}");
        }
        // `build` with a work folder resumes in the same way.
        let args: [&dyn AsRef<std::ffi::OsStr>; 9] =
            [&"build", &election, &"--key", &key, &"--out", &site, &"--fresh", &"--work", &work];
        kill_after(&args, random.random_range(1..400), look);
        bilik(&args).exits_with(0);
        assert!(!work.exists(), "round {round}: {:?}", tree(&work).keys());
        // And without one, it begins anew, and what lay on the disk is noise that the next run removes.
        kill_after(&args[..7], random.random_range(1..300), look);
        bilik(&args[..7]).exits_with(0);
        let mut after = tree(&election);
        assert!(after.remove(Path::new("reuse.json")).is_some(), "round {round}");
        assert!(after == before, "round {round} left {:?}", after.keys());
        let names = bilik_testkit::names_in(operator.path());
        assert_eq!(names, ["KEY", "KEY.pub", "election", "site"], "round {round}");
        operator.run_verify(&[]).exits_with(0);
    }
    operator.everybody_is_found();
}

#[test]
fn two_workers_at_one_part_do_no_harm() {
    let operator = operator();
    plan(&operator, "1").exits_with(0);
    let start = || {
        let mut command = BILIK.command();
        Running::start(command.arg("seal").arg(work(&operator)).arg("--part").arg("1"))
    };
    let workers = [start(), start(), start()];
    for worker in workers {
        let output = worker.finish();
        assert_eq!(output.code, 0, "{}", output.err);
    }
    assert_eq!(bilik_testkit::names_in(&work(&operator).join("out")), ["0001"]);
    assemble(&operator, &[]).exits_with(0);
    operator.everybody_is_found();
}

#[test]
fn a_roll_that_is_swapped_while_it_is_planned_is_refused_or_is_one_of_the_two() {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, ..Shape::demo(30_000) });
    let path = operator.election().join("voters.csv");
    let one = fs::read_to_string(&path).unwrap();
    // As many good lines, in which everybody has the station of somebody else.
    let (header, lines) = one.split_once('\n').unwrap();
    let is_plain = |line: &&str| !line.contains('"');
    let station = |line: &str| line.split(',').nth(2).unwrap().to_owned();
    let mut stations: Vec<String> = lines.lines().filter(is_plain).map(station).collect();
    stations.rotate_right(1);
    let mut stations = stations.into_iter();
    let moved = lines.lines().map(|line| {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        if is_plain(&line) {
            cells[2] = stations.next().unwrap();
        }
        cells.join(",") + "\n"
    });
    let other = format!("{header}\n{}", moved.collect::<String>());
    assert_ne!(one, other);
    let mut random = ChaCha20Rng::seed_from_u64(3);
    let (election, work) = (operator.election(), work(&operator));
    let began = std::time::Instant::now();
    plan(&operator, "2").exits_with(0);
    let millis = u64::try_from(began.elapsed().as_millis()).unwrap();
    let mut refused = 0;
    for round in 0..20 {
        fs::remove_dir_all(&work).unwrap_or_default();
        fs::write(&path, &one).unwrap();
        let swapped = operator.path().join("swapped");
        fs::write(&swapped, &other).unwrap();
        let mut command = BILIK.command();
        let running = Running::start(command.arg("plan").arg(&election).arg("--work").arg(&work).arg("--parts").arg("2"));
        std::thread::sleep(Duration::from_millis(random.random_range(1..millis)));
        fs::rename(&swapped, &path).unwrap();
        let output = running.finish();
        if output.code == 2 {
            refused += 1;
            assert!(output.err.contains("changed") && !work.exists(), "{}", output.err);
            continue;
        }
        assert_eq!(output.code, 0, "{}", output.err);
        let is_other = plan(&operator, "2").code == 0;
        fs::write(&path, &one).unwrap();
        let is_one = plan(&operator, "2").code == 0;
        assert!(is_one != is_other, "round {round}: the plan is of neither roll, or of both");
    }
    assert!(refused > 0, "no try hit the time between two passes");
}
