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
            None if is_between_words(c) => Letter::Between,
            None => Letter::Nothing,
        },
    }
}

/// Spaces, punctuation and symbols; not apostrophes in their many shapes, marks, invisible characters, and letters of other scripts.
///
/// Ranges of its own rather than Unicode's classes: those are some kilobytes of the module, and the next version of Unicode, which comes
/// with a compiler, would fold a name to something else.
fn is_between_words(c: char) -> bool {
    let is_apostrophe = matches!(c, '\'' | '`' | '´' | '‘' | '’' | '‛' | '′' | '＇');
    let is_invisible = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
    let is_other = matches!(
        u32::from(c),
        // ASCII and Latin-1; Arabic punctuation; Ogham's space.
        0..=0xbf | 0xd7 | 0xf7 | 0x60c | 0x61b..=0x61f | 0x66a..=0x66d | 0x6d4 | 0x1680
        // Punctuation; currencies; arrows to pictures of controls; boxes to arrows.
        | 0x2000..=0x206f | 0x20a0..=0x20cf | 0x2190..=0x245f | 0x2500..=0x2bff
        // More punctuation, of China and Japan, in small, and in full and half width.
        | 0x2e00..=0x2e7f | 0x3000..=0x303f | 0xfe10..=0xfe1f | 0xfe30..=0xfe6f | 0xff00..=0xff65 | 0xffe0..=0xfffd
        // Emoji and other pictures.
        | 0x1f000..=0x1faff
    );
    is_other && !is_apostrophe && !is_invisible
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
        for c in ['\'', '’', '`', 'ʼ', '\u{301}', '\u{200b}', '\u{feff}', 'ع', 'Б', 'ꦲ', 'ᮃ', '王', '\u{fe0f}'] {
            assert_eq!(letter(c), Letter::Nothing, "{c:?}");
        }
    }

    #[test]
    fn what_unicode_counts_as_space_or_as_letter_counts_as_such_here() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_whitespace() || c.is_control()) {
            assert_eq!(letter(c), Letter::Between, "{c:?}");
        }
        // Numbers in brackets and circles, and such, are pictures here.
        let mut letters =
            ('\0'..=char::MAX).filter(|c| c.is_alphabetic() && !matches!(u32::from(*c), 0x3005..=0x303c | 0x1f130..=0x1f189));
        assert_eq!(letters.find(|&c| letter(c) == Letter::Between && !matches!(c, 'µ' | 'ⸯ')), None);
    }
}
