//! Districts that are old, too big or too small: whatever table they end up in, everybody in them is found.

use crate::support::{Handmade, LIGHT, World, ask, files, stations};
use bilik::format::{self, Directory, Manifest};
use bilik::lookup::Outcome;
use bilik::{Recipe, Warning};
use bilik_cli::synthetic::Shape;
use std::collections::BTreeSet;

fn directories(world: &World) -> Vec<Directory> {
    files(&world.site(), "d").iter().map(|(_, bytes)| format::read_unverified(bytes).unwrap()).collect()
}

/// How many voters of the roll vote outside the district of their NIK.
fn movers(world: &World) -> usize {
    world.roll().iter().filter(|voter| voter.nik[..6] != voter.station[..6]).count()
}

#[test]
fn a_district_split_in_four_answers_every_voter_and_mover() {
    let shape = Shape { cost: LIGHT, min_voters: 350, max_voters: 1_100, ..Shape::district(4_000, 200) };
    let (world, _) = World::of(&shape);
    assert_eq!(world.build().groups, 4);
    let directories = directories(&world);
    let home = directories.iter().find(|directory| !directory.routes.is_empty()).unwrap();
    assert_eq!((home.routes.len(), home.routes[0].split_bits, home.tables.len()), (1, 2, 4));
    let nears: BTreeSet<_> = home.tables.iter().map(|tables| tables.near).collect();
    assert_eq!(nears.len(), 4);
    assert!(movers(&world) > 400);
    world.everybody_is_found();
}

#[test]
fn five_small_districts_share_a_table_and_lose_nobody() {
    let shape =
        Shape { cost: LIGHT, min_voters: 2_000, old_codes: false, districts_per_regency: 5, regencies: 1, ..Shape::demo(900) };
    let (world, _) = World::of(&shape);
    assert_eq!(world.build().groups, 1);
    let directories = directories(&world);
    let home = directories.iter().find(|directory| !directory.routes.is_empty()).unwrap();
    assert_eq!((home.routes.len(), home.tables.len(), home.tables[0].homes.len()), (5, 1, 5));
    assert!(home.routes.iter().all(|route| (route.table, route.split_bits) == (0, 0)));
    assert!(movers(&world) > 80);
    world.everybody_is_found();
}

#[test]
fn districts_are_merged_across_regencies_where_a_whole_regency_has_too_few() {
    let shape = Shape { cost: LIGHT, min_voters: 5_000, ..Shape::demo(900) };
    let (world, _) = World::of(&shape);
    assert_eq!(world.build().groups, 1);
    let nears: BTreeSet<_> =
        directories(&world).iter().flat_map(|directory| &directory.tables).map(|tables| tables.near).collect();
    assert_eq!(nears.len(), 1, "one table stands in the directories of all regencies");
    world.everybody_is_found();
}

#[test]
fn niks_with_codes_of_no_region_of_today_are_found_and_warned_of() {
    let (world, _) = World::of(&Shape { cost: LIGHT, min_voters: 20, max_voters: 90, ..Shape::demo(2_000) });
    world.build();
    let manifest: Manifest = format::read_unverified(&files(&world.site(), "m")[0].1).unwrap();
    assert!(manifest.elsewhere.is_some(), "some prefixes lie in no regency");
    let regions = std::fs::read_to_string(world.election().join("regions.csv")).unwrap().replace('.', "");
    let regions: BTreeSet<&str> = regions.lines().filter_map(|line| line.split(',').next()).collect();
    let lookup = world.lookup();
    let (mut old, mut outside) = (0, 0);
    for voter in world.roll().iter().filter(|voter| !regions.contains(&voter.nik[..6])) {
        let outcome = ask(&lookup, voter.digits(), &voter.name, Some(voter.village()));
        assert!(stations(&outcome).contains(&voter.station.as_str()), "{outcome:?}");
        let (Outcome::Found { answered, .. } | Outcome::Ambiguous { answered, .. }) = outcome else { unreachable!() };
        assert!(answered.warnings.contains(&Warning::UnknownDistrict), "{answered:?}");
        old += 1;
        outside += u32::from(!regions.contains(&voter.nik[..4]));
    }
    assert!(old > 50 && outside > 10, "{old} old codes, {outside} of them in no regency");
    world.everybody_is_found();
}

const STATIONS: &[&str] = &["3901012001001", "3901012002001", "3901022001001"];

#[test]
fn the_village_on_the_card_is_the_one_that_near_wants_where_it_is_not_the_stations() {
    let voters = "3901011201900001,Budi Santoso,3901012001001,3901022001\n3901011301900001,Dewi,3901012001001,39.01.01.2002\n";
    let world = Handmade { stations: STATIONS, voters, toml: "[tables]\nmin_voters = 1\n" }.write();
    world.build();
    let near = |digits, name, village| {
        let outcome = ask(&world.lookup(), digits, name, Some(village));
        if let Outcome::Found { by, .. } = &outcome {
            assert_eq!(*by, Recipe::Near);
        }
        stations(&outcome).len()
    };
    assert_eq!(near("390101120190", "Budi", "3901022001"), 1);
    assert_eq!(near("390101120190", "Budi", "3901012001"), 0);
    assert_eq!(near("390101130190", "Dewi", "3901012002"), 1);
    assert_eq!(near("390101130190", "Dewi", "3901012001"), 0);
    world.everybody_is_found();
}

#[test]
fn withheld_voters_are_found_by_nobody_and_all_others_are() {
    let (world, _) = World::of(&Shape { cost: LIGHT, ..Shape::demo(1_000) });
    let roll = world.roll();
    let is_withheld = |line: usize| line % 50 == 7;
    let mut withheld = String::from("nik,name\n");
    for (line, voter) in roll.iter().enumerate().filter(|(line, _)| is_withheld(*line)) {
        // By a whole NIK, or by 12 digits and the name, in another case.
        let entry = if line % 100 == 7 {
            format!("{},\n", voter.nik)
        } else {
            format!("{},\"{}\"\n", voter.digits(), voter.name.to_lowercase())
        };
        withheld += &entry;
    }
    std::fs::write(world.election().join("withheld.csv"), withheld).unwrap();
    let built = world.build();
    assert_eq!((built.voters, built.withheld), (980, 20));
    let lookup = world.lookup();
    for voter in roll.iter().enumerate().filter(|(line, _)| is_withheld(*line)).map(|(_, voter)| voter) {
        for name in [voter.name.as_str(), voter.name.split(' ').next().unwrap()] {
            let outcome = ask(&lookup, voter.digits(), name, Some(voter.village()));
            assert!(stations(&outcome).is_empty(), "{outcome:?}");
        }
    }
    world.everybody_is_found();
}
