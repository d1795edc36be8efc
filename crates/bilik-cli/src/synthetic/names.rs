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

/// One name, the way a roll might write it.
pub(super) fn compose(dice: &mut SeededRng, sex: Sex, style: Style) -> String {
    let is_short = dice.chance(style.short_share);
    let mut tokens = leading(dice, sex, is_short, style.balinese_share);
    tokens.push(given(dice, sex));
    if !is_short {
        tokens.push(following(dice, sex));
        while tokens.len() < 5 && dice.chance(0.28) {
            tokens.push(following(dice, sex));
        }
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

/// The words before the distinctive one.
fn leading(dice: &mut SeededRng, sex: Sex, is_short: bool, balinese_share: f64) -> Vec<String> {
    let words: &[&str] = if dice.chance(balinese_share) {
        let order = dice.pick(BIRTH_ORDER);
        if sex == Sex::Male {
            &["I", order]
        } else if dice.chance(0.3) {
            &["Ni", "Luh", order]
        } else {
            &["Ni", order]
        }
    } else if is_short && dice.chance(0.6) {
        &[]
    } else if sex == Sex::Male {
        match dice.below(100) {
            0..22 => &[dice.pick(MUHAMMAD)],
            22..29 => &[dice.pick(AHMAD)],
            29..31 => &["Nur"],
            _ => &[],
        }
    } else {
        match dice.below(100) {
            0..17 => &["Siti"],
            17..19 => &["Siti", "Nur"],
            19..25 => &["Nur"],
            25..31 => &["Sri"],
            _ => &[],
        }
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

/// A first name: from the list of frequent ones, or from the long tail.
fn given(dice: &mut SeededRng, sex: Sex) -> String {
    let (frequent, ends) = if sex == Sex::Male { (MEN, MALE_ENDS) } else { (WOMEN, FEMALE_ENDS) };
    if dice.chance(0.55) {
        return dice.pick_early(frequent).to_owned();
    }
    format!("{}{}{}", dice.pick(BEGINNINGS), dice.pick(MIDDLES), dice.pick(ends))
}

/// A second or later name.
fn following(dice: &mut SeededRng, sex: Sex) -> String {
    if dice.chance(0.6) { dice.pick(LAST).to_owned() } else { given(dice, sex) }
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

    const STYLE: Style = Style { short_share: 0.15, balinese_share: 0.05 };

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
        assert!((1_300..1_800).contains(&short), "{short} of 10,000, expected about 1,500");
    }

    #[test]
    fn no_first_name_is_borne_by_many() {
        let names = names(28_000);
        let mut bearers: HashMap<String, usize> = HashMap::new();
        for name in &names {
            *bearers.entry(fold_name(name).unwrap().first_significant(&CommonTokens::default()).to_owned()).or_default() += 1;
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
