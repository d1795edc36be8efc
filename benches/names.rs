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
use district::{District, Voter};
use measure::{Recall, false_merges, recall, spread, strangers, written};
use questions::Kind;

const DISTRICTS: u64 = 10;
const VOTERS: usize = 28_000;
/// Of each kind, over all districts.
const QUESTIONS: usize = 20_000;
/// More, because hardly any is told anything.
const STRANGERS: usize = 1_000_000;

fn main() {
    let corpus = Corpus::new();
    // Several: who shares birth date, sex, village and a word is a matter of chance.
    let districts: Vec<District> = (1..=DISTRICTS).map(|seed| District::new(&corpus, VOTERS, &mut Random(seed))).collect();
    let district = &districts[0];
    let short = district.voters.iter().filter(|voter| !voter.folded.is_long()).count();
    let groups = |half| corpus.groups.iter().filter(|group| group.half == half).count();
    println!(
        "{DISTRICTS} districts of {VOTERS} voters, {:.1} % with fewer than two significant words",
        short as f64 * 100.0 / VOTERS as f64
    );
    println!("groups of spellings: {} to tune by, {} held out\n", groups(Half::Tuning), groups(Half::HeldOut));
    println!("{:<34}{:>8}{:>10}{:>8}", "the right voter is found, %", "tuning", "held out", "goal");
    let mut sum = Recall::default();
    let mut ask = |title: &str, goal: &str, kind, of: fn(&Voter) -> bool| {
        let [tuning, held_out] = [Half::Tuning, Half::HeldOut].map(|half| {
            let ask = |district| recall(&corpus, district, (kind, half), QUESTIONS / districts.len(), of);
            districts.iter().map(ask).fold(Recall::default(), std::ops::Add::add)
        });
        println!("{title:<34}{:>8.1}{:>10.1}{goal:>8}", tuning.percent(), held_out.percent());
        sum = sum + tuning + held_out;
    };
    for kind in Kind::ALL {
        let (title, goal) = kind.goal();
        ask(title, &goal.to_string(), kind, |_| true);
    }
    ask("  of these: spellings, short names", "", Kind::Spelling, |voter| !voter.folded.is_long());
    ask("  of these: slips, short names", "", Kind::Slip, |voter| !voter.folded.is_long());
    println!("\nanother voter's station only: {} of {} questions; beside the right one: {}", sum.wrong, sum.all, sum.beside);
    let (told, same_word) = districts.iter().fold((0, 0), |(told, same_word), district| {
        let strangers = strangers(&corpus, district, STRANGERS / districts.len());
        (told + strangers.0, same_word + strangers.1)
    });
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

    println!("{:<42}{:>14}{:>18}", "what is sealed", "entropy, bits", "guesses for half");
    let either_end = spread(district, |_, name, common| name.sealed_tokens(common).into_iter().map(str::to_owned).collect());
    let first = spread(district, |_, name, common| vec![name.asked_tokens(common)[0].to_owned()]);
    let as_written = spread(district, |text, name, common| written(text, &name.asked_tokens(common)[..1]));
    let whole = |name: &bilik::FoldedName, text: &str| if name.is_long() { vec![text.to_owned()] } else { Vec::new() };
    let whole_written = spread(district, |text, name, _| whole(name, text));
    let whole_folded = spread(district, |_, name, _| whole(name, name.whole()));
    for (title, spread) in [
        ("first word, as written", &as_written),
        ("first word, folded", &first),
        ("either end, folded", &either_end),
        ("whole long name, as written", &whole_written),
        ("whole long name, folded", &whole_folded),
    ] {
        println!("{title:<42}{:>14.2}{:>18}", spread.entropy, spread.half);
    }
    println!("bits of entropy lost by folding: {:.2}", as_written.entropy - first.entropy);
    let bits = (as_written.half as f64 / either_end.half as f64).log2();
    println!("bits of an attacker's guesses lost by folding and the second token: {bits:.2}");
}
