//! A page of a whole country, and one whose names are hostile.

use super::figures::{
    BitFigures, Derivations, ElectionFigures, FalseAnswer, FalseAnswers, FileTotal, GroupFigures, HeadFigures, RegencyFigures,
    SealingFigures, SiteFigures, SiteTotals, TableFigures,
};
use super::{ChangeFigures, ChangedRegency, KindChange, KindFigures, Language, QualityFigures, ReportFigures, page};
use crate::cost_model::Prices;
use crate::number::float;
use crate::problem::ProblemKind;

const REGENCIES: u64 = 514;
const DISTRICTS: u64 = 7_277;
const MAX_PAGE: usize = 1_000_000;

/// Where regencies lie, roughly: longitude and latitude of an island's ends, and how many.
const ISLANDS: [([f64; 4], u64); 9] = [
    ([95.5, 5.3, 105.5, -5.3], 154),
    ([105.8, -6.2, 114.0, -7.8], 119),
    ([114.6, -8.4, 116.5, -8.6], 19),
    ([117.0, -8.6, 124.5, -9.8], 22),
    ([109.0, 0.5, 117.0, -1.5], 56),
    ([119.5, -4.8, 124.8, 1.4], 81),
    ([127.4, 1.5, 131.0, -6.0], 21),
    ([131.3, -0.9, 135.5, -3.5], 13),
    ([135.5, -2.5, 140.7, -8.4], 29),
];

fn table(keys: u64, files: u64) -> TableFigures {
    TableFigures {
        files,
        bytes: keys * 5,
        longest: keys * 5 / files,
        keys,
        fewest_keys: keys / files,
        elsewhere_keys: keys / 7,
        ambiguous_keys: keys / 3_000,
        layers: 3,
    }
}

fn group(number: u64) -> GroupFigures {
    let voters = 3_000 + (number * 7_919) % 52_000 + if number == 5_000 { 340_000 } else { 0 };
    let full = voters * 62 / 100;
    let files = (voters / 8_000).next_power_of_two().min(16);
    let (full, near) = (table(full, files), table(voters + full, files));
    GroupFigures { label: format!("{}", 110_101 + number * 113), prefixes: 1, voters, full, near }
}

fn regency(number: u64, island: [f64; 4], along: f64) -> RegencyFigures {
    let [west, north, east, south] = island;
    let wiggle = float((number * 37) % 11) / 11.0 - 0.5;
    let voters = 40_000 + (number * 104_729) % 900_000 + if number == 160 { 2_900_000 } else { 0 };
    RegencyFigures {
        code: Some(format!("{:04}", 1_101 + number * 16)),
        name: format!("Kabupaten Contoh Nomor {number}"),
        latitude: Some(north + (south - north) * along + wiggle),
        longitude: Some(west + (east - west) * along - wiggle),
        districts: 14,
        stations: voters / 248,
        voters,
        table_bytes: voters * 12,
        public_bytes: voters / 40,
        download_bytes: 96_000 + (number * 6_151) % 60_000,
        fewest_voters: 2_000 + (number * 31) % 4_000,
    }
}

fn length(regencies: &[RegencyFigures]) -> u64 {
    u64::try_from(regencies.len()).unwrap()
}

fn country() -> SiteFigures {
    let mut regencies = Vec::new();
    for (island, count) in ISLANDS {
        let before = length(&regencies);
        regencies.extend((0..count).map(|at| regency(before + at, island, float(at) / float(count))));
    }
    assert_eq!(length(&regencies), REGENCIES);
    let groups: Vec<GroupFigures> = (0..DISTRICTS).map(group).collect();
    let sum = |of: &dyn Fn(&GroupFigures) -> u64| groups.iter().map(of).sum();
    let bits = |pepper_bits, check_bits| BitFigures { pepper_bits, check_bits };
    let files =
        [("tablesByNear", 41_000, 1_800_000_000), ("tablesByFull", 20_000, 640_000_000), ("stationLists", 7_277, 21_000_000)];
    SiteFigures {
        election: ElectionFigures {
            id: "uji-2029".into(),
            name: "Pemilu Uji 2029".into(),
            day: "2029-02-14".into(),
            demo: false,
        },
        head: HeadFigures {
            serial: 1_795_708_093,
            signed_at: "2029-01-20T03:04:05Z".into(),
            expires: "2029-02-16T00:00:00Z".into(),
            manifest: "fb91267a51d9e1fea743b8a063d89f2a".into(),
            signature_checked: true,
        },
        sealing: SealingFigures { memory_kib: 19_456, passes: 2, full: bits(4, 28), near: bits(6, 30) },
        files: files.map(|(kind, files, bytes)| (kind, FileTotal { files, bytes })).into(),
        totals: SiteTotals {
            files: 69_000,
            bytes: 2_461_000_000,
            tables: 61_000,
            stations: 823_220,
            stations_with_coordinates: 800_000,
            districts: DISTRICTS,
            villages: 83_731,
            voters: sum(&|group| group.voters),
            full_keys: sum(&|group| group.full.keys),
            near_keys: sum(&|group| group.near.keys),
            elsewhere_keys: sum(&|group| group.near.elsewhere_keys),
            ambiguous_keys: sum(&|group| group.near.ambiguous_keys),
        },
        false_answers: FalseAnswers {
            full: FalseAnswer { layers: 3, chance: 1.8e-7 },
            near: FalseAnswer { layers: 3, chance: 3.6e-7 },
            voters_with_a_second_station: 21.3,
        },
        derivations: Derivations {
            build: 4.6e8,
            verify_sample: 2.4e7,
            sampled_voters: 400_000,
            verify_all: 1.2e10,
            lookup_by_full: 16,
            lookup_by_near: 64,
        },
        regencies,
        groups,
    }
}

/// With everything that can be given.
fn whole(site: SiteFigures) -> ReportFigures {
    let codes: Vec<String> = site.regencies.iter().filter_map(|regency| regency.code.clone()).collect();
    let kinds = ProblemKind::ALL.iter().map(|kind| KindFigures {
        kind: *kind,
        severity: kind.severity(),
        count: 90_000,
        regencies: codes.iter().zip((5..900).rev()).map(|(code, count)| (code.clone(), count)).collect(),
    });
    let quality = QualityFigures { voters: 204_807_222, rejected_lines: 12, kinds: kinds.collect() };
    let change = |regency: &RegencyFigures| ChangedRegency {
        code: regency.code.clone(),
        name: regency.name.clone(),
        bytes: regency.table_bytes,
        new_bytes: regency.table_bytes / 3,
    };
    let total = |files, bytes| FileTotal { files, bytes };
    let compared = KindChange { kept: total(30_000, 2_000_000), new: total(9_000, 700_000), gone: total(8_990, 690_000) };
    let changes = ChangeFigures {
        since_serial: 1_795_000_000,
        since_signed_at: "2029-01-12T03:04:05Z".into(),
        sealing_changed: false,
        stations: [823_000, 823_220],
        files: [("tablesByNear", compared)].into(),
        regencies: site.regencies.iter().map(change).collect(),
    };
    let figures = ReportFigures::of_site(site, Prices::default()).with_roll(quality, None);
    ReportFigures { changes: Some(changes), ..figures }
}

/// `BILIK_REPORT_PAGE=FILE cargo test -p bilik-publish report` writes the page, to look at it.
#[test]
fn a_country_fits_a_page_of_a_megabyte() {
    let figures = whole(country());
    for language in [Language::Id, Language::En] {
        let page = page(&figures, language).unwrap();
        assert!(page.len() < MAX_PAGE, "{} bytes in {}", page.len(), language.code());
        assert!(page.contains("<html lang=\"") && page.ends_with("</html>"), "whole");
        assert!(page.matches("<rect ").count() > 4 * 514, "each map has every regency");
        if let Some(path) = std::env::var_os("BILIK_REPORT_PAGE").filter(|_| language == Language::Id) {
            std::fs::write(path, page).unwrap();
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let hostile = "</bdi></title><script>alert(1)</script><img src=x onerror=\"a()\">{{ 7*7 }}{% raw %}'\"&`code`\u{202e}\u{0}";
    let mut site = country();
    site.regencies.truncate(6);
    site.groups.truncate(6);
    site.election.name = hostile.into();
    for regency in &mut site.regencies {
        regency.name = hostile.into();
    }
    for group in &mut site.groups {
        group.label = hostile.into();
    }
    for language in [Language::Id, Language::En] {
        let page = page(&whole(site.clone()), language).unwrap();
        for broken in ["<script", "<img", "onerror=\"", "{{ 49", "\u{202e}", "\u{0}"] {
            assert!(!page.contains(broken), "{broken}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;") && page.contains("{{ 7*7 }}"));
        assert_eq!(page.matches("<style>").count(), 1);
        assert_eq!(page.matches("<bdi>").count(), page.matches("</bdi>").count());
        assert_eq!(page.matches("<title>").count(), page.matches("</title>").count());
    }
}

#[test]
fn what_was_not_given_is_said_and_has_no_plot() {
    let figures = ReportFigures::of_site(country(), Prices::default());
    let page = page(&figures, Language::En).unwrap();
    for option in ["--certificate", "--roll", "--since"] {
        assert!(page.contains(&format!("was given (<code>{option}</code>)")), "{option}");
    }
    for section in ["proof", "quality", "changes"] {
        let start = page.split_once(&format!("<section id=\"{section}\"")).unwrap().1;
        let own = start.split_once("</section>").unwrap().0;
        assert!(own.contains("class=\"missing\"") && !own.contains("<svg"), "{section}");
    }
    assert_eq!(page.matches("class=\"missing\"").count(), 3);
}
