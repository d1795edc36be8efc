//! Finding villages by name, tolerating typing errors.

use crate::format::code::Code;
use crate::format::names::Names;
use crate::name;

/// At most `limit` matches, best first, each with its code and the names of village, district and regency.
///
/// A query matches a village if each of its folded words is the beginning of a word of the village's name, or within one edit
/// of one (two from eight letters on). Cost: linear in the names, some 10 ms for the whole country.
#[must_use]
pub fn find<'a>(
    names: impl IntoIterator<Item = &'a Names>,
    query: &str,
    within: Option<Code>,
    limit: usize,
) -> Vec<(Code, [&'a str; 3])> {
    let query = words(query);
    let mut found: Vec<(usize, Code, [&str; 3])> = Vec::new();
    for (code, [village, district, regency]) in names.into_iter().flat_map(villages) {
        if within.is_none_or(|area| lies_in(code, area))
            && let Some(distance) = distance(&query, &words(village))
        {
            found.push((distance, code, [village, district, regency]));
        }
    }
    found.sort_unstable_by(|a, b| (a.0, a.2, a.1).cmp(&(b.0, b.2, b.1)));
    found.truncate(limit);
    found.into_iter().map(|(_, code, names)| (code, names)).collect()
}

fn villages(names: &Names) -> impl Iterator<Item = (Code, [&str; 3])> {
    names.regencies.iter().flat_map(move |regency| {
        regency.districts.iter().flat_map(move |district| {
            district.villages.iter().filter_map(move |village| {
                let code = format!("{:02}{:02}{:02}{:04}", names.province, regency.code, district.code, village.code);
                Some((Code::parse(&code)?, [village.name.as_str(), district.name.as_str(), regency.name.as_str()]))
            })
        })
    })
}

fn lies_in(code: Code, area: Code) -> bool {
    std::iter::successors(Some(code), |code| code.parent()).any(|above| above == area)
}

/// The folded words of a text: old spelling and confused sounds do not matter.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace().filter_map(|word| name::fold(word).ok()).map(|folded| folded.whole().to_owned()).collect()
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

/// The number of edits (insert, delete, replace, swap neighbours) between two words: optimal string alignment distance.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        let mut previous_b = None;
        for (j, &y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            if previous_a == Some(y) && previous_b == Some(x) {
                best = best.min(at(&before_last, j.wrapping_sub(1)) + 1);
            }
            row.push(best);
            previous_b = Some(y);
        }
        before_last = std::mem::replace(&mut last, row);
        previous_a = Some(x);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::directory::Village;
    use crate::format::names::{DistrictNames, RegencyNames};

    fn names() -> Names {
        let village = |code, name: &str| Village { code, name: name.into() };
        let villages = vec![
            village(2001, "Contohrejo"),
            village(2002, "Contoh Jaya"),
            village(2003, "Sukamaju"),
            village(2004, "Suka Makmur"),
        ];
        let district = DistrictNames { code: 1, name: "Uji".into(), villages };
        Names {
            province: 32,
            regencies: vec![RegencyNames { code: 1, name: "Kabupaten Contoh".into(), districts: vec![district] }],
        }
    }

    fn found(query: &str) -> Vec<String> {
        let names = names();
        find([&names], query, None, 10).into_iter().map(|(_, [village, ..])| village.to_owned()).collect()
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
        assert_eq!(find([&names], "", Code::parse("320101"), 10).len(), 4);
        assert_eq!(find([&names], "", Code::parse("3202"), 10).len(), 0);
    }

    #[test]
    fn edits_are_counted() {
        for (a, b, n) in [("", "", 0), ("a", "", 1), ("abc", "acb", 1), ("kitten", "sitting", 3), ("ca", "abc", 3)] {
            assert_eq!(edits(a.as_bytes(), b.as_bytes()), n, "{a} {b}");
        }
    }
}
