//! How Indonesians write a place, as the page writes it (www/page/language.js). The official code tells a kelurahan from a desa, and
//! Papua has words of its own.

use bilik::format::Code;

fn is_in_papua(code: Code) -> bool {
    code.province() >= 90
}

/// "Kelurahan Cirimekar".
pub(super) fn village(code: Code, name: &str) -> String {
    let kind = match code.last_four() / 1000 {
        1 => "Kelurahan",
        2 if is_in_papua(code) => "Kampung",
        2 => "Desa",
        _ => "Kelurahan/Desa",
    };
    format!("{kind} {}", plain(name))
}

/// "Kec. Cibinong".
pub(super) fn district(code: Code, name: &str) -> String {
    format!("{} {}", if is_in_papua(code) { "Distrik" } else { "Kec." }, plain(name))
}

/// "Kab. Bogor", whatever way the operator writes it.
pub(super) fn regency(name: &str) -> String {
    let name = plain(name);
    let (first, rest) = name.split_once(char::is_whitespace).unwrap_or_default();
    let is_kind = ["kabupaten", "kab", "kab."].iter().any(|kind| first.eq_ignore_ascii_case(kind));
    if is_kind { format!("Kab. {}", rest.trim_start()) } else { name }
}

/// A text without what could change the direction or the lines of the text around it. The template escapes HTML.
pub(super) fn plain(text: &str) -> String {
    let is_plain =
        |c: &char| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(is_plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    #[test]
    fn places_are_written_as_on_the_page() {
        assert_eq!(village(code("3201011001"), "Cirimekar"), "Kelurahan Cirimekar");
        assert_eq!(village(code("3201012001"), "Nanggewer"), "Desa Nanggewer");
        assert_eq!(village(code("9103012001"), "Ifar"), "Kampung Ifar");
        assert_eq!(village(code("3201010001"), "Ciri"), "Kelurahan/Desa Ciri");
        assert_eq!(district(code("320101"), "Cibinong"), "Kec. Cibinong");
        assert_eq!(district(code("910301"), "Sentani"), "Distrik Sentani");
        for name in ["Kabupaten Bogor", "KAB. Bogor", "kab Bogor", "Kab.  Bogor"] {
            assert_eq!(regency(name), "Kab. Bogor");
        }
        for name in ["Kota Bogor", "Kabaena", "Bogor", ""] {
            assert_eq!(regency(name), name);
        }
    }

    #[test]
    fn texts_keep_their_direction_and_their_line() {
        assert_eq!(plain("A\u{202e}B\nC\u{2066}D\u{1b}[31m"), "ABCD[31m");
    }
}
