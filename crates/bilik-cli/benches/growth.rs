//! How files grow with the voters of a district and with the districts of a country: `cargo bench -p bilik-cli --bench growth` builds
//! made-up elections at the smallest sealing cost and prints the lengths of their files as JSON. benches/report.sh draws them.
//!
//! Nothing is timed: lengths do not depend on the cost of a derivation, nor on the machine.

use bilik::{Cost, format};
use bilik_cli::synthetic::{self, Shape};
use bilik_publish::build::{BuildOptions, build};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::derive::DeriveMethod;
use bilik_publish::progress::Silent;
use bilik_publish::signing;
use serde::Serialize;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

const VOTERS: [u64; 6] = [1_000, 3_000, 10_000, 28_000, 100_000, 400_000];
const DISTRICTS: [u32; 5] = [10, 100, 1_000, 3_000, 7_277];
/// In 2024, 823,220 stations in 7,277 districts.
const STATIONS_PER_DISTRICT: u32 = 113;
const ALL_STATIONS: u32 = 823_220;

/// A site, and the lengths of its files by kind, ascending.
#[derive(Serialize)]
struct Point {
    voters: u64,
    stations: u32,
    files: BTreeMap<&'static str, Lengths>,
}

#[derive(Serialize)]
struct Lengths {
    count: usize,
    sum: u64,
    median: u64,
    max: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    // For a trial: only the first points.
    let points = std::env::var("BILIK_POINTS").ok().and_then(|points| points.parse().ok()).unwrap_or(usize::MAX);
    let by_voters = VOTERS.into_iter().take(points).map(|voters| point(voters, ALL_STATIONS));
    let by_districts = DISTRICTS.into_iter().take(points).map(|districts| point(1_000, districts * STATIONS_PER_DISTRICT));
    let by_voters = by_voters.collect::<Result<Vec<_>, _>>()?;
    let by_districts = by_districts.collect::<Result<Vec<_>, _>>()?;
    println!("{}", serde_json::json!({ "voters": by_voters, "districts": by_districts }));
    Ok(())
}

fn point(voters: u64, stations: u32) -> Result<Point, Box<dyn Error>> {
    eprintln!("{voters} voters in one district, {stations} stations in the country");
    let folder = tempfile::tempdir()?;
    let shape = Shape { cost: Cost::MIN, ..Shape::district(voters, stations) };
    // In the largest district every 12 digits are shared, so that after the whole roll is written nobody can be offered to try: an
    // error here, which matters only if the roll is not whole.
    let written = synthetic::write(&folder.path().join("election"), &shape);
    let key = folder.path().join("KEY");
    signing::generate(&key)?;
    let site = folder.path().join("site");
    let options = BuildOptions {
        folder: folder.path().join("election"),
        keys: vec![key],
        site: site.clone(),
        work: None,
        allowed: bilik_publish::plan::Allowed::default(),
        prune: false,
        signatures_follow: false,
        reuse: false,
        derive: DeriveMethod::default(),
    };
    let built = build(&options, &Silent, &CancellationToken::new())?.built()?;
    if built.voters != voters {
        written?;
    }
    let mut files = BTreeMap::new();
    for (name, kind) in
        [("manifest", "m"), ("part", "p"), ("directory", "d"), ("stations", "s"), ("names", "n"), ("full", "t"), ("near", "t")]
    {
        files.insert(name, lengths(&site.join(kind), name)?);
    }
    Ok(Point { voters, stations, files })
}

fn lengths(folder: &Path, name: &str) -> Result<Lengths, Box<dyn Error>> {
    let mut all = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        let is_of_kind = match name {
            "full" | "near" => {
                let table: bilik::Table = format::read_unverified(&fs::read(file.path())?)?;
                (table.recipe() == bilik::Recipe::Full) == (name == "full")
            }
            _ => true,
        };
        if is_of_kind {
            all.push(file.metadata()?.len());
        }
    }
    all.sort_unstable();
    let median = all.get(all.len() / 2).copied().unwrap_or_default();
    Ok(Lengths { count: all.len(), sum: all.iter().sum(), median, max: all.last().copied().unwrap_or_default() })
}
