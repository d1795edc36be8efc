//! Stations that are open at another time than the rest: abroad, in a prison, in a village whose vote is postponed.

use crate::{BILIK, bilik};
use ::bilik::lookup::{Outcome, StationDetails};
use bilik_testkit::{Election, Operator, ask};
use std::fs;

/// Bogor; Jayapura; a village of Bogor; Kuala Lumpur and Amsterdam, as committees abroad.
const STATIONS: &[&str] = &["3901012001001", "3901012001002", "3901012002001", "9171012001001", "9901012001001", "9902012001001"];
const AREAS: &str = "[areas.99]\nday = \"2029-02-11\"\nopens = \"08:00\"\ncloses = \"18:00\"\ntime_zone = \"Asia/Kuala_Lumpur\"\n\
    [areas.\"99.02\"]\ntime_zone = \"Europe/Amsterdam\"\n\
    [areas.3901012002]\nday = 2029-02-24\nnotice = \"Pemungutan suara ditunda karena banjir\"\nnotice_url = \"https://kpu.example/tunda\"\n";
const VOTERS: &str = "3901011201900001,Budi Santoso,3901012001001,\n3901011301900001,Dewi Lestari,3901012001002,\n\
    3901011401900001,Agus Wijaya,3901012002001,\n3901011501900001,Rina Kusuma,9171012001001,\n\
    3901011601900001,Joko Susilo,9901012001001,\n3901011701900001,Wati Handayani,9902012001001,\n";

fn operator() -> Operator {
    let operator =
        Election::of_stations(STATIONS).voters(VOTERS).settings(&format!("{AREAS}[tables]\nmin_voters = 1\n")).operator(BILIK);
    // The second station is in a prison; the one in Kuala Lumpur is a ballot box that goes to the voters.
    let path = operator.election().join("stations.csv");
    let lines = fs::read_to_string(&path).unwrap();
    let lines: Vec<String> = lines
        .lines()
        .map(|line| match line.split(',').next() {
            Some("id") => format!("{line},kind,opens,closes"),
            Some("3901012001002") => format!("{line},,08.00,11.00"),
            Some("9901012001001") => format!("{line},ksk,,"),
            Some("9902012001001") => format!("{line},TPSLN,,"),
            _ => format!("{line},,,"),
        })
        .collect();
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    operator
}

#[track_caller]
fn station(operator: &Operator, digits: &str, name: &str) -> StationDetails {
    match ask(&operator.lookup(), digits, name, None) {
        Outcome::Found { station, .. } => *station,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_station_has_the_hours_the_day_and_the_zone_of_its_own_clocks() {
    let operator = operator();
    operator.build();
    for (digits, name, kind, opens, closes, zone) in [
        ("390101120190", "Budi Santoso", "TPS", "2029-02-14T07:00:00+07:00", "2029-02-14T13:00:00+07:00", "WIB"),
        ("390101130190", "Dewi Lestari", "TPS", "2029-02-14T08:00:00+07:00", "2029-02-14T11:00:00+07:00", "WIB"),
        ("390101140190", "Agus Wijaya", "TPS", "2029-02-24T07:00:00+07:00", "2029-02-24T13:00:00+07:00", "WIB"),
        ("390101150190", "Rina Kusuma", "TPS", "2029-02-14T07:00:00+09:00", "2029-02-14T13:00:00+09:00", "WIT"),
        ("390101160190", "Joko Susilo", "KSK", "2029-02-11T08:00:00+08:00", "2029-02-11T18:00:00+08:00", "UTC+8"),
        ("390101170190", "Wati Handayani", "TPSLN", "2029-02-11T08:00:00+01:00", "2029-02-11T18:00:00+01:00", "CET"),
    ] {
        let station = station(&operator, digits, name);
        let got = (station.kind.name(), station.opens.as_str(), station.closes.as_str(), station.time_zone.as_str());
        assert_eq!(got, (kind, opens, closes, zone), "{name}");
    }
    let postponed = station(&operator, "390101140190", "Agus Wijaya");
    assert_eq!(postponed.notice.as_deref(), Some("Pemungutan suara ditunda karena banjir"));
    assert_eq!(postponed.notice_url.as_deref(), Some("https://kpu.example/tunda"));
    operator.everybody_is_found();
    // Pages without script say the same.
    for (page, lines) in [
        (
            "tps/9901/9901012001.html",
            ["<span>KSK</span> 1", "Minggu, 11 Februari 2029, pukul <span translate=\"no\">08.00–18.00 UTC+8</span>"],
        ),
        (
            "tps/3901/3901012001.html",
            ["<b>Buka:</b> Rabu, 14 Februari 2029, pukul <span translate=\"no\">08.00–11.00 WIB</span>", ">07.00–13.00 WIB<"],
        ),
        (
            "tps/3901/3901012002.html",
            [
                "Sabtu, 24 Februari 2029, pukul <span translate=\"no\">07.00–13.00 WIB</span>",
                "<a href=\"https:&#x2f;&#x2f;kpu.example&#x2f;tunda\">Selengkapnya</a>",
            ],
        ),
    ] {
        let text = fs::read_to_string(operator.site().join(page)).unwrap();
        assert!(lines.iter().all(|line| text.contains(line)), "{page}: {text}");
    }
    // The head is good until the last of these days is over.
    assert!(::bilik::iso_utc(operator.head().expires).starts_with("2029-02-26"), "{}", operator.head().expires);
}

#[test]
fn a_patch_moves_the_day_of_a_village_and_says_so() {
    let operator = operator();
    operator.build();
    let path = operator.election().join("election.toml");
    let settings = fs::read_to_string(&path).unwrap().replace("day = 2029-02-24", "day = 2029-02-21");
    fs::write(&path, settings).unwrap();
    let (election, key, site) = (operator.election(), operator.key(), operator.site());
    let patched = bilik(&[&"patch", &election, &"--key", &key, &"--out", &site]).exits_with(0);
    assert!(patched.out.contains("Contoh 3901012002: polling time"), "{}", patched.out);
    assert_eq!(station(&operator, "390101140190", "Agus Wijaya").opens, "2029-02-21T07:00:00+07:00");
}
