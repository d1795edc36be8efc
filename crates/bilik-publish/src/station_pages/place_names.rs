//! How Indonesians write a place, as the page writes it (www/page/language.js). The official code tells a kelurahan from a desa, and
//! Papua has words of its own. Abroad a committee (PPLN) stands in a district's place, and a way of voting in a village's.

use crate::sinks::for_page;
use bilik::format::Code;

/// The province of the committees abroad.
const ABROAD: u8 = 99;

pub(super) fn is_abroad(code: Code) -> bool {
    code.province() == ABROAD
}

fn is_in_papua(code: Code) -> bool {
    (90..ABROAD).contains(&code.province())
}

/// "Kelurahan Cirimekar".
pub(super) fn village(code: Code, name: &str) -> String {
    if is_abroad(code) {
        return for_page(name);
    }
    let kind = match code.last_four() / 1000 {
        1 => "Kelurahan",
        2 if is_in_papua(code) => "Kampung",
        2 => "Desa",
        _ => "Kelurahan/Desa",
    };
    format!("{kind} {}", for_page(name))
}

/// "Kec. Cibinong".
pub(super) fn district(code: Code, name: &str) -> String {
    let name = for_page(name);
    if is_abroad(code) {
        return format!("PPLN {}", name.strip_prefix("PPLN ").unwrap_or(&name));
    }
    format!("{} {name}", if is_in_papua(code) { "Distrik" } else { "Kec." })
}

/// "Kab. Bogor", whatever way the operator writes it.
pub(super) fn regency(name: &str) -> String {
    let name = for_page(name);
    let (first, rest) = name.split_once(char::is_whitespace).unwrap_or_default();
    let is_kind = ["kabupaten", "kab", "kab."].iter().any(|kind| first.eq_ignore_ascii_case(kind));
    if is_kind { format!("Kab. {}", rest.trim_start()) } else { name }
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
        assert_eq!(village(code("9901011001"), "Kotak Suara Keliling"), "Kotak Suara Keliling");
        for name in ["Kuala Lumpur", "PPLN Kuala Lumpur"] {
            assert_eq!(district(code("990101"), name), "PPLN Kuala Lumpur");
        }
        for name in ["Kabupaten Bogor", "KAB. Bogor", "kab Bogor", "Kab.  Bogor"] {
            assert_eq!(regency(name), "Kab. Bogor");
        }
        for name in ["Kota Bogor", "Kabaena", "Bogor", ""] {
            assert_eq!(regency(name), name);
        }
    }

    #[test]
    fn texts_keep_their_direction_and_their_line() {
        assert_eq!(regency("Kota A\u{202e}B\nC\u{2066}D\u{1b}[31m"), "Kota ABCD[31m");
    }
}
