//! Writes a made-up election with the shape of Indonesia's:
//! `cargo run --release -p bilik-cli --example made_up_election -- DIR VOTERS [VOTERS_IN_A_DISTRICT]`.
//!
//! 28,000 voters a district, 14 districts a regency, 11 villages a district, 38 % short names, 15 % movers; streamed, so that
//! the whole country's 204,807,222 need little memory. Sealing is at the smallest cost, as for a test.

use bilik::Cost;
use bilik_cli::synthetic::{self, Shape};
use std::path::PathBuf;

const VOTERS_IN_A_DISTRICT: u64 = 28_144;
const DISTRICTS_IN_A_REGENCY: u32 = 14;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(voters)) = (arguments.next().map(PathBuf::from), arguments.next()) else {
        anyhow::bail!("expected a folder and a number of voters");
    };
    let voters: u64 = voters.replace(',', "").parse()?;
    let in_a_district = arguments.next().map_or(Ok(VOTERS_IN_A_DISTRICT), |voters| voters.parse())?;
    let districts = u32::try_from(voters.div_ceil(in_a_district))?;
    let shape = Shape {
        regencies: districts.div_ceil(DISTRICTS_IN_A_REGENCY),
        districts_per_regency: DISTRICTS_IN_A_REGENCY.min(districts),
        villages_per_district: 11,
        voters_per_station: 248,
        min_voters: 2_000,
        cost: Cost::MIN,
        ..Shape::demo(voters)
    };
    synthetic::write(&folder, &shape)?;
    Ok(())
}
