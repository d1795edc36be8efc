//! Properties of every plan, whatever the roll.

use bilik_publish::grouping::{Group, group_prefixes};
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
    fn every_prefix_is_covered_exactly_once(counts in counts(), min in 1_u32..60) {
        let groups = group_prefixes(&counts, min, []);
        let of_prefix = of_prefix(&groups);
        let with_voters: BTreeSet<u32> = counts.iter().filter(|(_, voters)| **voters > 0).map(|(prefix, _)| *prefix).collect();
        prop_assert_eq!(of_prefix.keys().copied().collect::<BTreeSet<_>>(), with_voters);
        prop_assert!(of_prefix.values().all(|groups| groups.len() == 1));
        let voters: u64 = groups.iter().map(|group| group.voters).sum();
        prop_assert_eq!(voters, counts.values().sum::<u64>());
    }

    #[test]
    fn no_group_is_too_small_unless_there_is_nothing_to_join_it_with(counts in counts(), min in 1_u32..60) {
        let groups = group_prefixes(&counts, min, []);
        let small = groups.iter().filter(|group| group.voters < min.into()).count();
        prop_assert!(small == 0 || groups.len() == 1, "{:?}", groups);
    }

    #[test]
    fn a_prefix_joins_others_of_its_regency_while_there_are_any(counts in counts(), min in 1_u32..60) {
        for group in group_prefixes(&counts, min, []) {
            let regencies: BTreeSet<u32> = group.prefixes.iter().map(|prefix| prefix / 100).collect();
            let alone = |regency: &u32| counts.range(regency * 100..(regency + 1) * 100).map(|(_, n)| n).sum::<u64>() < min.into();
            prop_assert!(regencies.len() == 1 || regencies.iter().filter(|regency| !alone(regency)).count() <= 1, "{:?}", group);
        }
    }

    #[test]
    fn labels_differ_and_groups_come_in_order(counts in counts(), min in 1_u32..60) {
        let groups = group_prefixes(&counts, min, []);
        let labels: BTreeSet<&str> = groups.iter().map(|group| group.label.as_str()).collect();
        prop_assert_eq!(labels.len(), groups.len());
        prop_assert!(groups.is_sorted_by_key(|group| group.prefixes.clone()));
        prop_assert!(groups.iter().all(|group| group.prefixes.is_sorted_by(|a, b| a < b)));
    }
}

proptest! {
    #[test]
    fn a_later_plan_keeps_the_borders_that_are_within_the_limits(counts in counts(), later in counts(), min in 1_u32..60) {
        // Most prefixes have the voters that they had; some have others, come or go.
        let later: BTreeMap<u32, u64> = counts
            .iter()
            .filter(|(prefix, _)| **prefix % 7 != 0)
            .map(|(prefix, voters)| (*prefix, if prefix % 5 == 0 { voters / 2 } else { voters + u64::from(prefix % 3) }))
            .chain(later.into_iter().filter(|(prefix, _)| prefix % 11 == 0))
            .collect();
        let earlier = group_prefixes(&counts, min, []);
        let borders = || earlier.iter().map(|group| group.prefixes.as_slice());
        let groups = group_prefixes(&later, min, borders());
        let of_prefix = of_prefix(&groups);
        let with_voters: BTreeSet<u32> = later.iter().filter(|(_, voters)| **voters > 0).map(|(prefix, _)| *prefix).collect();
        prop_assert_eq!(of_prefix.keys().copied().collect::<BTreeSet<_>>(), with_voters);
        prop_assert!(of_prefix.values().all(|groups| groups.len() == 1));
        prop_assert_eq!(groups.iter().map(|group| group.voters).sum::<u64>(), later.values().sum::<u64>());
        let small = groups.iter().filter(|group| group.voters < min.into()).count();
        prop_assert!(small == 0 || groups.len() == 1, "{:?}", groups);
        for group in &earlier {
            let voters: u64 = group.prefixes.iter().filter_map(|prefix| later.get(prefix)).sum();
            let today: BTreeSet<u32> = group.prefixes.iter().copied().filter(|prefix| later.get(prefix).is_some_and(|n| *n > 0)).collect();
            let largest = group.prefixes.iter().filter_map(|prefix| later.get(prefix)).max().copied().unwrap_or_default();
            if voters >= min.into() && voters - largest < 3 * u64::from(min) {
                // Whatever joins it, it is not divided.
                prop_assert!(groups.iter().any(|group| today.iter().all(|prefix| group.prefixes.contains(prefix))), "{:?}", today);
            }
        }
        // The same counts again: the same groups.
        let fresh = group_prefixes(&later, min, []);
        prop_assert_eq!(group_prefixes(&later, min, fresh.iter().map(|group| group.prefixes.as_slice())), fresh);
    }
}

fn planned(counts: &[(u32, u64)]) -> Vec<(String, u64)> {
    group_prefixes(&counts.iter().copied().collect(), 2_000, []).into_iter().map(|group| (group.label, group.voters)).collect()
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
        named(&[("110101-110199", 30_002), ("120101-130101", 2_100)])
    );
}

#[test]
fn what_is_left_over_joins_the_nearest_table_of_its_regency() {
    assert_eq!(
        planned(&[(110_101, 1_500), (110_201, 600), (110_202, 25_000), (110_301, 1_500)]),
        named(&[("110101-110301", 3_000), ("110201-110202", 25_600)])
    );
}

#[test]
fn a_roll_that_is_smaller_than_a_table_is_one_table() {
    assert_eq!(planned(&[(110_101, 5), (990_101, 7)]), named(&[("110101-990101", 12)]));
    assert!(planned(&[]).is_empty());
}
