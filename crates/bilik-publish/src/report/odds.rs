//! What follows from the keys and the settings: wrong answers by chance, and the derivations of building and verifying.

use super::figures::{Derivations, FalseAnswer, FalseAnswers, GroupFigures, SiteTotals};
use crate::number::float;
use crate::verify::RollSample;
use bilik::Recipe;
use bilik::format::Sealing;

/// Ends of a name that `near` tries.
const ENDS: f64 = 2.0;

fn peppers(sealing: Sealing, recipe: Recipe) -> f64 {
    2_f64.powi(sealing.bits(recipe).pepper_bits.into())
}

/// For one key of the deepest table, whatever its pepper.
fn passes(sealing: Sealing, recipe: Recipe, layers: u32) -> f64 {
    f64::from(layers) * 2_f64.powi(-i32::from(sealing.bits(recipe).check_bits))
}

pub(super) fn false_answers(sealing: Sealing, groups: &[GroupFigures], totals: SiteTotals) -> FalseAnswers {
    let layers = |recipe| groups.iter().map(|group| group.table(recipe).layers).max().unwrap_or_default();
    let of = |recipe, words: f64| {
        let layers = layers(recipe);
        FalseAnswer { layers, chance: words * peppers(sealing, recipe) * passes(sealing, recipe, layers) }
    };
    let full = of(Recipe::Full, 1.0);
    // Of a voter's own peppers one is right.
    let wrong = (peppers(sealing, Recipe::Full) - 1.0) * passes(sealing, Recipe::Full, full.layers);
    FalseAnswers { full, near: of(Recipe::Near, ENDS), voters_with_a_second_station: float(totals.full_keys) * wrong }
}

pub(super) fn derivations(sealing: Sealing, totals: SiteTotals) -> Derivations {
    // Who does not know a key's pepper tries half of them on average.
    let of_a_key = |recipe| f64::midpoint(peppers(sealing, recipe), 1.0);
    let all = float(totals.full_keys) * of_a_key(Recipe::Full) + float(totals.near_keys) * of_a_key(Recipe::Near);
    let sampled_voters = RollSample::Usual.of(totals.voters);
    Derivations {
        build: float(totals.full_keys + totals.near_keys),
        verify_sample: if totals.voters == 0 { 0.0 } else { all * float(sampled_voters) / float(totals.voters) },
        sampled_voters,
        verify_all: all,
        lookup_by_full: 1 << sealing.full.pepper_bits.min(63),
        lookup_by_near: 1 << sealing.near.pepper_bits.min(63),
    }
}
