//! `[organiser]` in election.toml: what is required, what a logo may be, and the warning where a real election lacks it.

use super::{BILIK, ELECTION};
use bilik_publish::config::Config;
use bilik_testkit::{Folder, RunOutput};

#[test]
fn an_organiser_is_named_whole_and_with_a_logo_that_is_a_picture() {
    let organiser = "[organiser]\nname = \"KPU Contoh\"\nurl = \"https://kpu.example/\"\nprivacy_contact = \"a@kpu.example\"\n";
    let config = |text: &str, logo: Option<&str>| {
        let folder = Folder::with("election.toml", format!("{ELECTION}{text}"));
        if let Some(logo) = logo {
            std::fs::write(folder.path().join("logo.svg"), logo).unwrap();
        }
        Config::load(folder.path())
    };
    let known = config(organiser, None).unwrap().organiser.unwrap();
    assert_eq!((known.short_name.as_str(), known.logo), ("KPU Contoh", None), "the short name is the name");
    let faults = |text: &str, logo: Option<&str>| config(text, logo).unwrap_err().0;
    let lacking = faults("[organiser]\nshort_name = \"KPU\"\n", None);
    assert_eq!(lacking.len(), 3, "{lacking:?}");
    assert!(lacking.iter().all(|problem| problem.message.english().ends_with("is missing in [organiser]")), "{lacking:?}");
    let script = faults(&organiser.replace("https://kpu.example/", "javascript:alert(1)"), None);
    assert_eq!((script.len(), script[0].line), (1, 9), "{script:?}");

    let with_logo = format!("{organiser}logo = \"logo.svg\"\n");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><path d='M0 0h9'/></svg>";
    let logo = config(&with_logo, Some(svg)).unwrap().organiser.unwrap().logo.unwrap();
    assert_eq!(logo.path, "logo.svg");
    assert_eq!(logo.bytes, b"<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9\"></path></svg>");
    for logo in [None, Some("GIF89a"), Some("<html/>"), Some(&format!("<svg>{}</svg>", " ".repeat(20 * 1024)))] {
        let refused = faults(&with_logo, logo);
        assert_eq!((refused.len(), refused[0].line), (1, 11), "{refused:?}");
    }
}

#[test]
fn a_real_election_without_an_organiser_is_warned_of() {
    let real = ELECTION.replace("demo = true\n", "legal_basis = \"Keputusan 1\"\n");
    let organiser = "[organiser]\nname = \"K\"\nurl = \"https://kpu.example/\"\nprivacy_contact = \"0800 555 0100\"\n";
    let check = |text: &str| {
        let folder = Folder::with("election.toml", text);
        RunOutput::of(BILIK.command().arg("check").arg(folder.path()))
    };
    let warned = check(&real);
    assert_eq!(warned.code, 0, "{warned:?}");
    assert!(warned.out.contains("The organiser is not named (no_organiser, 1)"), "{warned:?}");
    for text in [format!("{real}{organiser}"), ELECTION.to_owned()] {
        assert!(!check(&text).out.contains("no_organiser"), "{text}");
    }
}

#[test]
fn what_a_real_election_left_of_the_sample_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let election = folder.path().join("pemilu");
    let init = RunOutput::of(BILIK.command().arg("init").arg(&election));
    assert_eq!(init.code, 0, "{init:?}");
    let check = || RunOutput::of(BILIK.command().arg("check").arg(&election)).out;
    assert!(!check().contains("sample_value"), "a demo may keep them");
    let file = election.join("election.toml");
    let change = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(&file, text.replace(from, to)).unwrap();
    };
    for line in ["demo = true\n", "memory_kib = 256\n", "passes = 1\n"] {
        change(line, "");
    }
    change("# legal_basis = ", "legal_basis = ");
    assert!(check().contains("A value of the sample is left (sample_value, 7)"), "{}", check());
    for (from, to) in [
        ("Pemilu Contoh", "Pemilihan Kepala Desa"),
        ("Komisi Pemilihan Contoh", "KPU Kabupaten"),
        ("KP Contoh", "KPU"),
        ("0800-0-000-000", "0251 555 010"),
        ("https://example.org/", "https://kpu.example/"),
        ("privasi@example.org", "privasi@kpu.example"),
    ] {
        change(from, to);
    }
    assert!(!check().contains("sample_value"), "{}", check());
}
