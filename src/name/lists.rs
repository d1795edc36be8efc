//! The lists of words, which are part of the format: `docs/format.md` has them too, and a test compares.
//!
//! Each list is one text of sorted words with spaces between them: shorter in the module than a list of texts.

use std::cmp::Ordering;

/// Whether a list has a word: a binary search in its text.
pub(super) fn has(mut list: &str, word: &str) -> bool {
    while let Some((left, right)) = list.split_at_checked(list.len() / 2).filter(|_| !list.is_empty()) {
        // The word around the middle.
        let start = left.bytes().rposition(|byte| byte == b' ').map_or(0, |space| space + 1);
        let end = left.len() + right.bytes().position(|byte| byte == b' ').unwrap_or(right.len());
        list = match word.cmp(list.get(start..end).unwrap_or_default()) {
            Ordering::Less => list.get(..start.saturating_sub(1)),
            Ordering::Equal => return true,
            Ordering::Greater => list.get(end + 1..),
        }
        .unwrap_or_default();
    }
    false
}

/// Titles and honorifics before or within a name, with or without a dot.
pub(super) const BEFORE: &str = "ALM ALMARHUM ALMARHUMAH ALMH APT AY BAPAK BDN BIN BINTE BINTI BORU BPK BR BT BTE BU DATUK DR DRA DRG DRH DRS DT H HADJI HAJI HAJJAH HJ HJH IBU IR KH KHJ KIAI KYAI LETKOL NERS NGT NN NS NY PAK PASTOR PDT PENDETA PROF R RA RADEN RAY RM RNGT ROMO RR SDR SDRI SUSTER TB TGH TGK TN UST USTAD USTADZ USTADZAH";

/// Academic titles after a name. Without dots they are dropped only at the end of the name.
pub(super) const AFTER: &str = "AK AMD AMDKEB AMDKEP AMDKOM AMK AMKEB AMKG BA BE BSC CA LC LLM MA MAG MAK MAP MBA MBIOMED MD MESY MFARM MGIZI MH MHAN MHUM MI MIKOM MIP MKES MKN MKOM MM MPD MPDI MPH MPSI MSC MSI MSN MSTAT MT MTH PHD SAB SAG SAK SAP SARS SE SEI SESY SFARM SFIL SGZ SH SHI SHUM SHUT SI SIK SIKOM SIP SK SKED SKEP SKG SKH SKM SKOM SMAT SP SPAR SPD SPDI SPI SPSI SPT SS SSI SSN SSOS SSOSI SST SSTAT SSTP ST STH STHI STP STRKEB STRKEP SY";

/// Abbreviations and spellings of four very frequent names.
pub(super) const SPELLINGS: &[(&str, &str)] = &[
    ("MUHAMMAD", "M MHD MHMD MOCH MOEH MOH MOHAMED MOHAMMED MOHD MOKH MUCH MUH MUHAMED MUHAMMED MUHD MUKH"),
    ("AHMAD", "ACH ACHM ACHMED AHM AHMED AKH AKHMED"),
    ("ABDUL", "ABD ABDL"),
];

/// First names that are often written together with the next.
pub(super) const JOINED: &str = "ACHMAD AHMAD MOHAMAD MOHAMMAD MUHAMAD MUHAMMAD NOER NUR SITI SITTI SRI";

/// Words between a name and an alias. AL counts with a dot only: without one it is an article.
pub(super) const ALIAS: &str = "AKA ALIAS ALS ATAU DAHULU DIKENAL DISEBUT PANGGILAN SEBAGAI";

/// Words that do not distinguish people, folded: the most frequent first names, birth-order, caste and noble names.
pub(super) const INSIGNIFICANT: &str = "ABDAL AL AMAT ANAK ANDI BAIK DAING DISAK DIWA GASTI GDI GIDI IDA KADIK KAKARDA KAMANG KAT KITAT LA LALA MADI MAMAT NAR NI NIAMAN NINGA PATA SITI SRI TIAKA TINGKA WAIAN";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_documents_every_word() {
        let page = include_str!("../../docs/format.md");
        let lists = page.split_once("## The lists of words").unwrap().1;
        let listed = |name: &str, words: &str| {
            let (_, rest) = lists.split_once(&format!("\n{name}: ")).unwrap();
            let paragraph = rest.split("\n\n").next().unwrap();
            assert_eq!(paragraph.split_whitespace().collect::<Vec<_>>().join(" "), words, "{name}");
        };
        listed("BEFORE", BEFORE);
        listed("AFTER", AFTER);
        listed("JOINED", JOINED);
        listed("ALIAS", ALIAS);
        listed("INSIGNIFICANT", INSIGNIFICANT);
        for (one, spellings) in SPELLINGS {
            listed(one, spellings);
        }
    }

    #[test]
    fn the_lists_are_sorted_without_duplicates() {
        for list in lists() {
            let list: Vec<&str> = list.split(' ').collect();
            assert!(list.is_sorted() && list.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }

    #[test]
    fn a_list_has_its_words_and_nothing_else() {
        let words: Vec<&str> = lists().flat_map(|list| list.split(' ')).collect();
        for list in lists() {
            for word in &words {
                for changed in [(*word).to_owned(), format!("{word}A"), word[1..].to_owned(), word[..word.len() - 1].to_owned()] {
                    assert_eq!(has(list, &changed), list.split(' ').any(|listed| listed == changed), "{changed}");
                }
            }
        }
        assert!(has("A", "A") && !has("A", "B") && !has("", "A") && !has("", ""));
    }

    fn lists() -> impl Iterator<Item = &'static str> {
        let spellings = SPELLINGS.iter().map(|(_, spellings)| *spellings);
        [BEFORE, AFTER, JOINED, ALIAS, INSIGNIFICANT].into_iter().chain(spellings)
    }
}
