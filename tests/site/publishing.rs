//! A build is all or nothing: whatever happens to it, the previous site stands as it was, and nothing of the roll is left.

use crate::support::{BILIK, Handmade, LIGHT, Ran, Tree, World, bilik, mode, names_in, tree};
use bilik::Cost;
use bilik::lookup::Outcome;
use bilik_cli::synthetic::Shape;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// An election with a site, and then a roll whose sealing takes a minute and a half of one core.
fn slow() -> World {
    let (world, _) = World::of(&Shape { cost: LIGHT, ..Shape::demo(3_000) });
    world.build();
    let toml = fs::read_to_string(world.election().join("election.toml")).unwrap();
    let Cost { memory_kib, passes } = Cost { memory_kib: 2_048, passes: 10 };
    let slower = toml.replace("memory_kib = 8\n", &format!("memory_kib = {memory_kib}\n"));
    fs::write(world.election().join("election.toml"), slower.replace("passes = 1\n", &format!("passes = {passes}\n"))).unwrap();
    world
}

fn start(world: &World) -> Child {
    let mut command = Command::new(BILIK);
    command.arg("build").arg(world.election()).arg("--key").arg(world.key()).arg("--out").arg(world.site());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until something in a folder has a name that starts so.
fn wait_for(folder: &Path, prefix: &str) {
    let began = Instant::now();
    while !names_in(folder).iter().any(|name| name.starts_with(prefix)) {
        assert!(began.elapsed() < Duration::from_secs(60), "no {prefix} in {}", folder.display());
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn signal(child: &Child, signal: &str) {
    let killed = Command::new("sh").arg("-c").arg(format!("kill -{signal} {}", child.id())).status().unwrap();
    assert!(killed.success());
}

/// Everything but the site: the election folder, and whatever lies beside.
fn around(world: &World) -> Tree {
    tree(world.path()).into_iter().filter(|(path, _)| !path.starts_with("site")).collect()
}

#[test]
fn an_interrupted_build_leaves_the_previous_site_and_nothing_of_the_roll() {
    let world = slow();
    let (site, beside) = (tree(&world.site()), around(&world));
    for (name, waits) in [("INT", 0), ("TERM", 0), ("HUP", 150), ("INT", 400)] {
        let child = start(&world);
        wait_for(&world.election(), ".bilik-scratch-");
        wait_for(world.path(), ".bilik-staging-");
        std::thread::sleep(Duration::from_millis(waits));
        let scratch = names_in(&world.election()).into_iter().find(|name| name.starts_with(".bilik-scratch-")).unwrap();
        assert_eq!(mode(&world.election().join(&scratch)), 0o700);
        for bin in fs::read_dir(world.election().join(&scratch)).unwrap().map(|entry| entry.unwrap().path()) {
            assert!(bin.ends_with("owner") || mode(&bin) == 0o600, "{}", bin.display());
        }
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "SIG{name} after {waits} ms: {err}");
        assert!(err.contains("interrupted") && err.contains("nothing was published"), "{err}");
        assert!(tree(&world.site()) == site, "SIG{name} after {waits} ms changed the site");
        assert!(around(&world) == beside, "SIG{name} after {waits} ms left {:?}", around(&world).keys());
    }
}

#[test]
fn a_killed_build_leaves_the_previous_site_and_the_next_one_cleans_up() {
    let world = slow();
    let (site, beside) = (tree(&world.site()), around(&world));
    let mut child = start(&world);
    wait_for(&world.election(), ".bilik-scratch-");
    wait_for(world.path(), ".bilik-staging-");
    std::thread::sleep(Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(tree(&world.site()) == site);
    assert!(around(&world) != beside, "a killed run cannot clean up");
    let checked = bilik(&[&"check", &world.election()]).ends_with(0);
    assert!(!names_in(&world.election()).iter().any(|name| name.starts_with(".bilik")), "{}", checked.out);
    // The staging folder holds no roll; the next build removes it, even one that fails.
    let election = world.election().join("election.toml");
    let over = fs::read_to_string(&election).unwrap().replace("memory_kib = 2048", "memory_kib = 8");
    fs::write(election, over).unwrap();
    world.run_build(&[]).ends_with(0);
    assert!(!names_in(world.path()).iter().any(|name| name.starts_with(".bilik")), "{:?}", names_in(world.path()));
    world.run_verify(&[]).ends_with(0);
}

/// A disk that takes no file beyond some length: first the spooled roll does not fit, then only the module of the page.
#[test]
fn a_build_that_fails_halfway_leaves_the_previous_site_and_nothing_of_the_roll() {
    let (world, _) = World::of(&Shape { cost: LIGHT, ..Shape::demo(1_500) });
    world.build();
    let (site, beside) = (tree(&world.site()), around(&world));
    let module = fs::metadata(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pkg/bilik_bg.wasm")).unwrap().len();
    // POSIX counts in blocks of 512 bytes; without a handler the signal would kill the build.
    for (blocks, file) in [(16, ".bilik-scratch-"), (module / 512 - 1, "bilik_bg.wasm")] {
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.arg("-c").arg(limited).arg(BILIK).arg("build").arg(world.election());
        let failed = Ran::of(command.arg("--key").arg(world.key()).arg("--out").arg(world.site())).ends_with(2);
        assert!(failed.err.contains(file) && failed.err.contains("disk"), "{}", failed.err);
        assert!(tree(&world.site()) == site, "{file}: the site changed");
        assert!(around(&world) == beside, "{file}: left {:?}", around(&world).keys());
    }
}

#[test]
fn a_build_that_cannot_put_a_page_in_place_leaves_the_old_head_which_still_answers() {
    let world = crate::damage::small();
    let head = fs::read(world.site().join("head.bilik")).unwrap();
    let before = tree(&world.site());
    fs::remove_file(world.site().join("index.html")).unwrap();
    fs::create_dir(world.site().join("index.html")).unwrap();
    let failed = world.run_build(&[]).ends_with(2);
    assert!(failed.err.contains("index.html"), "{}", failed.err);
    assert_eq!(fs::read(world.site().join("head.bilik")).unwrap(), head, "the head comes last");
    let after = tree(&world.site());
    let is_immutable = |path: &Path| path.components().count() == 2 && path.extension().is_some_and(|ending| ending == "bilik");
    assert!(before.iter().filter(|(path, _)| is_immutable(path)).all(|(path, file)| after.get(path) == Some(file)));
    assert!(after.keys().filter(|path| is_immutable(path)).count() > before.keys().filter(|path| is_immutable(path)).count());
    world.run_find(&[&"--nik", &"390101120190", &"--name", &"Budi Santoso"]).ends_with(0);
    assert!(!names_in(world.path()).iter().any(|name| name.starts_with(".bilik")));
    // With the obstacle gone, the next build publishes.
    fs::remove_dir(world.site().join("index.html")).unwrap();
    world.run_build(&[]).ends_with(0);
    world.run_verify(&[&"--roll", &world.election()]).ends_with(0);
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
    let world = crate::damage::small();
    let ready = AtomicBool::new(false);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Also where an assertion fails below: the reader must end before the scope can.
        let end = OnDrop(&done);
        let reader = scope.spawn(|| {
            let mut asked = 0;
            while !done.load(Ordering::Relaxed) {
                // A new lookup each time, as if a new visitor came.
                let outcome = crate::support::ask(&world.lookup(), "390101120190", "Budi Santoso", None);
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
            let before = tree(&world.site());
            world.build();
            let after = tree(&world.site());
            for (path, file) in before.iter().filter(|(path, _)| path.starts_with("t") || path.starts_with("m")) {
                assert_eq!(after.get(path), Some(file), "{}", path.display());
            }
            assert!(after.len() > before.len(), "fresh chance makes fresh tables");
        }
        drop(end);
        println!("{} questions while 10 builds were published", reader.join().unwrap());
    });
    world.everybody_is_found();
}

/// The operator's umask keeps the roll private; the site is for everybody, and so is what a second build adds to it.
#[test]
fn whatever_the_umask_a_web_server_can_read_the_site_and_nobody_the_key() {
    let world = crate::damage::small();
    fs::remove_dir_all(world.site()).unwrap();
    for build in 1..=2 {
        let mut command = Command::new("sh");
        command.arg("-c").arg("umask 077; exec \"$0\" \"$@\"").arg(BILIK).arg("build").arg(world.election());
        Ran::of(command.arg("--key").arg(world.key()).arg("--out").arg(world.site())).ends_with(0);
        for (path, (mode, bytes)) in tree(&world.site()) {
            let expected = if bytes.is_none() { 0o755 } else { 0o644 };
            assert_eq!(mode, expected, "build {build}: {} has {mode:o}", path.display());
        }
        assert_eq!((mode(&world.site()), mode(&world.key())), (0o755, 0o600));
    }
}

#[test]
fn no_build_goes_into_a_folder_that_is_no_site() {
    let world =
        Handmade { stations: &["3901012001001"], voters: "3901011201900001,Budi Santoso,3901012001001,\n", toml: "" }.write();
    fs::create_dir(world.site()).unwrap();
    fs::write(world.site().join("thesis.txt"), "years of work").unwrap();
    let before = tree(world.path());
    let refused = world.run_build(&[]).ends_with(2);
    assert!(refused.err.contains("no site of Bilik's"), "{}", refused.err);
    assert_eq!(tree(world.path()), before);
    // The election folder and the folder of the key are none either: the roll and the key would be published.
    for secret in [world.election(), world.path().to_owned()] {
        let refused = bilik(&[&"build", &world.election(), &"--key", &world.key(), &"--out", &secret]).ends_with(2);
        assert!(refused.err.contains("this is secret"), "{}", refused.err);
        assert_eq!(tree(world.path()), before);
    }
    fs::remove_file(world.site().join("thesis.txt")).unwrap();
    world.run_build(&[]).ends_with(0);
}

#[test]
fn no_build_replaces_the_site_of_another_election_and_no_roll_verifies_it() {
    let (world, other) = (crate::damage::small(), World::init());
    let before = tree(&world.site());
    let refused = bilik(&[&"build", &other.election(), &"--key", &world.key(), &"--out", &world.site()]).ends_with(2);
    assert!(refused.err.contains("of another election, uji-2029"), "{}", refused.err);
    assert_eq!(tree(&world.site()), before);
    let refused = world.run_verify(&[&"--roll", &other.election()]).ends_with(2);
    assert!(refused.err.contains("the site is of uji-2029"), "{}", refused.err);
}

/// A voter is withheld after the first build: the tables of before still hold them, until they are pruned.
#[test]
fn prune_leaves_no_table_in_which_a_voter_is_who_is_withheld_since() {
    let world = crate::damage::small();
    let (old_head, old) = (fs::read(world.site().join("head.bilik")).unwrap(), crate::shelf::files_of(&world));
    let answered = || {
        let outcome = crate::support::ask(&world.lookup(), "390101120190", "Budi Santoso", Some("3901012001"));
        matches!(outcome, Outcome::Found { .. })
    };
    assert!(answered());
    fs::write(world.election().join("withheld.csv"), "nik\n3901011201900001\n").unwrap();
    let warned = world.run_build(&[]).ends_with(0);
    assert!(warned.out.contains("WARNING") && warned.out.contains("--prune"), "{}", warned.out);
    assert!(!answered());
    // Whoever kept the older head finds them in the older tables.
    let new_head = fs::read(world.site().join("head.bilik")).unwrap();
    fs::write(world.site().join("head.bilik"), &old_head).unwrap();
    assert!(answered());
    fs::write(world.site().join("head.bilik"), new_head).unwrap();
    let pruned = world.run_build(&[&"--prune"]).ends_with(0);
    assert!(!pruned.out.contains("WARNING"), "{}", pruned.out);
    assert!(!answered());
    let left = crate::shelf::files_of(&world);
    assert!(old.keys().filter(|path| path.starts_with("t/")).all(|path| !left.contains_key(path)));
    assert_eq!(left.keys().filter(|path| path.starts_with("t/")).count(), 2);
    let verified = world.run_verify(&[&"--roll", &world.election()]).ends_with(0);
    assert!(verified.out.contains("4 of 4 right") && verified.out.contains("1 withheld"), "{}", verified.out);
}

#[test]
fn a_second_build_of_the_same_site_is_refused_and_one_of_another_is_not() {
    let world = slow();
    let first = start(&world);
    wait_for(world.path(), ".bilik-staging-");
    // However the site is written.
    for site in [world.site(), world.election().join("..").join("site")] {
        let second = bilik(&[&"build", &world.election(), &"--key", &world.key(), &"--out", &site]).ends_with(2);
        assert!(second.err.contains("another build is making this site"), "{}", second.err);
    }
    // Beside it there is room for others.
    let other = crate::damage::small();
    let beside = world.path().join("beside");
    bilik(&[&"build", &other.election(), &"--key", &other.key(), &"--out", &beside]).ends_with(0);
    signal(&first, "INT");
    assert_eq!(first.wait_with_output().unwrap().status.code(), Some(130));
    // Nothing is left that refuses the next.
    let toml = fs::read_to_string(world.election().join("election.toml")).unwrap();
    fs::write(world.election().join("election.toml"), toml.replace("passes = 10", "passes = 1")).unwrap();
    fs::write(
        world.election().join("voters.csv"),
        fs::read_to_string(world.election().join("voters.csv")).unwrap().lines().take(200).collect::<Vec<_>>().join("\n"),
    )
    .unwrap();
    world.run_build(&[]).ends_with(0);
    assert!(!names_in(world.path()).iter().any(|name| name.starts_with(".bilik")), "{:?}", names_in(world.path()));
}
