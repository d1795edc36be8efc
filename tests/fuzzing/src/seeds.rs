//! What the corpus of each target begins with: an input that is accepted, so that a fuzzer need not guess what one looks like.

use crate::site::{self, NAME, NIK, VILLAGE};
use bilik::format::{Kind, PublicKey};
use bilik_testkit::Election;
use ed25519_dalek::SigningKey;

/// The seeds of a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    let documents =
        |wanted: Kind| site::payloads().into_iter().filter(move |(kind, _)| *kind == wanted).map(|(_, payload)| payload);
    let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    let after = |byte: u8, bytes: &[u8]| [&[byte], bytes].concat();
    match target {
        "manifest" => documents(Kind::Manifest).collect(),
        "province" => documents(Kind::Province).collect(),
        "directory" => documents(Kind::Directory).collect(),
        "table" => documents(Kind::Table).collect(),
        "station_list" => documents(Kind::StationList).collect(),
        "names" => documents(Kind::Names).collect(),
        "ribbon_decode" => vec![vec![0, 0, 0], vec![8, 1, 64, 64]],
        "lookup" => (0..).zip(Kind::ALL).flat_map(|(at, kind)| documents(kind).map(move |payload| after(at, &payload))).collect(),
        "head" => vec![site::head()],
        "witness" => vec![site::statement()],
        "trust" => {
            let key = PublicKey::of(SigningKey::from_bytes(&[1; 32]).verifying_key()).to_string();
            vec![key.into_bytes(), b"32.01.01.2001".to_vec(), b"2029-02-14".to_vec()]
        }
        "name" => texts(&["Hj. Siti Contoh, S.Pd.", "I Gusti A.A. Contoh", "Abd. Tjontoh bin Rekaan", "M. Contoh-Rekaan"]),
        "question" => {
            let asked = [format!("{NIK}\n{NAME}"), format!("{NIK}\nContoh\n{VILLAGE}"), "3201 0141 0190\nSaja Contoh".to_owned()];
            asked.map(String::into_bytes).to_vec()
        }
        "mirrors" => vec![vec![2, 40, 0, 3, 9, 0, 9, 1, 30, 4, 20, 11, 60], vec![4, 1, 1, 2, 99, 9, 0, 17, 5, 0, 9]],
        "election_toml" => texts(&[
            "# nothing\n",
            "\n[sealing]\nmemory_kib = 8\npasses = 1\nfull_pepper_bits = 4\n\n[site]\nmirrors = [\"./\", \"https://b.example/\"]\n",
            "\n[areas.\"3201\"]\nopens = \"08:00\"\ntime_zone = \"Asia/Jayapura\"\n",
            "\n[input]\nvoters = [\"a.csv\", \"b.csv\"]\n[input.columns.voters]\nname = \"NAMA\"\n",
        ]),
        "url" => texts(&["https://tps.example/", "https://tps.example:8443/a/b", "http://127.0.0.1:8080/", "./", "../data/"]),
        "csv" => {
            let files = [
                Election::SAMPLE_VOTERS,
                Election::SAMPLE_STATIONS,
                Election::SAMPLE_REGIONS,
                "nik,name\n3201014101900001,Siti Aminah\n",
                "code,voters\n3201,2\n",
            ];
            (0..).zip(files).map(|(at, text)| after(at, text.as_bytes())).collect()
        }
        "xlsx" => vec![after(0, b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")],
        _ => Vec::new(),
    }
}
