//! The place that a line names: its village, and the number of its station.

use super::columns::PlaceColumns;
use super::gazetteer::{Gazetteer, How, Unclear, lies_in};
use super::names_file::Wanted;
use crate::csv::{Fault, Lines, code, region_code, tidy};
use bilik::format::{Code, Level};

const LEVELS: [Level; 4] = [Level::Province, Level::Regency, Level::District, Level::Village];
/// The province of all committees abroad.
const ABROAD: u8 = 99;

/// A name that could not be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotResolved {
    pub wanted: Wanted,
    pub within: Option<Code>,
    pub written: String,
    pub unclear: Unclear,
}

/// The cells of a line that name its place.
type Cells = [String; 5];
/// The village that they name, and how that was found.
type Resolved = Result<(Code, How), NotResolved>;

/// Resolves places; rolls are sorted by station, so that the last one is mostly the next one too.
#[derive(Default)]
pub(super) struct Places {
    /// Where all lines are.
    within: Option<Code>,
    last: Option<(Cells, Resolved)>,
}

impl Places {
    pub fn new(within: Option<Code>) -> Self {
        Self { within, last: None }
    }

    /// The village of a line.
    pub fn village(&mut self, lines: &Lines, columns: &PlaceColumns, gazetteer: &mut Gazetteer) -> Result<Resolved, Fault> {
        let [a, b, c, d] = columns.regions;
        let cells = [lines.cell(a)?, lines.cell(b)?, lines.cell(c)?, lines.cell(d)?, lines.cell(columns.number)?];
        if let Some((last, found)) = &self.last
            && last.iter().zip(cells).all(|(last, cell)| last == cell)
        {
            return Ok(found.clone());
        }
        let found = resolve(self.within, cells, gazetteer);
        self.last = Some((cells.map(str::to_owned), found.clone()));
        Ok(found)
    }
}

fn resolve(root: Option<Code>, cells: [&str; 5], gazetteer: &mut Gazetteer) -> Resolved {
    let [province, regency, district, village, number] = cells;
    let (mut within, mut how) = (root, How::Exact);
    for (level, cell) in LEVELS.into_iter().zip([province, regency, district, village]) {
        let text = tidy(code(cell));
        let is_above = root.is_some_and(|root| root.level() >= level);
        if text.is_empty() {
            continue;
        }
        let fails = |within, unclear| NotResolved { wanted: Wanted::Region(level), within, written: text.clone(), unclear };
        if is_above {
            above(root, level, &text, gazetteer).map_err(|unclear| fails(None, unclear))?;
            continue;
        }
        // Below a regency, names are only unique in their parent.
        if within.is_none() && level >= Level::District && region_code(&text).is_none() {
            return Err(fails(None, Unclear::Unknown(Vec::new())));
        }
        let (code, found) = gazetteer.find(within, level, &text).map_err(|unclear| fails(within, unclear))?;
        within = Some(code);
        how = how.max(found);
    }
    match within {
        Some(code) if code.level() == Level::Village => Ok((code, how)),
        Some(committee) if committee.level() == Level::District && committee.province() == ABROAD => {
            let text = way_of_voting(number).to_owned();
            let fails = |unclear| NotResolved {
                wanted: Wanted::Region(Level::Village),
                within: Some(committee),
                written: text.clone(),
                unclear,
            };
            let (code, found) = gazetteer.find(within, Level::Village, &text).map_err(fails)?;
            Ok((code, how.max(found)))
        }
        _ => {
            let (wanted, unclear) = (Wanted::Region(Level::Village), Unclear::Unknown(Vec::new()));
            Err(NotResolved { wanted, within, written: String::new(), unclear })
        }
    }
}

/// A name at or above the region in which all lines are said to be must name it.
fn above(root: Option<Code>, level: Level, text: &str, gazetteer: &mut Gazetteer) -> Result<(), Unclear> {
    let is_meant = |code: &Code| root.is_some_and(|root| lies_in(root, *code));
    match gazetteer.find(None, level, text) {
        Ok((code, _)) if is_meant(&code) => Ok(()),
        Ok((code, _)) => Err(Unclear::Unknown(vec![code])),
        Err(Unclear::Ambiguous(codes)) if codes.iter().any(is_meant) => Ok(()),
        Err(unclear) => Err(unclear),
    }
}

/// Abroad, people vote at a station (TPSLN), at a box that comes to them (KSK) or by post, and the number says which: "KSK 003".
fn way_of_voting(number: &str) -> &str {
    let end = number.find(|c: char| c.is_ascii_digit()).unwrap_or(number.len());
    let label = number.get(..end).unwrap_or_default();
    label.trim_matches(|c: char| !c.is_alphanumeric())
}
