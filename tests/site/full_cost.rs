//! What `tests/full-cost.sh` asks of this binary: an election folder of one district at the cost of a real election, and the
//! sizes of the site that was built of it. Both do nothing without `BILIK_FULL_COST`, the folder to work in.

use crate::BILIK;
use crate::sizes::{Public, STATIONS_OF_2024, Sized};
use bilik::Cost;
use bilik_cli::synthetic::{self, Shape};
use bilik_testkit::Operator;
use std::path::PathBuf;

fn folder() -> Option<PathBuf> {
    std::env::var_os("BILIK_FULL_COST").map(PathBuf::from)
}

#[test]
#[ignore = "run by tests/full-cost.sh"]
fn the_district_is_written() {
    let Some(folder) = folder() else { return };
    let voters = std::env::var("BILIK_VOTERS").map_or(28_000, |voters| voters.parse().unwrap());
    let shape = Shape { cost: Cost::DEFAULT, ..Shape::district(voters, STATIONS_OF_2024) };
    let short_name_share = std::env::var("BILIK_SHORT_NAMES").map_or(shape.short_name_share, |share| share.parse().unwrap());
    let shape = Shape { short_name_share, ..shape };
    synthetic::write(&folder.join("election"), &shape).unwrap();
}

#[test]
#[ignore = "run by tests/full-cost.sh"]
fn each_file_is_within_2_percent_of_its_bound() {
    let Some(folder) = folder() else { return };
    let operator = Operator::at(BILIK, &folder);
    for file in Sized::all(&operator) {
        println!("{file}");
        assert!((1.0..=1.02).contains(&file.ratio()), "{file}");
    }
    println!("{}", Public::of(&operator));
}
