//! Letters: the base letter of a character after compatibility decomposition, without marks, in upper case.
//!
//! Only characters whose base is A to Z or 0 to 9 matter to a roll of Latin names. Two strings and a few rules (some 800 bytes)
//! therefore replace the Unicode tables (some 100 KB). A test compares them with the `unicode-normalization` crate over all
//! characters.

/// What a character contributes to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letter {
    /// One upper-case letter or digit.
    One(char),
    /// Several letters, for ligatures and for letters that plain Latin writes as two.
    Several(&'static str),
    /// Nothing, within a word: marks, apostrophes, invisible characters, letters of other scripts.
    Nothing,
    /// A word boundary.
    Between,
}

/// U+00C0 to U+024F; a space where the base is not a single letter.
const LATIN: &str = "AAAAAA CEEEEIIIIDNOOOOO OUUUUY  AAAAAA CEEEEIIIIDNOOOOO OUUUUY YAAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHH  IIIIIIIII   JJKK LLLLLL  LLNNNNNN   OOOOOO  RRRRRRSSSSSSSSTTTT  UUUUUUUUUUUUWWYYYZZZZZZS                                OO             UU                            AAIIOOUUUUUUUUUU AAAA    GGKKOOOO  J   GG  NNAA    AAAAEEEEIIIIOOOORRRRUUUUSSTT  HH      AAEEOOOOOOOOYY                            ";

/// U+1E00 to U+1EFF; a space where the base is not a single letter.
const LATIN_ADDITIONAL: &str = "AABBBBBBCCDDDDDDDDDDEEEEEEEEEEFFGGHHHHHHHHHHIIIIKKKKKKLLLLLLLLMMMMMMNNNNNNNNOOOOOOOOPPPPRRRRRRRRSSSSSSSSSSTTTTTTTTUUUUUUUUUUVVVVWWWWWWWWWWXXXXYYZZZZZZHTWY S    AAAAAAAAAAAAAAAAAAAAAAAAEEEEEEEEEEEEEEEEIIIIOOOOOOOOOOOOOOOOOOOOOOOOUUUUUUUUUUUUUUYYYYYYYY      ";

/// Letters whose base is several letters, and some that decomposition leaves unchanged though they have a plain equivalent.
const SEVERAL: &[(char, &str)] = &[
    ('ß', "SS"),
    ('ẞ', "SS"),
    ('Æ', "AE"),
    ('æ', "AE"),
    ('Œ', "OE"),
    ('œ', "OE"),
    ('Þ', "TH"),
    ('þ', "TH"),
    ('Ĳ', "IJ"),
    ('ĳ', "IJ"),
    ('Ŋ', "NG"),
    ('ŋ', "NG"),
    ('ŉ', "N"),
    ('Ŀ', "L"),
    ('ŀ', "L"),
    ('Ħ', "H"),
    ('ħ', "H"),
    ('ı', "I"),
    ('Ŧ', "T"),
    ('ŧ', "T"),
    ('ĸ', "K"),
    ('Ǆ', "DZ"),
    ('ǅ', "DZ"),
    ('ǆ', "DZ"),
    ('Ǉ', "LJ"),
    ('ǈ', "LJ"),
    ('ǉ', "LJ"),
    ('Ǌ', "NJ"),
    ('ǋ', "NJ"),
    ('ǌ', "NJ"),
    ('Ǳ', "DZ"),
    ('ǲ', "DZ"),
    ('ǳ', "DZ"),
    ('ẚ', "A"),
    ('ª', "A"),
    ('º', "O"),
    ('ﬀ', "FF"),
    ('ﬁ', "FI"),
    ('ﬂ', "FL"),
    ('ﬃ', "FFI"),
    ('ﬄ', "FFL"),
    ('ﬅ', "ST"),
    ('ﬆ', "ST"),
];

/// What one character contributes to a name.
pub(super) fn letter(c: char) -> Letter {
    let code = u32::from(c);
    let at = |table: &'static str, first: u32| {
        let byte = usize::try_from(code - first).ok().and_then(|i| table.as_bytes().get(i));
        byte.map(|&b| char::from(b)).filter(|&l| l != ' ')
    };
    let run = |first: u32, from: char, count: u32| char::from_u32(u32::from(from) + (code - first) % count);
    let one = match code {
        0x30..=0x39 | 0x41..=0x5a => Some(c),
        0x61..=0x7a => Some(c.to_ascii_uppercase()),
        0xc0..=0x24f => at(LATIN, 0xc0),
        0x1e00..=0x1eff => at(LATIN_ADDITIONAL, 0x1e00),
        // Full-width forms, circled letters and mathematical alphabets, which some people decorate their names with.
        0xff10..=0xff19 => run(0xff10, '0', 10),
        0xff21..=0xff3a => run(0xff21, 'A', 26),
        0xff41..=0xff5a => run(0xff41, 'A', 26),
        0x24b6..=0x24e9 => run(0x24b6, 'A', 26),
        0x1d400..=0x1d6a3 => run(0x1d400, 'A', 26),
        0x1d7ce..=0x1d7ff => run(0x1d7ce, '0', 10),
        _ => None,
    };
    match one {
        Some(letter) => Letter::One(letter),
        None => match SEVERAL.iter().find(|(ligature, _)| *ligature == c) {
            Some((_, letters)) => Letter::Several(letters),
            None if is_within_word(c) => Letter::Nothing,
            None => Letter::Between,
        },
    }
}

/// Apostrophes in their many shapes, marks, invisible characters, and letters of other scripts.
fn is_within_word(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '‘' | '’' | '‛' | 'ʼ' | 'ʻ' | 'ʾ' | 'ʿ' | '′' | '＇' | '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        || (!c.is_ascii() && c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

    /// The blocks that the tables cover.
    fn is_covered(c: char) -> bool {
        matches!(u32::from(c), 0x20..=0x24f | 0x1e00..=0x1eff | 0x24b6..=0x24e9 | 0xfb00..=0xfb06 | 0xff10..=0xff5a | 0x1d400..=0x1d7ff)
    }

    #[test]
    fn the_tables_agree_with_unicode_over_every_character() {
        let mut compared = 0;
        for c in ('\0'..=char::MAX).filter(|&c| is_covered(c) && c.is_alphanumeric()) {
            let plain: String = c.nfkd().filter(|&m| !is_combining_mark(m)).collect::<String>().to_uppercase();
            // A middle dot or an apostrophe within a decomposition is not a letter.
            let plain: String = plain.chars().filter(|&m| !matches!(m, '·' | 'ʼ' | 'ʾ')).collect();
            if plain.is_empty() || !plain.chars().all(|m| m.is_ascii_alphanumeric()) || "²³¹¼½¾𝚤𝚥".contains(c) {
                continue;
            }
            let ours = match letter(c) {
                Letter::One(l) => l.to_string(),
                Letter::Several(l) => l.to_owned(),
                Letter::Nothing | Letter::Between => String::new(),
            };
            assert_eq!(ours, plain, "U+{:04X}", u32::from(c));
            compared += 1;
        }
        assert!(compared > 1200, "only {compared} characters compared");
    }

    #[test]
    fn spaces_separate_words_and_apostrophes_do_not() {
        for c in [' ', '\u{a0}', '\u{3000}', '-', '.', ',', '/', '‐'] {
            assert_eq!(letter(c), Letter::Between, "{c:?}");
        }
        for c in ['\'', '’', '`', '\u{301}', '\u{200b}', 'ع'] {
            assert_eq!(letter(c), Letter::Nothing, "{c:?}");
        }
    }
}
