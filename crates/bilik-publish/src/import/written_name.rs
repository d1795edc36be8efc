//! A region's name as people write it, folded so that two ways of writing one name are equal.
//!
//! Only what is certain is folded: case, blanks, punctuation, the words for the kind of region ("Kab.", "Kec."), Roman numerals, the
//! spelling before 1972, and the abbreviations of a few common words. Names are compared within one parent only, and two regions
//! that a name fits are never chosen between.

use bilik::format::{Code, Level};

/// What the word before a name says of the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RegionKind {
    Kabupaten,
    Kota,
    Kelurahan,
    Desa,
}

/// A name in several degrees of folding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrittenName {
    /// In upper case, with single blanks.
    pub exact: String,
    /// Letters and digits, without the word for the kind of region.
    pub plain: String,
    /// The same with that word.
    pub whole: String,
    /// As `plain`, in one spelling.
    pub spelled: String,
    pub kind: Option<RegionKind>,
}

impl WrittenName {
    pub fn new(text: &str, level: Level) -> Self {
        let exact = text.split_whitespace().map(str::to_uppercase).collect::<Vec<_>>().join(" ");
        let words = words(&exact);
        let (kind, rest) = without_kind(&words, level);
        Self { plain: rest.concat(), whole: words.concat(), spelled: spelled(rest), kind, exact }
    }

    /// The same of a region, whose code tells a kelurahan from a desa.
    pub fn of_region(name: &str, code: Code) -> Self {
        let named = Self::new(name, code.level());
        let kind = named.kind.or(match code.last_four() / 1_000 {
            _ if code.level() != Level::Village => None,
            1 => Some(RegionKind::Kelurahan),
            _ => Some(RegionKind::Desa),
        });
        Self { kind, ..named }
    }

    /// Whether the kinds of two regions with this name do not exclude each other. "Kota Bekasi" is never Kabupaten Bekasi; a desa may
    /// have become a kelurahan.
    pub fn can_be(&self, other: &Self) -> bool {
        use RegionKind::{Kabupaten, Kota};
        !matches!((self.kind, other.kind), (Some(Kabupaten), Some(Kota)) | (Some(Kota), Some(Kabupaten)))
    }
}

fn words(upper: &str) -> Vec<String> {
    let is_mark = |c: char| matches!(c, '\'' | '’' | '‘' | '`' | 'ʼ');
    let kept = upper.chars().filter(|&c| !is_mark(c)).map(|c| if matches!(c, 'É' | 'È' | 'Ê' | 'Ë') { 'E' } else { c });
    let text: String = kept.collect();
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What a word before a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KindWord {
    /// Of which kind the region is.
    Kind(RegionKind),
    /// Nothing more than its level.
    Level,
}

impl KindWord {
    fn of(word: &str, level: Level) -> Option<Self> {
        Some(match (level, word) {
            (Level::Regency, "KABUPATEN" | "KAB") => Self::Kind(RegionKind::Kabupaten),
            (Level::Regency, "KOTA" | "KOTAMADYA" | "KODYA" | "KOTIP") => Self::Kind(RegionKind::Kota),
            (Level::Village, "KELURAHAN" | "KALURAHAN" | "KEL") => Self::Kind(RegionKind::Kelurahan),
            (Level::Village, "DESA" | "DS") => Self::Kind(RegionKind::Desa),
            (Level::Province, "PROVINSI" | "PROPINSI" | "PROV")
            | (Level::Regency, "ADMINISTRASI" | "ADMINISTRATIF" | "ADM")
            | (Level::District, "KECAMATAN" | "KEC" | "DISTRIK" | "KAPANEWON" | "KEMANTREN" | "PPLN") => Self::Level,
            _ => return None,
        })
    }
}

/// The name without such words, as long as one word is left. Of "KEL/DESA" the kind is not known.
fn without_kind(words: &[String], level: Level) -> (Option<RegionKind>, &[String]) {
    let (mut kinds, mut rest) = (Vec::new(), words);
    while let [word, after @ ..] = rest
        && !after.is_empty()
        && let Some(found) = KindWord::of(word, level)
    {
        if let KindWord::Kind(kind) = found {
            // The second word of "Kab. Kota Baru" is part of the name.
            if level == Level::Regency && !kinds.is_empty() {
                break;
            }
            kinds.push(kind);
        }
        rest = after;
    }
    let kind = if let [one] = kinds.as_slice() { Some(*one) } else { None };
    (kind, rest)
}

/// One spelling for those that are certainly the same.
fn spelled(words: &[String]) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "SEI" => text.push_str("SUNGAI"),
            "TG" | "TJ" | "TJG" | "TANJ" => text.push_str("TANJUNG"),
            "GN" | "GNG" => text.push_str("GUNUNG"),
            "KEP" => text.push_str("KEPULAUAN"),
            "UTR" => text.push_str("UTARA"),
            "SEL" => text.push_str("SELATAN"),
            "TIM" => text.push_str("TIMUR"),
            "BRT" => text.push_str("BARAT"),
            "TGH" | "TENG" => text.push_str("TENGAH"),
            word => match roman(word).filter(|_| at > 0) {
                Some(number) => text.push_str(&number.to_string()),
                None if word.bytes().all(|b| b.is_ascii_digit()) => text.push_str(without_zeros(word)),
                None => text.push_str(word),
            },
        }
    }
    for (long, short) in LONG_FORMS {
        if text == *long {
            (*short).clone_into(&mut text);
        }
    }
    // The spelling before 1972; `J` for `Y` is not certain.
    for (old, new) in [("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("NJ", "NY"), ("SJ", "SY")] {
        text = text.replace(old, new);
    }
    text
}

/// Names that are long in law and short in lists; the last ones are ways of voting abroad.
const LONG_FORMS: &[(&str, &str)] = &[
    ("DAERAHISTIMEWAYOGYAKARTA", "DIYOGYAKARTA"),
    ("D1YOGYAKARTA", "DIYOGYAKARTA"),
    ("YOGYAKARTA", "DIYOGYAKARTA"),
    ("DAERAHKHUSUSIBUKOTAJAKARTA", "DKIJAKARTA"),
    ("DAERAHKHUSUSJAKARTA", "DKIJAKARTA"),
    ("DKJAKARTA", "DKIJAKARTA"),
    ("NANGGROEACEHDARUSSALAM", "ACEH"),
    ("TPSLUARNEGERI", "TPSLN"),
    ("KOTAKSUARAKELILING", "KSK"),
    ("KOTAKSUARAKELILINGKSK", "KSK"),
];

fn without_zeros(number: &str) -> &str {
    let short = number.trim_start_matches('0');
    if short.is_empty() { "0" } else { short }
}

/// A Roman numeral up to 20.
fn roman(word: &str) -> Option<usize> {
    const NUMERALS: [&str; 20] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII",
        "XIX", "XX",
    ];
    NUMERALS.iter().position(|numeral| *numeral == word).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(level: Level, one: &str, other: &str) -> bool {
        let [one, other] = [one, other].map(|text| WrittenName::new(text, level));
        one.can_be(&other) && (one.plain == other.plain || one.spelled == other.spelled)
    }

    #[test]
    fn ways_of_writing_one_name_are_equal() {
        for (level, one, other) in [
            (Level::Regency, "KABUPATEN BOGOR", "Kab. Bogor"),
            (Level::Regency, "KAB.BOGOR", "Kabupaten  Bogor"),
            (Level::Regency, "Kota Adm. Jakarta Pusat", "KOTA ADMINISTRASI JAKARTA PUSAT"),
            (Level::Regency, "Kab. Kota Baru", "Kabupaten Kotabaru"),
            (Level::Regency, "KEP. SERIBU", "Kepulauan Seribu"),
            (Level::District, "Kec. Cibinong", "CIBINONG"),
            (Level::District, "SEI RAMPAH", "Sungai Rampah"),
            (Level::District, "Tg. Priok", "Tanjung Priok"),
            (Level::Village, "Kel/Desa Pakansari", "PAKANSARI"),
            (Level::Village, "Suaq Ba'u", "SUAQ BAU"),
            (Level::Village, "Pulo Ie I", "PULO IE 1"),
            (Level::Village, "SUKAMAJU 02", "Sukamaju II"),
            (Level::Village, "Soekaradja", "SUKARAJA"),
            (Level::Village, "Karang-Anyar", "Karanganyar"),
            (Level::Province, "Prov. D.I. Yogyakarta", "DI Yogyakarta"),
            (Level::Province, "Daerah Istimewa Yogyakarta", "DI YOGYAKARTA"),
        ] {
            assert!(same(level, one, other), "{one}, {other}: {:?}", [one, other].map(|text| WrittenName::new(text, level)));
        }
    }

    #[test]
    fn different_names_are_not() {
        for (level, one, other) in [
            (Level::Regency, "Kota Bekasi", "Kabupaten Bekasi"),
            (Level::Regency, "Kota Bogor", "Bogor Kota"),
            (Level::Village, "Sukamaju I", "Sukamaju II"),
            (Level::Village, "Karang Anyar", "Karang Anyer"),
            (Level::District, "Cibinong", "Cibinang"),
        ] {
            assert!(!same(level, one, other), "{one}, {other}");
        }
        assert_eq!(WrittenName::new("Desa", Level::Village).plain, "DESA");
    }

    #[test]
    fn a_code_tells_a_kelurahan_from_a_desa() {
        let kind = |code, name| WrittenName::of_region(name, Code::parse(code).unwrap()).kind;
        assert_eq!(kind("3201011001", "Satu"), Some(RegionKind::Kelurahan));
        assert_eq!(kind("3201012001", "Satu"), Some(RegionKind::Desa));
        assert_eq!(kind("320101", "Satu"), None);
    }
}
