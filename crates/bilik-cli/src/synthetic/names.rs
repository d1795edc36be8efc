//! Made-up names whose distribution is like a roll's: many Siti and Muhammad, a long tail behind them, Balinese birth
//! order, titles that should not be there, old spellings, one-word names.

use super::seeded_rng::SeededRng;
use super::words::{
    AHMAD, BEGINNINGS, BIRTH_ORDER, FEMALE_ENDS, LAST, MALE_ENDS, MEN, MIDDLES, MUHAMMAD, TITLES_AFTER, TITLES_BEFORE, WOMEN,
};
use bilik::Sex;

/// A name that nobody in a synthetic election has: its words are in no list.
pub(super) const NOBODY: &str = "Rekaan Takberwujud";

/// What kind of name to make.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// Share of names with fewer than two distinctive words.
    pub short_share: f64,
    /// Share of names in the Balinese order.
    pub balinese_share: f64,
}

/// One name, the way a roll might write it. Of 100 names 30 have one word, 46 two, 20 three and 4 more, if 38 are short.
pub(super) fn compose(dice: &mut SeededRng, sex: Sex, style: Style) -> String {
    let is_short = dice.chance(style.short_share);
    let mut tokens = if dice.chance(style.balinese_share) { birth_order(dice, sex) } else { leading(dice, sex, is_short) };
    let least = if is_short { 0 } else { tokens.len() + 2 };
    let words = if is_short { 0 } else { words_of_a_long_name(dice) };
    tokens.push(given(dice, sex));
    while tokens.len() < words.max(least) {
        tokens.push(following(dice, sex));
    }
    if dice.chance(0.04) {
        tokens = tokens.iter().map(|token| old_spelling(token)).collect();
    }
    let mut name = tokens.join(" ");
    if dice.chance(0.04) {
        let (his, hers) = dice.pick(TITLES_BEFORE);
        name = format!("{} {name}", if sex == Sex::Male { his } else { hers });
    }
    if dice.chance(0.03) {
        name.push_str(dice.pick(TITLES_AFTER));
    }
    // Rolls are mostly in capitals; some offices type otherwise.
    if dice.chance(0.7) { name.to_uppercase() } else { name }
}

/// Another first name for a voter's twin, before the same family name and with the same leading words.
pub(super) fn twin_of(dice: &mut SeededRng, sex: Sex, name: &str) -> String {
    let last = name.rsplit(' ').next().unwrap_or_default();
    let twin = given(dice, sex);
    let twin = if name.chars().any(char::is_lowercase) { twin } else { twin.to_uppercase() };
    // A title at the end is not a family name.
    if last.contains(['.', ',']) || !name.contains(' ') { twin } else { format!("{twin} {last}") }
}

fn words_of_a_long_name(dice: &mut SeededRng) -> usize {
    match dice.below(1000) {
        0..630 => 2,
        630..935 => 3,
        935..985 => 4,
        _ => 5,
    }
}

/// The Balinese words before the distinctive one.
fn birth_order(dice: &mut SeededRng, sex: Sex) -> Vec<String> {
    let order = dice.pick(BIRTH_ORDER);
    let words: &[&str] = if sex == Sex::Male {
        &["I", order]
    } else if dice.chance(0.3) {
        &["Ni", "Luh", order]
    } else {
        &["Ni", order]
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

/// The words before the distinctive one, which many bear. A long name hardly ever has one.
fn leading(dice: &mut SeededRng, sex: Sex, is_short: bool) -> Vec<String> {
    if !dice.chance(if is_short { 0.2 } else { 0.03 }) {
        return Vec::new();
    }
    let words: &[&str] = match (sex, dice.below(100)) {
        (Sex::Male, 0..70) => &[dice.pick(MUHAMMAD)],
        (Sex::Male, 70..95) => &[dice.pick(AHMAD)],
        (Sex::Female, 0..45) => &["Siti"],
        (Sex::Female, 45..80) => &["Sri"],
        (Sex::Female, 80..90) => &["Siti", "Nur"],
        _ => &["Nur"],
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

/// A first name. Of 100 words of a roll 33 are frequent, and 38 are borne by fewer than three of 13,000 people.
fn given(dice: &mut SeededRng, sex: Sex) -> String {
    let (frequent, ends) = if sex == Sex::Male { (MEN, MALE_ENDS) } else { (WOMEN, FEMALE_ENDS) };
    match dice.below(100) {
        0..31 => dice.pick_early(frequent).to_owned(),
        31..57 => {
            // Each beginning and middle has one end only, so that some share the name.
            let (beginning, middle) = (dice.position(BEGINNINGS.len()), dice.position(MIDDLES.len()));
            let part = |list: &[&'static str], at: usize| list.get(at % list.len().max(1)).copied().unwrap_or_default();
            format!("{}{}{}", part(BEGINNINGS, beginning), part(MIDDLES, middle), part(ends, beginning * 7 + middle))
        }
        _ => format!("{}{}{}", dice.pick(BEGINNINGS), dice.pick(MIDDLES), dice.pick(ends)),
    }
}

/// A second or later name.
fn following(dice: &mut SeededRng, sex: Sex) -> String {
    if dice.chance(0.33) { dice.pick(LAST).to_owned() } else { given(dice, sex) }
}

/// A word as it was written before 1947 and 1972; folding brings it back.
fn old_spelling(word: &str) -> String {
    let mut old = String::with_capacity(word.len() + 4);
    for letter in word.chars() {
        match letter {
            'u' => old.push_str("oe"),
            'U' => old.push_str("Oe"),
            'j' => old.push_str("dj"),
            'J' => old.push_str("Dj"),
            'y' => old.push('j'),
            'Y' => old.push('J'),
            other => old.push(other),
        }
    }
    old
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilik::{CommonTokens, fold_name};
    use std::collections::HashMap;

    const STYLE: Style = Style { short_share: 0.38, balinese_share: 0.05 };

    fn names(n: u32) -> Vec<String> {
        let mut dice = SeededRng::new(11);
        (0..n).map(|n| compose(&mut dice, if n % 2 == 0 { Sex::Male } else { Sex::Female }, STYLE)).collect()
    }

    #[test]
    fn every_word_of_the_lists_tells_people_apart() {
        for word in MEN.iter().chain(WOMEN).chain(LAST) {
            assert_eq!(fold_name(word).unwrap().significant().count(), 1, "{word}");
        }
    }

    #[test]
    fn about_the_asked_share_of_names_is_short() {
        let short = names(10_000).iter().filter(|name| !fold_name(name).unwrap().is_long()).count();
        assert!((3_500..4_100).contains(&short), "{short} of 10,000, expected about 3,800");
    }

    /// The shape of a public roll of 2017: words in a name, and how much of all words hardly anybody bears.
    #[test]
    fn names_have_as_many_words_as_a_rolls_and_as_long_a_tail() {
        let names: Vec<String> = {
            let mut dice = SeededRng::new(12);
            let style = Style { balinese_share: 0.0, ..STYLE };
            (0..12_950)
                .map(|n| compose(&mut dice, if n % 2 == 0 { Sex::Male } else { Sex::Female }, style).to_uppercase())
                .collect()
        };
        let titles: Vec<String> =
            TITLES_BEFORE.iter().flat_map(|(his, hers)| [his, hers]).map(|title| title.to_uppercase()).collect();
        let mut bearers: HashMap<&str, usize> = HashMap::new();
        let mut by_words = [0; 6];
        for name in &names {
            let name = name.split(',').next().unwrap();
            let words: Vec<&str> =
                name.split(' ').filter(|word| !titles.iter().any(|title| title == word) && *word != "SE").collect();
            by_words[words.len().min(5)] += 1;
            for word in words {
                *bearers.entry(word).or_default() += 1;
            }
        }
        for (words, percent) in [(1, 30), (2, 46), (3, 20), (4, 3)] {
            let share = by_words[words] * 100 / names.len();
            assert!(share.abs_diff(percent) <= 2, "{share} % of {words} words, expected {percent} %");
        }
        let all: usize = bearers.values().sum();
        let rare: usize = bearers.values().filter(|count| **count < 3).sum();
        assert!((rare * 100 / all).abs_diff(38) <= 4, "{} % of all words are rare", rare * 100 / all);
    }

    #[test]
    fn no_first_name_is_borne_by_many() {
        let names = names(28_000);
        let mut bearers: HashMap<String, usize> = HashMap::new();
        for name in &names {
            let name = fold_name(name).unwrap();
            *bearers.entry(name.asked_tokens(&CommonTokens::default())[0].to_owned()).or_default() += 1;
        }
        let (name, most) = bearers.iter().max_by_key(|(_, count)| **count).unwrap();
        assert!(*most <= 28_000 * 15 / 1000, "{name}: {most}");
        assert!(bearers.len() > 5_000, "only {} first names", bearers.len());
    }

    #[test]
    fn nobody_bears_nobodys_name() {
        let nobody = fold_name(NOBODY).unwrap();
        for name in names(10_000) {
            let name = fold_name(&name).unwrap();
            assert_ne!(name.whole(), nobody.whole());
            assert!(!name.significant().any(|token| nobody.significant().any(|other| other == token)));
        }
    }

    #[test]
    fn old_spellings_fold_to_the_new() {
        for name in ["Joko Suryadi", "Yusuf Junaedi", "Umar Rahayu"] {
            let old: Vec<String> = name.split(' ').map(old_spelling).collect();
            assert_ne!(old.join(" "), name);
            assert_eq!(fold_name(&old.join(" ")), fold_name(name), "{name}");
        }
    }
}
