//! Keys: several that sign together, one that waits for the day on which another is lost, and none where everybody sees it.

use crate::damage::small;
use crate::support::{Ran, World, bilik, tree};
use bilik_publish::signing;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Another key beside the world's own, by its path and the line of its public half.
fn another(world: &World, name: &str) -> (PathBuf, String) {
    let path = world.path().join(name);
    let (public, _) = signing::generate(&path).unwrap();
    (path, public.to_string())
}

fn line(world: &World) -> String {
    fs::read_to_string(world.public_key()).unwrap().trim().to_owned()
}

fn say(world: &World, of_the_site: &str) {
    let path = world.election().join("election.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("{text}\n[site]\n{of_the_site}\n")).unwrap();
}

fn rename(world: &World, venue: &str, to: &str) {
    let path = world.election().join("stations.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, text.replace(venue, to)).unwrap();
}

fn run_patch(world: &World, keys: &[&Path]) -> Ran {
    let (election, site) = (world.election(), world.site());
    let mut args: Vec<&dyn AsRef<OsStr>> = vec![&"patch", &election, &"--out", &site];
    for key in keys {
        args.extend([&"--key" as &dyn AsRef<OsStr>, key]);
    }
    bilik(&args)
}

/// A site that is refused at another key or too few of them, and left as it was.
#[track_caller]
fn refused(world: &World, ran: impl FnOnce() -> Ran, reason: &str) {
    let before = tree(world.path());
    let ran = ran().ends_with(2);
    assert!(ran.err.contains(reason), "{}", ran.err);
    assert!(tree(world.path()) == before, "{reason}: something was written");
}

#[test]
fn where_two_must_sign_one_is_not_enough_for_anybody() {
    let world = small();
    let (second, second_line) = another(&world, "SECOND");
    let two: [&dyn AsRef<OsStr>; 4] = [&"--public-key", &second_line, &"--threshold", &"2"];
    // One signed, and the page is content with it.
    let said = world.run_verify(&two).ends_with(1).out;
    assert!(said.contains("REFUSED head.bilik"), "{said}");
    say(&world, "threshold = 2");
    refused(&world, || world.run_build(&[]), "threshold is 2, so pages demand as many signatures, and 1 would sign");
    refused(&world, || world.run_build(&[&"--key", &world.key()]), "this key was given before");
    let built = world.run_build(&[&"--key", &second]).ends_with(0).out;
    assert!(built.contains(&format!("by {} and {second_line}", line(&world))), "{built}");
    assert_eq!(fs::metadata(world.site().join("head.bilik")).unwrap().len(), 232);
    world.run_verify(&two).ends_with(0);
    let budi: [&dyn AsRef<OsStr>; 8] =
        [&"--public-key", &second_line, &"--threshold", &"2", &"--nik", &"390101120190", &"--name", &"Budi Santoso"];
    world.run_find(&budi).ends_with(0);
    // Whoever trusts one of the two sees that its page trusts another as well.
    let said = world.run_verify(&[]).ends_with(1).out;
    assert!(said.contains("the page trusts a key that was not given") && said.contains(&second_line), "{said}");
    rename(&world, "Balai Contoh", "Gedung Contoh");
    refused(&world, || run_patch(&world, &[&world.key()]), "threshold is 2");
    let patched = run_patch(&world, &[&second, &world.key()]).ends_with(0).out;
    assert!(!patched.contains("WARNING"), "{patched}");
    world.run_verify(&two).ends_with(0);
    // Whoever has one of the keys signs a copy of the site alone: no page follows it, and nobody signs it with the other.
    let head = fs::read(world.site().join("head.bilik")).unwrap();
    let by_one = [&head[..7], &[1], &head[8..160]].concat();
    fs::write(world.site().join("head.bilik"), by_one).unwrap();
    world.run_verify(&two[..2]).ends_with(0);
    rename(&world, "Gedung Contoh", "Aula Contoh");
    refused(&world, || run_patch(&world, &[&second, &world.key()]), "a site that fewer have signed must be built again");
    fs::write(world.site().join("head.bilik"), head).unwrap();
    // The folder of the morning has an older election.toml, and one key; the page knows better.
    let toml = world.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("threshold = 2", "threshold = 1")).unwrap();
    refused(&world, || run_patch(&world, &[&second]), "the page demands 2 signatures by");
    refused(&world, || run_patch(&world, &[&second]), "and knows 1 of the keys given");
    let patched = run_patch(&world, &[&second, &world.key()]).ends_with(0).out;
    assert!(
        patched.contains("election.toml says otherwise than the site, which stays as it was built: threshold\n"),
        "{patched}"
    );
    // A mirror of the data alone has no page that could say so.
    let page = world.path().join("page");
    fs::rename(world.site().join("index.html"), &page).unwrap();
    rename(&world, "Aula Contoh", "Balai Contoh");
    let patched = run_patch(&world, &[&second]).ends_with(0).out;
    assert!(patched.contains("WARNING: the previous head had 2 signatures and this one has 1"), "{patched}");
    fs::rename(&page, world.site().join("index.html")).unwrap();
    fs::write(&toml, text).unwrap();
    world.run_build(&[&"--key", &second]).ends_with(0);
    // A page of before, which was content with one, beside a head that two have signed.
    let page = world.site().join("index.html");
    let text = fs::read_to_string(&page).unwrap();
    let demand = "name=\"bilik-threshold\" content=\"2\"";
    assert!(text.contains(demand));
    fs::remove_file(world.site().join("sw.js")).unwrap();
    fs::write(&page, text.replace(demand, "")).unwrap();
    let said = world.run_verify(&two).ends_with(1).out;
    assert!(said.contains("REFUSED index.html: the page demands fewer signatures (1) than were asked for here (2)"), "{said}");
}

#[test]
fn a_key_that_waited_takes_the_place_of_one_that_is_lost_and_no_page_changes() {
    let world = small();
    let (recovery, recovery_line) = another(&world, "RECOVERY");
    let (stranger, _) = another(&world, "STRANGER");
    rename(&world, "Balai Contoh", "Gedung Contoh");
    // The site of before does not know it.
    refused(&world, || run_patch(&world, &[&recovery]), "or name its public half under public_keys in election.toml");
    say(&world, &format!("public_keys = [\"{recovery_line}\"]"));
    world.run_build(&[]).ends_with(0);
    let page = fs::read(world.site().join("index.html")).unwrap();
    let both = format!("content=\"{} {recovery_line}\"", line(&world));
    assert!(String::from_utf8_lossy(&page).contains(&both), "{both}");
    // The lost key's public half is still known.
    let toml = world.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("public_keys = [", &format!("public_keys = [\"{}\", ", line(&world)))).unwrap();
    rename(&world, "Gedung Contoh", "Aula Contoh");
    refused(&world, || run_patch(&world, &[&stranger]), "and knows 0 of the keys given");
    let patched = run_patch(&world, &[&recovery]).ends_with(0).out;
    assert!(patched.contains(&format!("by {recovery_line}")), "{patched}");
    assert_eq!(fs::read(world.site().join("index.html")).unwrap(), page);
    // As the page asks: any one of the two.
    let verified = world.run_verify(&[&"--public-key", &recovery_line]).ends_with(0);
    assert!(verified.out.ends_with("ok\n"), "{}", verified.out);
    let found = world.run_find(&[&"--public-key", &recovery_line, &"--nik", &"390101120190", &"--name", &"Budi Santoso"]);
    assert!(found.ends_with(0).out.contains("Aula Contoh"));
    // A build by it alone keeps the other one pinned.
    world.run_verify(&[]).ends_with(1);
    let (election, site) = (world.election(), world.site());
    bilik(&[&"build", &election, &"--key", &recovery, &"--out", &site]).ends_with(0);
    world.run_verify(&[&"--public-key", &recovery_line]).ends_with(0);
    let text = String::from_utf8(fs::read(site.join("index.html")).unwrap()).unwrap();
    assert!(text.contains(&format!("content=\"{recovery_line} {}\"", line(&world))));
}

#[test]
fn what_election_toml_says_of_keys_must_be_keys_and_a_number_of_them() {
    let world = small();
    let toml = world.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    for (said, expected) in [
        ("public_keys = [\"bilik-public-key:00\"]", "`public_keys` cannot be that. Expected: the line of a KEY.pub"),
        ("threshold = 0", "`threshold` cannot be that. Expected: 1 to 4"),
        ("threshold = 5", "`threshold` cannot be that. Expected: 1 to 4"),
    ] {
        say(&world, said);
        refused(&world, || world.run_build(&[]), expected);
        fs::write(&toml, &text).unwrap();
    }
}

#[test]
fn a_secret_in_a_site_is_told_and_public_files_of_the_host_are_not_minded() {
    let world = small();
    fs::write(world.site().join("robots.txt"), "User-agent: *\n").unwrap();
    fs::write(world.site().join("tps.csv"), "id,village,venue\n1,3901012001,Balai\n").unwrap();
    world.run_verify(&[]).ends_with(0);
    let key = fs::read_to_string(world.key()).unwrap();
    let inner = world.site().join("old");
    fs::create_dir(&inner).unwrap();
    for (file, text, reason) in [
        ("old/backup.txt", key.as_str(), "it holds a secret key"),
        ("VOTERS.csv.gz", "", "it is called as a list of voters is"),
        ("voters.xlsx", "PK", "it is called as a list of voters is"),
        ("old/rejects.csv", "", "it is called as a list of voters is"),
        ("dpt.csv", "\u{feff}No;\"NO_NIK\";Nama\r\n1;3901011201900001;Budi\r\n", "it has a column of NIKs"),
    ] {
        let path = world.site().join(file);
        fs::write(&path, text).unwrap();
        let said = world.run_verify(&[]).ends_with(1).said();
        assert!(said.contains(&format!("REFUSED {file}: {reason}")), "{said}");
        assert!(!said.contains("MC4CAQ") && !said.contains("3901011201900001"), "{said}");
        fs::remove_file(path).unwrap();
    }
    let mut zipped = GzEncoder::new(Vec::new(), Compression::default());
    zipped.write_all(b"NIK,NAMA\n").unwrap();
    fs::write(inner.join("dpt.tsv.gz"), zipped.finish().unwrap()).unwrap();
    let said = world.run_verify(&[]).ends_with(1).said();
    assert!(said.contains("REFUSED old/dpt.tsv.gz: it has a column of NIKs"), "{said}");
    fs::remove_file(inner.join("dpt.tsv.gz")).unwrap();
    // Links in circles, to nowhere, and out of the site, where a server would follow them too.
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(".", world.site().join("current")).unwrap();
        symlink("gone", world.site().join("broken")).unwrap();
        world.run_verify(&[]).ends_with(0);
        symlink(world.election(), inner.join("input")).unwrap();
        let said = world.run_verify(&[]).ends_with(1).said();
        assert_eq!(said.matches("old/input/voters.csv: it is called as a list of voters is").count(), 1, "{said}");
    }
}
