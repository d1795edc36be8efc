//! From a name as written to the region that it can only mean, within one parent.

use super::names_file::NamesFile;
use super::written_name::WrittenName;
use crate::csv::{region_code, tidy};
use crate::input::Regions;
use bilik::format::{Code, Level};
use std::collections::HashMap;

/// Candidates that are named where no region fits.
const MAX_CANDIDATES: usize = 3;
/// Less alike, a name is not named as a candidate.
const MIN_LIKENESS: f64 = 0.6;
/// A country has some 90,000 regions, each written in a few ways.
const MAX_REMEMBERED: usize = 1 << 20;

/// How a place was found, the surest way first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// By a code, or by the name as the regions file has it.
    Exact,
    /// By the folded name.
    Folded,
    /// By the names file.
    Mapped,
}

/// Why a name is not resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unclear {
    /// None has this name; these have similar ones.
    Unknown(Vec<Code>),
    /// Each of these can be meant.
    Ambiguous(Vec<Code>),
}

/// What a name means in one parent.
pub(super) type Match = Result<(Code, How), Unclear>;

/// The regions, and what names meant so far.
pub(super) struct Gazetteer {
    regions: Regions,
    names: NamesFile,
    remembered: HashMap<(Option<Code>, Level, String), Match>,
}

impl Gazetteer {
    pub fn new(regions: Regions, names: NamesFile) -> Self {
        Self { regions, names, remembered: HashMap::new() }
    }

    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    pub fn names(&self) -> &NamesFile {
        &self.names
    }

    /// The region of a level that a text names, somewhere within another one.
    pub fn find(&mut self, within: Option<Code>, level: Level, text: &str) -> Match {
        let key = (within, level, text.to_owned());
        if let Some(found) = self.remembered.get(&key) {
            return found.clone();
        }
        let found = self.look_up(within, level, text);
        if self.remembered.len() >= MAX_REMEMBERED {
            self.remembered.clear();
        }
        self.remembered.insert(key, found.clone());
        found
    }

    fn look_up(&self, within: Option<Code>, level: Level, text: &str) -> Match {
        let is_within = |code: Code| within.is_none_or(|within| lies_in(code, within));
        if let Some(code) = self.names.region(within, level, text) {
            let is_known = self.regions.holds(code) && code.level() == level && is_within(code);
            return if is_known { Ok((code, How::Mapped)) } else { Err(Unclear::Unknown(Vec::new())) };
        }
        if let Some(code) = region_code(text) {
            let is_known = self.regions.holds(code) && code.level() == level && is_within(code);
            return if is_known { Ok((code, How::Exact)) } else { Err(Unclear::Unknown(Vec::new())) };
        }
        let written = WrittenName::new(&tidy(text), level);
        let regions: Vec<(Code, WrittenName)> =
            self.within(within, level).map(|(code, name)| (code, WrittenName::of_region(name, code))).collect();
        choose(&written, &regions)
    }

    /// All regions of a level within another region; parents that a file leaves out are passed over.
    fn within(&self, within: Option<Code>, level: Level) -> Box<dyn Iterator<Item = (Code, &str)> + '_> {
        match within {
            Some(parent) if is_next(parent.level(), level) => Box::new(self.regions.children(parent)),
            Some(above) => Box::new(self.regions.at(level).filter(move |(code, _)| lies_in(*code, above))),
            None => Box::new(self.regions.at(level)),
        }
    }
}

fn is_next(parent: Level, level: Level) -> bool {
    matches!(
        (parent, level),
        (Level::Province, Level::Regency) | (Level::Regency, Level::District) | (Level::District, Level::Village)
    )
}

/// Whether a region is another one or lies in it.
pub(super) fn lies_in(code: Code, within: Code) -> bool {
    std::iter::successors(Some(code), |code| code.parent()).any(|code| code == within)
}

fn choose(written: &WrittenName, regions: &[(Code, WrittenName)]) -> Match {
    let exact: Vec<Code> = regions.iter().filter(|(_, name)| name.exact == written.exact).map(|(code, _)| *code).collect();
    match exact.as_slice() {
        [] => {}
        [one] => return Ok((*one, How::Exact)),
        _ => return Err(Unclear::Ambiguous(exact)),
    }
    let degrees: [&dyn Fn(&WrittenName) -> bool; 3] = [
        &|name| name.plain == written.plain,
        &|name| name.whole == written.whole || name.plain == written.whole || name.whole == written.plain,
        &|name| name.spelled == written.spelled,
    ];
    for is_same in degrees {
        let fitting = || regions.iter().filter(|(_, name)| !written.plain.is_empty() && is_same(name) && written.can_be(name));
        let of_kind: Vec<Code> =
            fitting().filter(|(_, name)| written.kind.is_some() && name.kind == written.kind).map(|(code, _)| *code).collect();
        let all: Vec<Code> = fitting().map(|(code, _)| *code).collect();
        match (of_kind.as_slice(), all.as_slice()) {
            (_, []) => {}
            ([one], _) | (_, [one]) => return Ok((*one, How::Folded)),
            _ => return Err(Unclear::Ambiguous(all)),
        }
    }
    Err(Unclear::Unknown(nearest(written, regions)))
}

/// The regions with the most similar names, the most similar first.
fn nearest(written: &WrittenName, regions: &[(Code, WrittenName)]) -> Vec<Code> {
    let likeness = |name: &WrittenName| strsim::normalized_damerau_levenshtein(&name.spelled, &written.spelled);
    let mut alike: Vec<(f64, Code)> = regions
        .iter()
        .map(|(code, name)| (likeness(name), *code))
        .filter(|(likeness, _)| *likeness >= MIN_LIKENESS && !written.spelled.is_empty())
        .collect();
    alike.sort_by(|(one, code), (other, other_code)| other.total_cmp(one).then_with(|| code.cmp(other_code)));
    alike.into_iter().take(MAX_CANDIDATES).map(|(_, code)| code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gazetteer() -> Gazetteer {
        let names = [
            ("32", "Jawa Barat"),
            ("3201", "Kabupaten Bogor"),
            ("3271", "Kota Bogor"),
            ("3204", "Kabupaten Bandung"),
            ("320101", "Cibinong"),
            ("3201012001", "Sukamaju"),
            ("3201011001", "Sukamaju"),
            ("3201012002", "Karang Anyar I"),
            ("3201012003", "Karanganyar 1"),
            ("3201012004", "Nanggewer"),
        ];
        let regions = Regions::of(names.map(|(code, name)| (Code::parse(code).unwrap(), name.to_owned())));
        Gazetteer::new(regions, NamesFile::default())
    }

    fn find(within: &str, level: Level, text: &str) -> Result<String, String> {
        let found = gazetteer().find(Code::parse(within), level, text);
        let list = |codes: Vec<Code>| codes.iter().map(Code::to_string).collect::<Vec<_>>().join(" ");
        found.map(|(code, how)| format!("{code} {how:?}")).map_err(|unclear| match unclear {
            Unclear::Unknown(codes) => format!("? {}", list(codes)),
            Unclear::Ambiguous(codes) => format!("! {}", list(codes)),
        })
    }

    #[test]
    fn a_name_is_found_within_its_parent_only() {
        assert_eq!(find("32", Level::Regency, "KABUPATEN BOGOR").unwrap(), "3201 Exact");
        assert_eq!(find("", Level::Regency, "Kab.Bogor").unwrap(), "3201 Folded");
        assert_eq!(find("32", Level::Regency, "Bandung").unwrap(), "3204 Folded");
        assert_eq!(find("32", Level::Regency, "32.71").unwrap(), "3271 Exact");
        assert_eq!(find("3201", Level::District, "Kec. Cibinong").unwrap(), "320101 Folded");
        assert_eq!(find("3204", Level::District, "Cibinong").unwrap_err(), "? ");
        assert_eq!(find("32", Level::Village, "NANGGEWER").unwrap(), "3201012004 Exact");
        assert_eq!(find("32", Level::Regency, "3301").unwrap_err(), "? ");
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(find("32", Level::Regency, "Bogor").unwrap_err(), "! 3201 3271");
        assert_eq!(find("32", Level::Regency, "Kota Bandung").unwrap_err(), "? 3204");
        assert_eq!(find("320101", Level::Village, "Sukamaju").unwrap_err(), "! 3201011001 3201012001");
        assert_eq!(find("320101", Level::Village, "Kel. Sukamaju").unwrap(), "3201011001 Folded");
        assert_eq!(find("320101", Level::Village, "Karang Anyar 1").unwrap(), "3201012003 Folded");
        assert_eq!(find("320101", Level::Village, "Karang Anyar 01").unwrap_err(), "! 3201012002 3201012003");
        assert_eq!(find("320101", Level::Village, "Nanggewar").unwrap_err(), "? 3201012004");
        assert_eq!(find("320101", Level::Village, "-").unwrap_err(), "? ");
    }
}
