//! `cargo bench -p bilik --bench names` prints how often a voter is found who types another name than the roll has, and what folding
//! costs. docs/names.md explains the table. `BILIK_NAMES_MISSED=1` prints the questions that found nobody, too.

#![allow(
    missing_docs,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a bench may fail loudly"
)]

#[path = "names/corpus.rs"]
mod corpus;
#[path = "names/district.rs"]
mod district;
#[path = "names/measure.rs"]
mod measure;
#[path = "names/questions.rs"]
mod questions;

use corpus::{Corpus, Half, Random};
use district::District;
use measure::{Recall, false_merges, recall, spread, strangers, written};
use questions::Kind;

const VOTERS: usize = 28_000;
const QUESTIONS: usize = 20_000;
/// More, because hardly any is told anything.
const STRANGERS: usize = 1_000_000;

fn main() {
    let corpus = Corpus::new();
    let district = District::new(&corpus, VOTERS, &mut Random(1));
    let short = district.voters.iter().filter(|voter| !voter.folded.is_long()).count();
    let groups = |half| corpus.groups.iter().filter(|group| group.half == half).count();
    println!("{VOTERS} voters, {:.1} % with fewer than two significant words", short as f64 * 100.0 / VOTERS as f64);
    println!("groups of spellings: {} to tune by, {} held out\n", groups(Half::Tuning), groups(Half::HeldOut));
    println!("{:<34}{:>8}{:>10}{:>8}", "the right voter is found, %", "tuning", "held out", "goal");
    let mut sum = Recall::default();
    for kind in Kind::ALL {
        let (title, goal) = kind.goal();
        let [tuning, held_out] = [Half::Tuning, Half::HeldOut].map(|half| recall(&corpus, &district, kind, half, QUESTIONS));
        println!("{title:<34}{:>8.1}{:>10.1}{goal:>8.0}", tuning.percent(), held_out.percent());
        for recall in [tuning, held_out] {
            sum.wrong += recall.wrong;
            sum.all += recall.all;
        }
    }
    println!("\nanother voter's station only: {} of {} questions", sum.wrong, sum.all);
    let (told, same_word) = strangers(&corpus, &district, STRANGERS);
    println!(
        "strangers told a station: {told} of {STRANGERS}; {same_word} of them share a word as it is written with that voter"
    );
    let (merged, chance) = false_merges(&corpus);
    println!(
        "false merges: {} pairs of {} words, {:.3} % of pairs by frequency",
        merged.len(),
        corpus.words.len(),
        chance * 100.0
    );
    println!("  {}\n", merged.iter().map(|(one, other)| format!("{one}={other}")).collect::<Vec<_>>().join(" "));

    println!("{:<42}{:>14}{:>16}", "what near seals", "entropy, bits", "tokens for half");
    let either_end = spread(&district, |_, name, common| name.sealed_tokens(common).into_iter().map(str::to_owned).collect());
    let first = spread(&district, |_, name, common| vec![name.first_significant(common).to_owned()]);
    let as_written = spread(&district, |text, name, common| written(text, &[name.first_significant(common)]));
    for (title, spread) in
        [("first word, as written", &as_written), ("first word, folded", &first), ("either end, folded", &either_end)]
    {
        println!("{title:<42}{:>14.2}{:>16}", spread.entropy, spread.half);
    }
    println!("bits of entropy lost by folding: {:.2}", as_written.entropy - first.entropy);
    let bits = (as_written.half as f64 / either_end.half as f64).log2();
    println!("bits of an attacker's guesses lost by folding and the second token: {bits:.2}");
}
