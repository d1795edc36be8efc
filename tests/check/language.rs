//! The same program in Indonesian, and with `--quiet`.

use super::BILIK;
use bilik_testkit::{Election, Folder, RunOutput, roll};

const COMMANDS: [&str; 20] = [
    "demo",
    "init",
    "keygen",
    "check",
    "build",
    "plan",
    "seal",
    "status",
    "assemble",
    "part-key",
    "patch",
    "rollback",
    "sign",
    "uploads",
    "verify",
    "find",
    "inspect",
    "report",
    "serve",
    "completions",
];

fn bilik(arguments: &[&str]) -> RunOutput {
    RunOutput::of(BILIK.command().args(arguments))
}

/// A roll with 1,200 NIKs of 15 digits, and a voter without a problem.
fn faulty() -> Folder {
    let lines: Vec<String> = (0..1_200).map(|number| format!("32010101019{number:04},Budi Santoso,A1")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).chain(["3201010101900001,Budi Santoso,A1"]).collect();
    Folder::with("voters.csv", roll(&lines))
}

#[test]
fn check_speaks_indonesian_with_its_numbers() {
    let folder = faulty();
    let output = bilik(&["check", folder.path().to_str().unwrap(), "--lang", "id"]);
    assert_eq!((output.code, output.err.as_str()), (1, ""));
    for text in [
        "kesalahan: NIK tidak terdiri atas 12 atau 16 digit (nik_length, 1.200)\n",
        "  voters.csv:2   nik  terdiri atas 15 digit\n",
        "  dan 1.190 lagi; `bilik check --json` menyebut sampai 1.000\n",
        "  seharusnya: 12 atau 16 digit\n  perbaikan:  perbaiki NIK itu di sumbernya\n",
        "1 pemilih, 5 TPS: 1.200 kesalahan, 4 peringatan, 1.200 baris ditolak\n",
    ] {
        assert!(output.out.contains(text), "{text}: {}", output.out);
    }
    for english in ["error:", "warning:", "expected", "fix:", " voter,"] {
        assert!(!output.out.contains(english), "{english}: {}", output.out);
    }
}

#[test]
fn the_locale_decides_unless_an_option_does() {
    let folder = faulty();
    let folder = folder.path().to_str().unwrap();
    let with =
        |locale: &str, more: &[&str]| RunOutput::of(BILIK.command().env("LC_ALL", locale).args(["check", folder]).args(more)).out;
    let (indonesian, english) = (with("C", &["--lang", "id"]), with("C", &[]));
    assert_ne!(indonesian, english);
    assert_eq!(with("id_ID.UTF-8", &[]), indonesian);
    assert_eq!(with("id_ID.UTF-8", &["--lang=en"]), english);
    assert_eq!(with("en_US.UTF-8", &[]), english);
}

#[test]
fn what_programs_read_is_the_same_in_every_language() {
    let folder = faulty();
    let path = folder.path().to_str().unwrap();
    let work = tempfile::tempdir().unwrap();
    let [english, indonesian] = ["en", "id"].map(|language| {
        let json = bilik(&["check", path, "--json", "--lang", language]).out;
        let work = work.path().join(language);
        let plan = bilik(&["plan", path, "--work", work.to_str().unwrap(), "--lang", language]);
        assert_eq!(plan.code, 1, "{plan:?}");
        (json, folder.read("rejects.csv"), plan.err)
    });
    assert_eq!((&english.0, &english.1), (&indonesian.0, &indonesian.1));
    assert!(english.1.contains("it has 15 digits"), "{}", english.1);
    assert!(
        indonesian.2.contains("\nTidak ada yang direncanakan.\nBaris yang ditolak: 1.200, tercantum di "),
        "{}",
        indonesian.2
    );
    assert!(english.2.contains("\nNothing was planned.\nRejected lines: 1,200, listed in "), "{}", english.2);
}

#[test]
fn every_help_is_indonesian_throughout() {
    for command in std::iter::once(None).chain(COMMANDS.map(Some)) {
        let output = bilik(&command.into_iter().chain(["--help", "--lang", "id"]).collect::<Vec<_>>());
        assert_eq!(output.code, 0, "{command:?}");
        for text in
            ["Penggunaan: bilik", "\nContoh:\n", "\nStatus keluar:\n  0 ", "\nOpsi:\n", "\nOpsi semua perintah:\n", "--lang"]
        {
            assert!(output.out.contains(text), "{command:?} lacks {text}: {}", output.out);
        }
        for english in
            ["Usage", "Options", "Arguments", "Commands", "[default", "ossible values", "Print ", "Exit", "Examples", " the "]
        {
            assert!(!output.out.contains(english), "{command:?} has {english}: {}", output.out);
        }
    }
    assert_eq!(bilik(&["help", "check", "--lang", "id"]).out, bilik(&["check", "--help", "--lang", "id"]).out);
    assert_eq!(bilik(&["help"]).out, bilik(&["--help"]).out);
}

#[test]
fn a_wrong_command_line_is_explained_in_indonesian() {
    for (line, text) in [
        ("check", "kesalahan: argumen ini belum ada: <DIR>\n"),
        ("check x --jsn", "kesalahan: argumen '--jsn' tidak dikenal\n\n  apakah maksud Anda '--json'?\n"),
        ("chek x", "kesalahan: perintah 'chek' tidak dikenal\n"),
        ("check x --json --json", "kesalahan: '--json' tidak boleh lebih dari satu kali\n"),
        ("find x --public-key k --nik 1 --birth-date 2", "' tidak dapat dipakai bersama "),
        ("build x --key k --out s --derive slow", "nilai 'slow' untuk '--derive <METHOD>' salah. Seharusnya: fast, rustcrypto\n"),
        ("seal x --part 0", "nilai '0' untuk '--part <N>' salah: "),
    ] {
        let output = bilik(&line.split(' ').chain(["--lang", "id"]).collect::<Vec<_>>());
        assert_eq!((output.code, output.out.as_str()), (2, ""), "{line}");
        assert!(
            output.err.contains(text) && output.err.ends_with("\nKeterangan lebih lanjut: '--help'.\n"),
            "{line}: {}",
            output.err
        );
    }
}

#[test]
fn errors_name_their_cause_and_fix_in_indonesian() {
    let empty = tempfile::tempdir().unwrap();
    let missing = empty.path().join("none").display().to_string();
    let output = bilik(&["status", &missing, "--lang", "id"]);
    assert_eq!(output.code, 2);
    assert!(output.err.contains(": tidak ada rencana di sini. Seharusnya: folder kerja hasil `bilik plan`."), "{}", output.err);
    let output = bilik(&["check", &missing, "--lang", "id"]);
    assert!(
        output.out.contains("seharusnya: sebuah folder pemilu\n  perbaikan:  buat dengan `bilik init DIR`"),
        "{}",
        output.out
    );
}

#[test]
fn quiet_leaves_results_warnings_and_errors() {
    let folder = Folder::of(&Election::sample());
    let (path, work) = (folder.path().to_str().unwrap(), tempfile::tempdir().unwrap());
    let checked = bilik(&["check", path]);
    assert_eq!(bilik(&["check", path, "--quiet"]).out, checked.out, "what was asked for stays");
    let [loud, quiet] = ["loud", "quiet"].map(|name| work.path().join(name).display().to_string());
    let planned = bilik(&["plan", path, "--work", &loud]);
    let silent = bilik(&["plan", path, "--work", &quiet, "-q"]);
    assert_eq!((planned.code, silent.code), (0, 0), "{silent:?}");
    assert!(planned.out.contains("next: bilik seal") && silent.out.is_empty(), "{silent:?}");
    assert_eq!(silent.err, planned.err, "warnings stay");
    let fresh = work.path().join("fresh").display().to_string();
    assert_eq!(bilik(&["--quiet", "init", &fresh]).out, "");
    let refused = bilik(&["--quiet", "init", &fresh]);
    assert!(refused.code == 2 && refused.err.contains("not empty"), "{refused:?}");
}
