//! Keys: several that sign together, one that waits for the day on which another is lost, and none where everybody sees it.

use crate::{bilik, small};
use bilik_publish::signing;
use bilik_testkit::{Operator, RunOutput, signed_by_first, tree};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Another key beside the operator's own, by its path and the line of its public half.
fn another(operator: &Operator, name: &str) -> (PathBuf, String) {
    let path = operator.path().join(name);
    let (public, _) = signing::generate(&path).unwrap();
    (path, public.to_string())
}

fn line(operator: &Operator) -> String {
    fs::read_to_string(operator.public_key()).unwrap().trim().to_owned()
}

fn say(operator: &Operator, of_the_site: &str) {
    let path = operator.election().join("election.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("{text}\n[site]\n{of_the_site}\n")).unwrap();
}

fn rename(operator: &Operator, venue: &str, to: &str) {
    let path = operator.election().join("stations.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, text.replace(venue, to)).unwrap();
}

fn run_patch(operator: &Operator, keys: &[&Path]) -> RunOutput {
    let (election, site) = (operator.election(), operator.site());
    let mut args: Vec<&dyn AsRef<OsStr>> = vec![&"patch", &election, &"--out", &site];
    for key in keys {
        args.extend([&"--key" as &dyn AsRef<OsStr>, key]);
    }
    bilik(&args)
}

/// A site that is refused at another key or too few of them, and left as it was.
#[track_caller]
fn refused(operator: &Operator, ran: impl FnOnce() -> RunOutput, reason: &str) {
    let before = tree(operator.path());
    let ran = ran().exits_with(2);
    assert!(ran.err.contains(reason), "{}", ran.err);
    assert!(tree(operator.path()) == before, "{reason}: something was written");
}

#[test]
fn with_a_threshold_of_two_one_signature_is_not_enough() {
    let operator = small();
    let (second, second_line) = another(&operator, "SECOND");
    let two: [&dyn AsRef<OsStr>; 4] = [&"--public-key", &second_line, &"--threshold", &"2"];
    // One signed, and the page is content with it.
    let said = operator.run_verify(&two).exits_with(1).out;
    assert!(said.contains("REFUSED head.bilik"), "{said}");
    say(&operator, "threshold = 2");
    refused(&operator, || operator.run_build(&[]), "threshold is 2, so pages demand as many signatures, but 1 would sign");
    refused(&operator, || operator.run_build(&[&"--key", &operator.key()]), "this key was given before");
    let built = operator.run_build(&[&"--key", &second]).exits_with(0).out;
    assert!(built.contains(&format!("by {} and {second_line}", line(&operator))), "{built}");
    assert_eq!(fs::metadata(operator.site().join("head.bilik")).unwrap().len(), 89 + 21 + 2 * 72);
    operator.run_verify(&two).exits_with(0);
    let budi: [&dyn AsRef<OsStr>; 8] =
        [&"--public-key", &second_line, &"--threshold", &"2", &"--nik", &"390101120190", &"--name", &"Budi Santoso"];
    operator.run_find(&budi).exits_with(0);
    // A verifier that trusts one of the two keys learns that the page also trusts another.
    let said = operator.run_verify(&[]).exits_with(1).out;
    assert!(said.contains("the page trusts a key that was not given") && said.contains(&second_line), "{said}");
    rename(&operator, "Balai Contoh", "Gedung Contoh");
    refused(&operator, || run_patch(&operator, &[&operator.key()]), "threshold is 2");
    let patched = run_patch(&operator, &[&second, &operator.key()]).exits_with(0).out;
    assert!(!patched.contains("WARNING"), "{patched}");
    operator.run_verify(&two).exits_with(0);
    // A holder of one key signs a copy of the site alone: no page accepts it, and the other key is not added to it.
    let head = fs::read(operator.site().join("head.bilik")).unwrap();
    let by_one = signed_by_first(&head);
    fs::write(operator.site().join("head.bilik"), by_one).unwrap();
    operator.run_verify(&two[..2]).exits_with(0);
    rename(&operator, "Gedung Contoh", "Aula Contoh");
    refused(&operator, || run_patch(&operator, &[&second, &operator.key()]), "a site with fewer signatures must be built again");
    fs::write(operator.site().join("head.bilik"), head).unwrap();
    // The folder of the morning has an older election.toml, and one key; the page knows better.
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("threshold = 2", "threshold = 1")).unwrap();
    refused(&operator, || run_patch(&operator, &[&second]), "the page demands 2 signatures by");
    refused(&operator, || run_patch(&operator, &[&second]), "Given keys among them: 1");
    let patched = run_patch(&operator, &[&second, &operator.key()]).exits_with(0).out;
    assert!(
        patched.contains("these settings differ from the published site; run `bilik build` to apply them: threshold\n"),
        "{patched}"
    );
    // A mirror of the data alone has no page that could say so.
    let moved = |there: bool| {
        for file in ["index.html", "site.json"] {
            let places = [operator.site().join(file), operator.path().join(file)];
            let [from, to] = if there { &places } else { &[places[1].clone(), places[0].clone()] };
            fs::rename(from, to).unwrap();
        }
    };
    moved(true);
    rename(&operator, "Aula Contoh", "Balai Contoh");
    let patched = run_patch(&operator, &[&second]).exits_with(0).out;
    assert!(patched.contains("WARNING: the previous head had 2 signatures and this one has 1"), "{patched}");
    moved(false);
    fs::write(&toml, text).unwrap();
    operator.run_build(&[&"--key", &second]).exits_with(0);
    // A page of before, which was content with one, beside a head that two have signed.
    let described = operator.site().join("site.json");
    let json = fs::read_to_string(&described).unwrap();
    let demand = "\"threshold\": 2";
    assert!(json.contains(demand));
    fs::write(&described, json.replace(demand, "\"threshold\": 1")).unwrap();
    let said = operator.run_verify(&two).exits_with(1).out;
    assert!(said.contains("REFUSED site.json: the page demands fewer signatures (1) than --threshold (2)"), "{said}");
}

#[test]
fn a_recovery_key_replaces_a_lost_one_and_no_page_changes() {
    let operator = small();
    let (recovery, recovery_line) = another(&operator, "RECOVERY");
    let (stranger, _) = another(&operator, "STRANGER");
    rename(&operator, "Balai Contoh", "Gedung Contoh");
    // The site of before does not know it.
    refused(&operator, || run_patch(&operator, &[&recovery]), "or add its public half to public_keys in election.toml");
    say(&operator, &format!("public_keys = [\"{recovery_line}\"]"));
    operator.run_build(&[]).exits_with(0);
    let page = fs::read(operator.site().join("index.html")).unwrap();
    let both = format!("content=\"{} {recovery_line}\"", line(&operator));
    assert!(String::from_utf8_lossy(&page).contains(&both), "{both}");
    // The lost key's public half is still known.
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("public_keys = [", &format!("public_keys = [\"{}\", ", line(&operator)))).unwrap();
    rename(&operator, "Gedung Contoh", "Aula Contoh");
    refused(&operator, || run_patch(&operator, &[&stranger]), "Given keys among them: 0");
    let patched = run_patch(&operator, &[&recovery]).exits_with(0).out;
    assert!(patched.contains(&format!("by {recovery_line}")), "{patched}");
    assert_eq!(fs::read(operator.site().join("index.html")).unwrap(), page);
    // As the page asks: any one of the two.
    let verified = operator.run_verify(&[&"--public-key", &recovery_line]).exits_with(0);
    assert!(verified.out.ends_with("ok\n"), "{}", verified.out);
    let found = operator.run_find(&[&"--public-key", &recovery_line, &"--nik", &"390101120190", &"--name", &"Budi Santoso"]);
    assert!(found.exits_with(0).out.contains("Aula Contoh"));
    // A build by it alone keeps the other one pinned.
    operator.run_verify(&[]).exits_with(1);
    let (election, site) = (operator.election(), operator.site());
    bilik(&[&"build", &election, &"--key", &recovery, &"--out", &site]).exits_with(0);
    operator.run_verify(&[&"--public-key", &recovery_line]).exits_with(0);
    let text = String::from_utf8(fs::read(site.join("index.html")).unwrap()).unwrap();
    assert!(text.contains(&format!("content=\"{recovery_line} {}\"", line(&operator))));
}

#[test]
fn public_keys_and_threshold_in_election_toml_are_validated() {
    let operator = small();
    let toml = operator.election().join("election.toml");
    let text = fs::read_to_string(&toml).unwrap();
    for (said, expected) in [
        ("public_keys = [\"bilik-public-key:00\"]", "invalid value for `public_keys`. Expected: the line of a KEY.pub"),
        ("threshold = 0", "invalid value for `threshold`. Expected: 1 to 4"),
        ("threshold = 5", "invalid value for `threshold`. Expected: 1 to 4"),
    ] {
        say(&operator, said);
        refused(&operator, || operator.run_build(&[]), expected);
        fs::write(&toml, &text).unwrap();
    }
}

#[test]
fn secrets_in_a_site_are_reported_and_other_files_of_the_host_are_not() {
    let operator = small();
    fs::write(operator.site().join("robots.txt"), "User-agent: *\n").unwrap();
    fs::write(operator.site().join("tps.csv"), "id,village,venue\n1,3901012001,Balai\n").unwrap();
    operator.run_verify(&[]).exits_with(0);
    let key = fs::read_to_string(operator.key()).unwrap();
    let inner = operator.site().join("old");
    fs::create_dir(&inner).unwrap();
    for (file, text, reason) in [
        ("old/backup.txt", key.as_str(), "it holds a secret key"),
        ("VOTERS.csv.gz", "", "it has the name of a list of voters"),
        ("voters.xlsx", "PK", "it has the name of a list of voters"),
        ("old/rejects.csv", "", "it has the name of a list of voters"),
        ("dpt.csv", "\u{feff}No;\"NO_NIK\";Nama\r\n1;3901011201900001;Budi\r\n", "it has a column of NIKs"),
    ] {
        let path = operator.site().join(file);
        fs::write(&path, text).unwrap();
        let said = operator.run_verify(&[]).exits_with(1).printed();
        assert!(said.contains(&format!("REFUSED {file}: {reason}")), "{said}");
        assert!(!said.contains("MC4CAQ") && !said.contains("3901011201900001"), "{said}");
        fs::remove_file(path).unwrap();
    }
    let mut zipped = GzEncoder::new(Vec::new(), Compression::default());
    zipped.write_all(b"NIK,NAMA\n").unwrap();
    fs::write(inner.join("dpt.tsv.gz"), zipped.finish().unwrap()).unwrap();
    let said = operator.run_verify(&[]).exits_with(1).printed();
    assert!(said.contains("REFUSED old/dpt.tsv.gz: it has a column of NIKs"), "{said}");
    fs::remove_file(inner.join("dpt.tsv.gz")).unwrap();
    // Links in circles, to nowhere, and out of the site, where a server would follow them too.
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(".", operator.site().join("current")).unwrap();
        symlink("gone", operator.site().join("broken")).unwrap();
        operator.run_verify(&[]).exits_with(0);
        symlink(operator.election(), inner.join("input")).unwrap();
        let said = operator.run_verify(&[]).exits_with(1).printed();
        assert_eq!(said.matches("old/input/voters.csv: it has the name of a list of voters").count(), 1, "{said}");
    }
}
