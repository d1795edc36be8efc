//! A build is all or nothing: whatever happens to it, the previous site stands as it was, and nothing of the roll is left.

use crate::{BILIK, bilik, small};
use bilik::Cost;
use bilik::lookup::Outcome;
use bilik_cli::synthetic::Shape;
use bilik_testkit::{Election, MIN_COST, Operator, RunOutput, Running, Tree, ask, files_of, mode, names_in, tree, within};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// An election with a site, and then a roll whose sealing takes a minute and a half of one core.
fn slow() -> Operator {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, ..Shape::demo(3_000) });
    operator.build();
    let toml = fs::read_to_string(operator.election().join("election.toml")).unwrap();
    let Cost { memory_kib, passes } = Cost { memory_kib: 2_048, passes: 10 };
    let slower = toml.replace("memory_kib = 8\n", &format!("memory_kib = {memory_kib}\n"));
    fs::write(operator.election().join("election.toml"), slower.replace("passes = 1\n", &format!("passes = {passes}\n")))
        .unwrap();
    operator
}

fn start(operator: &Operator) -> Running {
    let mut command = BILIK.command();
    Running::start(
        command
            .arg("build")
            .arg(operator.election())
            .arg("--key")
            .arg(operator.key())
            .arg("--out")
            .arg(operator.site())
            .arg("--fresh"),
    )
}

/// Waits until something in a folder has a name that starts so.
fn wait_for(folder: &Path, prefix: &str) {
    let began = Instant::now();
    while !names_in(folder).iter().any(|name| name.starts_with(prefix)) {
        assert!(began.elapsed() < Duration::from_secs(60), "no {prefix} in {}", folder.display());
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Everything but the site: the election folder, and whatever lies beside.
fn around(operator: &Operator) -> Tree {
    tree(operator.path()).into_iter().filter(|(path, _)| !path.starts_with("site")).collect()
}

#[test]
fn an_interrupted_build_leaves_the_previous_site_and_nothing_of_the_roll() {
    let operator = slow();
    let (site, beside) = (tree(&operator.site()), around(&operator));
    for (name, waits) in [("INT", 0), ("TERM", 0), ("HUP", 150), ("INT", 400)] {
        let child = start(&operator);
        wait_for(&operator.election(), ".bilik-scratch-");
        wait_for(operator.path(), ".bilik-staging-");
        std::thread::sleep(Duration::from_millis(waits));
        let scratch = names_in(&operator.election()).into_iter().find(|name| name.starts_with(".bilik-scratch-")).unwrap();
        assert_eq!(mode(&operator.election().join(&scratch)), 0o700);
        for inner in fs::read_dir(operator.election().join(&scratch)).unwrap().map(|entry| entry.unwrap().path()) {
            let private = if inner.is_dir() { 0o700 } else { 0o600 };
            assert!(!inner.exists() || mode(&inner) == private, "{}", inner.display());
        }
        child.signal(name);
        let RunOutput { code, err, .. } = child.finish();
        assert_eq!(code, 130, "SIG{name} after {waits} ms: {err}");
        assert!(err.contains("interrupted") && err.contains("nothing was published"), "{err}");
        assert!(tree(&operator.site()) == site, "SIG{name} after {waits} ms changed the site");
        assert!(around(&operator) == beside, "SIG{name} after {waits} ms left {:?}", around(&operator).keys());
    }
}

#[test]
fn a_killed_build_leaves_the_previous_site_and_the_next_one_cleans_up() {
    let operator = slow();
    let (site, beside) = (tree(&operator.site()), around(&operator));
    let child = start(&operator);
    wait_for(&operator.election(), ".bilik-scratch-");
    wait_for(operator.path(), ".bilik-staging-");
    std::thread::sleep(Duration::from_millis(300));
    child.kill();
    assert!(tree(&operator.site()) == site);
    assert!(around(&operator) != beside, "a killed run cannot clean up");
    let checked = bilik(&[&"check", &operator.election()]).exits_with(0);
    assert!(!names_in(&operator.election()).iter().any(|name| name.starts_with(".bilik")), "{}", checked.out);
    // The staging folder holds no roll; the next build removes it, even one that fails.
    let election = operator.election().join("election.toml");
    let over = fs::read_to_string(&election).unwrap().replace("memory_kib = 2048", "memory_kib = 8");
    fs::write(election, over).unwrap();
    operator.run_build(&[]).exits_with(0);
    assert!(!names_in(operator.path()).iter().any(|name| name.starts_with(".bilik")), "{:?}", names_in(operator.path()));
    operator.run_verify(&[]).exits_with(0);
}

/// A disk that takes no file beyond some length: first the spooled roll does not fit, then only the module of the page.
#[test]
fn a_build_that_fails_halfway_leaves_the_previous_site_and_nothing_of_the_roll() {
    let (operator, _) = Operator::of(BILIK, &Shape { cost: MIN_COST, ..Shape::demo(1_500) });
    operator.build();
    let (site, beside) = (tree(&operator.site()), around(&operator));
    let module = fs::metadata(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pkg/bilik_bg.wasm")).unwrap().len();
    // POSIX counts in blocks of 512 bytes; without a handler the signal would kill the build.
    for (blocks, file) in [(16, ".bilik-scratch-"), (module / 512 - 1, "bilik_bg.wasm")] {
        let mut command = BILIK.behind_shell(&format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""));
        command.arg("build").arg(operator.election());
        let failed = RunOutput::of(command.arg("--key").arg(operator.key()).arg("--out").arg(operator.site())).exits_with(2);
        assert!(failed.err.contains(file) && failed.err.contains("disk"), "{}", failed.err);
        assert!(tree(&operator.site()) == site, "{file}: the site changed");
        assert!(around(&operator) == beside, "{file}: left {:?}", around(&operator).keys());
    }
}

#[test]
fn a_build_that_cannot_put_a_page_in_place_leaves_the_old_head_which_still_answers() {
    let operator = small();
    let head = fs::read(operator.site().join("head.bilik")).unwrap();
    let before = tree(&operator.site());
    fs::remove_file(operator.site().join("index.html")).unwrap();
    fs::create_dir(operator.site().join("index.html")).unwrap();
    let failed = operator.run_build(&[&"--fresh"]).exits_with(2);
    assert!(failed.err.contains("index.html"), "{}", failed.err);
    assert_eq!(fs::read(operator.site().join("head.bilik")).unwrap(), head, "the head comes last");
    let after = tree(&operator.site());
    let is_immutable = |path: &Path| path.components().count() == 2 && path.extension().is_some_and(|ending| ending == "bilik");
    assert!(before.iter().filter(|(path, _)| is_immutable(path)).all(|(path, file)| after.get(path) == Some(file)));
    assert!(after.keys().filter(|path| is_immutable(path)).count() > before.keys().filter(|path| is_immutable(path)).count());
    operator.run_find(&[&"--nik", &"390101120190", &"--name", &"Budi Santoso"]).exits_with(0);
    assert!(!names_in(operator.path()).iter().any(|name| name.starts_with(".bilik")));
    // With the obstacle gone, the next build publishes.
    fs::remove_dir(operator.site().join("index.html")).unwrap();
    operator.run_build(&[]).exits_with(0);
    operator.run_verify(&[&"--roll", &operator.election()]).exits_with(0);
}

/// Sets a flag when it goes.
struct OnDrop<'a>(&'a AtomicBool);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_build_over_a_site_keeps_its_immutable_files_and_every_question_meanwhile_is_answered() {
    within(300, build_while_visitors_ask);
}

fn build_while_visitors_ask() {
    let operator = small();
    let ready = AtomicBool::new(false);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Also where an assertion fails below: the reader must end before the scope can.
        let end = OnDrop(&done);
        let reader = scope.spawn(|| {
            let mut asked = 0;
            while !done.load(Ordering::Relaxed) {
                // A new lookup each time, as if a new visitor came.
                let outcome = ask(&operator.lookup(), "390101120190", "Budi Santoso", None);
                assert!(matches!(outcome, Outcome::Found { .. }), "question {asked}: {outcome:?}");
                asked += 1;
                ready.store(true, Ordering::Relaxed);
            }
            asked
        });
        while !ready.load(Ordering::Relaxed) && !reader.is_finished() {
            std::thread::sleep(Duration::from_millis(1));
        }
        for _ in 0..10 {
            let before = tree(&operator.site());
            operator.build();
            let after = tree(&operator.site());
            for (path, file) in before.iter().filter(|(path, _)| path.starts_with("t") || path.starts_with("m")) {
                assert_eq!(after.get(path), Some(file), "{}", path.display());
            }
            assert!(after.len() > before.len(), "fresh chance makes fresh tables");
        }
        drop(end);
        println!("{} questions while 10 builds were published", reader.join().unwrap());
    });
    operator.everybody_is_found();
}

/// The operator's umask keeps the roll private; the site is for everybody, and so is what a second build adds to it.
#[test]
fn whatever_the_umask_a_web_server_can_read_the_site_and_nobody_the_key() {
    let operator = small();
    fs::remove_dir_all(operator.site()).unwrap();
    for build in 1..=2 {
        let mut command = BILIK.behind_shell("umask 077; exec \"$0\" \"$@\"");
        command.arg("build").arg(operator.election());
        RunOutput::of(command.arg("--key").arg(operator.key()).arg("--out").arg(operator.site())).exits_with(0);
        for (path, (mode, bytes)) in tree(&operator.site()) {
            let expected = if bytes.is_none() { 0o755 } else { 0o644 };
            assert_eq!(mode, expected, "build {build}: {} has {mode:o}", path.display());
        }
        assert_eq!((mode(&operator.site()), mode(&operator.key())), (0o755, 0o600));
    }
}

#[test]
fn no_build_goes_into_a_folder_that_is_not_a_site() {
    let election = Election::of_stations(&["3901012001001"]).voters("3901011201900001,Budi Santoso,3901012001001,\n");
    let operator = election.operator(BILIK);
    fs::create_dir(operator.site()).unwrap();
    fs::write(operator.site().join("thesis.txt"), "years of work").unwrap();
    let before = tree(operator.path());
    let refused = operator.run_build(&[]).exits_with(2);
    assert!(refused.err.contains("not a site"), "{}", refused.err);
    assert_eq!(tree(operator.path()), before);
    // The election folder and the folder of the key are none either: the roll and the key would be published.
    for secret in [operator.election(), operator.path().to_owned()] {
        let refused = bilik(&[&"build", &operator.election(), &"--key", &operator.key(), &"--out", &secret]).exits_with(2);
        assert!(refused.err.contains("refusing to publish"), "{}", refused.err);
        assert_eq!(tree(operator.path()), before);
    }
    fs::remove_file(operator.site().join("thesis.txt")).unwrap();
    operator.run_build(&[]).exits_with(0);
}

#[test]
fn no_build_replaces_the_site_of_another_election_and_no_roll_verifies_it() {
    let (operator, other) = (small(), Operator::init(BILIK));
    let before = tree(&operator.site());
    let refused = bilik(&[&"build", &other.election(), &"--key", &operator.key(), &"--out", &operator.site()]).exits_with(2);
    assert!(refused.err.contains("of another election, uji-2029"), "{}", refused.err);
    assert_eq!(tree(&operator.site()), before);
    let refused = operator.run_verify(&[&"--roll", &other.election()]).exits_with(2);
    assert!(refused.err.contains("the site is of uji-2029"), "{}", refused.err);
}

/// A voter is withheld after the first build: the tables of before still hold them, until they are pruned.
#[test]
fn prune_removes_the_tables_that_hold_a_voter_withheld_since() {
    let operator = small();
    let (old_head, old) = (fs::read(operator.site().join("head.bilik")).unwrap(), files_of(&operator));
    let answered = || {
        let outcome = ask(&operator.lookup(), "390101120190", "Budi Santoso", Some("3901012001"));
        matches!(outcome, Outcome::Found { .. })
    };
    assert!(answered());
    fs::write(operator.election().join("withheld.csv"), "nik\n3901011201900001\n").unwrap();
    let warned = operator.run_build(&[]).exits_with(0);
    assert!(warned.out.contains("WARNING") && warned.out.contains("--prune"), "{}", warned.out);
    assert!(!answered());
    // A device with the older head finds them in the older tables.
    let new_head = fs::read(operator.site().join("head.bilik")).unwrap();
    fs::write(operator.site().join("head.bilik"), &old_head).unwrap();
    assert!(answered());
    fs::write(operator.site().join("head.bilik"), new_head).unwrap();
    let pruned = operator.run_build(&[&"--prune"]).exits_with(0);
    assert!(!pruned.out.contains("WARNING"), "{}", pruned.out);
    assert!(!answered());
    let left = files_of(&operator);
    assert!(old.keys().filter(|path| path.starts_with("t/")).all(|path| !left.contains_key(path)));
    assert_eq!(left.keys().filter(|path| path.starts_with("t/")).count(), 2);
    let verified = operator.run_verify(&[&"--roll", &operator.election()]).exits_with(0);
    assert!(verified.out.contains("4 of 4 asked right") && verified.out.contains("1 withheld"), "{}", verified.out);
}

#[test]
fn a_second_build_of_the_same_site_is_refused_and_one_of_another_is_not() {
    let operator = slow();
    let first = start(&operator);
    wait_for(operator.path(), ".bilik-staging-");
    // However the site is written.
    for site in [operator.site(), operator.election().join("..").join("site")] {
        let second = bilik(&[&"build", &operator.election(), &"--key", &operator.key(), &"--out", &site]).exits_with(2);
        assert!(second.err.contains("another build is making this site"), "{}", second.err);
    }
    // Beside it there is room for others.
    let other = small();
    let beside = operator.path().join("beside");
    bilik(&[&"build", &other.election(), &"--key", &other.key(), &"--out", &beside]).exits_with(0);
    first.signal("INT");
    first.finish().exits_with(130);
    // Nothing is left that refuses the next.
    let toml = fs::read_to_string(operator.election().join("election.toml")).unwrap();
    fs::write(operator.election().join("election.toml"), toml.replace("passes = 10", "passes = 1")).unwrap();
    fs::write(
        operator.election().join("voters.csv"),
        fs::read_to_string(operator.election().join("voters.csv")).unwrap().lines().take(200).collect::<Vec<_>>().join("\n"),
    )
    .unwrap();
    operator.run_build(&[]).exits_with(0);
    assert!(!names_in(operator.path()).iter().any(|name| name.starts_with(".bilik")), "{:?}", names_in(operator.path()));
}
