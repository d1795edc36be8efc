use super::*;
use crate::format::directory::Village;
use crate::format::names::{DistrictNames, RegencyNames};
use proptest::collection::vec;
use proptest::prelude::*;

fn names() -> Names {
    let village = |code, name: &str| Village { code, name: name.into() };
    let villages =
        vec![village(2001, "Contohrejo"), village(2002, "Contoh Jaya"), village(2003, "Sukamaju"), village(2004, "Suka Makmur")];
    let district = DistrictNames { code: 1, name: "Uji".into(), villages };
    Names { province: 32, regencies: vec![RegencyNames { code: 1, name: "Kabupaten Contoh".into(), districts: vec![district] }] }
}

fn index(names: &Names) -> Rc<VillageIndex> {
    Rc::new(VillageIndex::new(names.clone()))
}

fn found(query: &str) -> Vec<String> {
    let names = names();
    search(&[index(&names)], query, None, 10).into_iter().map(|(_, [village, ..])| village.to_owned()).collect()
}

#[test]
fn villages_are_found_despite_typing_errors() {
    assert_eq!(found("suka"), ["Suka Makmur", "Sukamaju"]);
    assert_eq!(found("sukamjau").first().map(String::as_str), Some("Sukamaju"));
    assert_eq!(found("Soekamadjoe").first().map(String::as_str), Some("Sukamaju"));
    assert_eq!(found("contohjaya").first().map(String::as_str), Some("Contoh Jaya"));
    assert_eq!(found("makmur suka"), ["Suka Makmur"]);
    assert_eq!(found("kwitang"), [""; 0]);
    assert_eq!(found("").len(), 4);
}

#[test]
fn an_area_narrows_the_search() {
    let names = names();
    assert_eq!(search(&[index(&names)], "", Code::parse("320101"), 10).len(), 4);
    assert_eq!(search(&[index(&names)], "", Code::parse("3202"), 10).len(), 0);
    assert_eq!(search(&[index(&names)], "", Code::parse("33"), 10).len(), 0);
    assert_eq!(search(&[index(&names)], "suka", Code::parse("3201012003"), 10).len(), 1);
}

/// The rule as the documentation has it, tried on every village.
fn found_slowly<'a>(names: &'a Names, query: &str) -> Vec<&'a str> {
    let words = |text: &str| -> Vec<String> {
        text.split_whitespace().filter_map(|word| Some(name::fold(word).ok()?.whole().to_owned())).collect()
    };
    let query = words(query);
    let mut found: Vec<(usize, &str)> = Vec::new();
    for village in names.regencies.iter().flat_map(|of| &of.districts).flat_map(|of| &of.villages) {
        found.extend(distance(&query, &words(&village.name)).map(|distance| (distance, village.name.as_str())));
    }
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

/// The sum of the ranks of the query's words; `None` where one of them matches nothing.
fn distance(query: &[String], name: &[String]) -> Option<usize> {
    let joined = name.concat();
    query.iter().try_fold(0, |sum, word| {
        let best = name.iter().chain([&joined]).filter_map(|candidate| rank(word, candidate)).min()?;
        Some(sum + best)
    })
}

/// 0 for the whole word, 1 for its beginning, 2 and 3 for one or two edits; `None` for more.
fn rank(word: &str, candidate: &str) -> Option<usize> {
    if word == candidate {
        return Some(0);
    }
    if candidate.starts_with(word) {
        return Some(1);
    }
    let allowed = match word.len() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    // The query may be unfinished, so it is also compared with the beginning of the candidate.
    let start = candidate.get(..word.len()).unwrap_or(candidate);
    let distance = edits(word.as_bytes(), candidate.as_bytes()).min(edits(word.as_bytes(), start.as_bytes()));
    (distance <= allowed).then_some(1 + distance)
}

/// Names and queries of few letters, so that many are close to each other.
fn text() -> impl Strategy<Value = String> {
    "[AMKT]{0,9}( [AMKTS]{1,10}){0,2}"
}

proptest! {
    #[test]
    fn the_index_finds_what_the_rule_says(villages in vec(text(), 1..60), query in text(), limit in 1_usize..80) {
        let villages = (1..).zip(villages).map(|(code, name)| Village { code, name }).collect();
        let district = DistrictNames { code: 1, name: "Uji".into(), villages };
        let names = Names { province: 32, regencies: vec![RegencyNames { code: 1, name: "Contoh".into(), districts: vec![district] }] };
        let provinces = [index(&names)];
        let found: Vec<&str> = search(&provinces, &query, None, limit).into_iter().map(|(_, [village, ..])| village).collect();
        let best: Vec<&str> = found_slowly(&names, &query).into_iter().take(limit).collect();
        prop_assert_eq!(found, best);
    }
}

/// Of whole words: the table of distances between all of their beginnings.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, edits) | (edits, 0) => edits,
                _ => {
                    let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    let swapped = if is_swap { table[i - 2][j - 2] + 1 } else { replaced };
                    replaced.min(swapped).min(table[i - 1][j] + 1).min(table[i][j - 1] + 1)
                }
            };
        }
    }
    table[a.len()][b.len()]
}

#[test]
fn edits_are_counted() {
    for (a, b, n) in [("", "", 0), ("a", "", 1), ("abc", "acb", 1), ("kitten", "sitting", 3), ("ca", "abc", 3)] {
        assert_eq!(edits(a.as_bytes(), b.as_bytes()), n, "{a} {b}");
    }
}

#[test]
fn edits_are_counted_as_far_as_they_are_forgiven() {
    for (a, b, edits) in [
        ("", "", Some(0)),
        ("ab", "", Some(2)),
        ("abc", "", None),
        ("abcdefgh", "abcdefgh", Some(0)),
        ("abcdefgh", "bacdefhg", Some(2)),
        ("abcdefgh", "badcfegh", None),
        ("abcdefgh", "abcdef", Some(2)),
        ("abcdefgh", "abcde", None),
        ("abcdefgh", "xxabcdefgh", Some(2)),
        ("abcdefgh", "xabcdefg", Some(2)),
        ("abcdefgh", "xxabcdefghi", None),
    ] {
        for (a, b) in [(a, b), (b, a)] {
            assert_eq!(edits_within(2, a.as_bytes(), b.as_bytes()), edits, "{a} {b}");
            assert_eq!(edits_within(1, a.as_bytes(), b.as_bytes()), edits.filter(|edits| *edits < 2), "{a} {b}");
        }
    }
}

proptest! {
    #[test]
    fn edits_are_those_of_the_whole_table(a in "[abc]{0,12}", b in "[abc]{0,14}", allowed in 0_usize..=2) {
        let (a, b) = (a.as_bytes(), b.as_bytes());
        prop_assert_eq!(edits_within(allowed, a, b), Some(edits(a, b)).filter(|edits| *edits <= allowed));
    }
}
