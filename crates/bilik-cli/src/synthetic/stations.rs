//! stations.csv of a made-up country.

use super::places::Country;
use super::seeded_rng::SeededRng;
use bilik::format::Code;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::BufWriter;

/// Share of stations whose coordinates are far off, and of those that have none.
const MISPLACED: f64 = 0.012;
const UNPLACED: f64 = 0.02;

/// Writes a line for every station.
pub(super) fn write(country: &Country, dice: &mut SeededRng, file: BufWriter<File>) -> anyhow::Result<()> {
    let mut lines = csv::Writer::from_writer(file);
    lines.write_record(["id", "village", "number", "venue", "address", "lat", "lon", "accessible", "notice"])?;
    let (mut district, mut village) = (None, None);
    let (mut district_at, mut village_at, mut village_name) = ((0, 0), (0, 0), "");
    let names: HashMap<Code, &str> = country.regions.iter().map(|region| (region.code, region.name.as_str())).collect();
    let mut venue = String::new();
    for station in &country.stations {
        if district != station.village.district_of() {
            district = station.village.district_of();
            // The Java Sea between 4 and 5 degrees south: no houses there. In metres, roughly.
            district_at = (dice.within(445_000, 555_000), dice.within(12_000_000, 12_500_000));
        }
        if village != Some(station.village) {
            village = Some(station.village);
            village_at = (district_at.0 + dice.below(4_000), district_at.1 + dice.below(4_000));
            village_name = names.get(&station.village).copied().unwrap_or_default();
        }
        name_venue(&mut venue, station.village, village_name, dice);
        let address =
            format!("{} No. {}, RT {:03}/RW {:03}", dice.pick(STREETS), dice.within(1, 99), dice.within(1, 9), dice.within(1, 6));
        let (south, east) = (village_at.0 + dice.below(900), village_at.1 + dice.below(900));
        let (lat, lon) = (-f64::from(south) / 111_000.0, f64::from(east) / 111_000.0);
        let (lat, lon) = match (dice.chance(UNPLACED), dice.chance(MISPLACED)) {
            (true, _) => (String::new(), String::new()),
            (_, true) => (format!("{:.5}", lat + 1.0), format!("{lon:.5}")),
            _ => (format!("{lat:.5}"), format!("{lon:.5}")),
        };
        let accessible = match dice.below(10) {
            0..6 => "yes",
            6..8 => "no",
            _ => "",
        };
        let notice = if dice.chance(0.02) { "Pindah dari tempat semula karena banjir (contoh)" } else { "" };
        let (id, village, number) = (station.id(), station.village.to_string(), station.number.to_string());
        lines.write_record([&id, &village, &number, &venue, &address, &lat, &lon, accessible, notice])?;
    }
    lines.flush()?;
    Ok(())
}

const STREETS: &[&str] = &[
    "Jl. Contoh",
    "Jl. Uji",
    "Jl. Melati",
    "Jl. Mawar",
    "Jl. Kenanga",
    "Jl. Anggrek",
    "Jl. Raya Contoh",
    "Gang Coba",
    "Gang Kelinci",
    "Dusun Rekaan",
    "Dusun Krajan",
    "Kampung Misal",
];

/// The building, as committees name it.
fn name_venue(venue: &mut String, village: Code, name: &str, dice: &mut SeededRng) {
    venue.clear();
    let number = dice.within(1, 4);
    let written = match dice.below(10) {
        0..3 => write!(venue, "SDN {name} {number}"),
        3 => write!(venue, "Balai {} {name}", if village.last_four() < 2000 { "Kelurahan" } else { "Desa" }),
        4 => write!(venue, "TK Contoh {number}"),
        5 => write!(venue, "Pos Ronda RT {number:02}"),
        6 => write!(venue, "Lapangan Voli RW {number:02}"),
        7 => write!(venue, "Halaman rumah Ketua RT {number:02}"),
        8 => write!(venue, "Gedung Serbaguna RW {number:02}"),
        _ => write!(venue, "Posyandu Coba {number}"),
    };
    // Writing to a string cannot fail.
    written.unwrap_or_default();
}
