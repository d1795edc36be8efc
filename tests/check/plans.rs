//! Properties of every plan, whatever the roll.

use bilik::format::MAX_SPLIT_BITS;
use bilik_publish::plan::{Group, plan};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn counts() -> impl Strategy<Value = BTreeMap<u32, u64>> {
    // Few regencies, so that there are neighbours; garbage between them; sizes from nobody to more than 16 tables hold.
    let prefix = prop_oneof![4 => (0_u32..6, 1_u32..30).prop_map(|(r, d)| 320_100 + r * 100 + d), 1 => 0_u32..1_000_000];
    let voters = prop_oneof![6 => 0_u64..40, 3 => 20_u64..400, 1 => 300_u64..6_000];
    prop::collection::btree_map(prefix, voters, 0..60)
}

fn of_prefix(groups: &[Group]) -> BTreeMap<u32, Vec<&Group>> {
    let mut of_prefix: BTreeMap<u32, Vec<&Group>> = BTreeMap::new();
    for group in groups {
        for prefix in &group.prefixes {
            of_prefix.entry(*prefix).or_default().push(group);
        }
    }
    of_prefix
}

proptest! {
    #[test]
    fn every_prefix_is_covered_exactly_once(counts in counts(), min in 1_u32..60, times in 3_u32..8) {
        let groups = plan(&counts, min, min * times);
        let of_prefix = of_prefix(&groups);
        let with_voters: BTreeSet<u32> = counts.iter().filter(|(_, voters)| **voters > 0).map(|(prefix, _)| *prefix).collect();
        prop_assert_eq!(of_prefix.keys().copied().collect::<BTreeSet<_>>(), with_voters);
        for (prefix, groups) in of_prefix {
            let bits = groups[0].split_bits;
            prop_assert!(bits <= MAX_SPLIT_BITS);
            let parts: Vec<u8> = groups.iter().map(|group| group.part).collect();
            prop_assert_eq!(parts, (0..1 << bits).collect::<Vec<u8>>(), "{}", prefix);
            prop_assert!(groups.iter().all(|group| group.split_bits == bits));
            prop_assert!(bits == 0 || groups.iter().all(|group| group.prefixes == [prefix]));
        }
    }

    #[test]
    fn no_group_is_too_small_unless_there_is_nothing_to_join_it_with(counts in counts(), min in 1_u32..60, times in 3_u32..8) {
        let groups = plan(&counts, min, min * times);
        let small = groups.iter().filter(|group| group.voters < min.into()).count();
        let whole = groups.iter().filter(|group| group.split_bits == 0).count();
        prop_assert!(small == 0 || (small == 1 && whole == 1), "{:?}", groups);
    }

    #[test]
    fn no_group_is_too_big_unless_bits_run_out_or_it_would_leave_a_small_one(counts in counts(), min in 1_u32..60, times in 3_u32..8) {
        let max = u64::from(min * times);
        let groups = plan(&counts, min, min * times);
        let big: Vec<&Group> = groups.iter().filter(|group| group.voters > max && group.split_bits < MAX_SPLIT_BITS).collect();
        prop_assert!(big.len() <= 1 && big.iter().all(|group| group.split_bits == 0 && group.voters < max + u64::from(min)), "{:?}", big);
        for group in groups.iter().filter(|group| group.split_bits > 0) {
            let all = counts[&group.prefixes[0]];
            prop_assert!(all > max && (all >> (group.split_bits - 1)) > max, "no more bits than needed: {:?}", group);
        }
    }

    #[test]
    fn labels_differ_and_groups_come_in_order(counts in counts(), min in 1_u32..60) {
        let groups = plan(&counts, min, min * 3);
        let labels: BTreeSet<&str> = groups.iter().map(|group| group.label.as_str()).collect();
        prop_assert_eq!(labels.len(), groups.len());
        prop_assert!(groups.is_sorted_by_key(|group| (group.prefixes.clone(), group.part)));
        prop_assert!(groups.iter().all(|group| group.prefixes.is_sorted_by(|a, b| a < b)));
    }
}

fn planned(counts: &[(u32, u64)]) -> Vec<(String, u64)> {
    plan(&counts.iter().copied().collect(), 2_000, 30_000).into_iter().map(|group| (group.label, group.voters)).collect()
}

fn named(groups: &[(&str, u64)]) -> Vec<(String, u64)> {
    groups.iter().map(|(label, voters)| ((*label).to_owned(), *voters)).collect()
}

#[test]
fn small_prefixes_join_neighbours_of_their_regency_first() {
    assert_eq!(
        planned(&[(110_101, 900), (110_102, 28_000), (110_105, 1_200), (110_199, 3)]),
        named(&[("110101-110199", 2_103), ("110102", 28_000)])
    );
    assert_eq!(planned(&[(110_101, 28_000), (110_199, 3)]), named(&[("110101-110199", 28_003)]));
}

#[test]
fn prefixes_too_small_for_their_regency_are_merged_across_regencies() {
    assert_eq!(
        planned(&[(110_101, 29_999), (110_199, 3), (120_101, 1_500), (130_101, 600)]),
        named(&[("110101", 29_999), ("110199-130101", 2_103)])
    );
}

#[test]
fn a_regency_with_room_keeps_its_own() {
    assert_eq!(
        planned(&[(110_101, 1_500), (110_201, 600), (110_202, 25_000), (110_301, 1_500)]),
        named(&[("110101-110301", 3_000), ("110201-110202", 25_600)])
    );
}

#[test]
fn big_prefixes_are_split_into_named_parts() {
    let groups = planned(&[(320_101, 394_000), (320_102, 30_001), (320_103, 30_000)]);
    assert_eq!(groups.len(), 16 + 2 + 1);
    assert_eq!(groups[0].0, "320101 part 1 of 16");
    assert_eq!(groups[16..], named(&[("320102 part 1 of 2", 15_000), ("320102 part 2 of 2", 15_000), ("320103", 30_000)]));
}

#[test]
fn a_roll_that_is_smaller_than_a_table_is_one_table() {
    assert_eq!(planned(&[(110_101, 5), (990_101, 7)]), named(&[("110101-990101", 12)]));
    assert!(planned(&[]).is_empty());
}
