//! The contacts file: whom the voters of a province or a regency can ask, where that is not as in the rest of the election.

use super::regions::{self, Regions};
use crate::base_url::web_url;
use crate::config::FileSet;
use crate::csv::{self, Column, Fault, Lines, Mapped, Sheet};
use crate::language::message;
use crate::phone::{self, MAX_PHONE_CHARS};
use crate::problem::{FileLine, ProblemKind, Report};
use crate::rejects::Rejects;
use bilik::format::{Code, Contact, Level};
use std::collections::{BTreeMap, HashMap};

pub(super) const SHEET: Sheet = Sheet { key: "contacts", needed: &["region"], optional: &["phone", "url"], aliases: &[] };

/// All contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    by_region: BTreeMap<Code, Contact>,
}

impl Contacts {
    /// Whom the voters of a regency can ask: each value that its line leaves empty is its province's. Nobody where neither has a line.
    #[must_use]
    pub fn of(&self, regency: Code) -> Option<Contact> {
        let by_region = &self.by_region;
        let around = || std::iter::successors(Some(regency), |code| code.parent()).filter_map(|code| by_region.get(&code));
        let value = |of: fn(&Contact) -> Option<&String>| around().find_map(of).cloned();
        let contact = Contact { phone: value(|contact| contact.phone.as_ref()), url: value(|contact| contact.url.as_ref()) };
        (contact != Contact::default()).then_some(contact)
    }
}

struct ContactColumns {
    region: Column,
    phone: Column,
    url: Column,
}

/// Reads the contacts file. Without regions, codes are not looked up.
pub(super) fn read(
    files: &FileSet,
    mapped: &Mapped,
    known: Option<&Regions>,
    report: &mut Report,
    rejects: &mut Rejects,
) -> Result<(Contacts, [u8; 32]), Vec<Fault>> {
    let mut lines = Lines::open(files, &SHEET, mapped)?;
    let columns = ContactColumns { region: lines.column("region"), phone: lines.column("phone"), url: lines.column("url") };
    let mut contacts = Contacts::default();
    let mut seen: HashMap<Code, FileLine> = HashMap::new();
    while lines.next()? {
        match read_line(&lines, &columns, known, &mut seen) {
            Ok((region, contact)) => drop(contacts.by_region.insert(region, contact)),
            Err(faults) => lines.reject(faults, report, rejects),
        }
    }
    lines.report_ignored(report);
    lines.report_rounded(report);
    Ok((contacts, lines.digest()))
}

fn read_line(
    lines: &Lines,
    columns: &ContactColumns,
    known: Option<&Regions>,
    seen: &mut HashMap<Code, FileLine>,
) -> Result<(Code, Contact), Vec<Fault>> {
    lines.shape().map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let region = region(lines, columns.region, known).map_err(|fault| faults.push(fault)).ok();
    if let Some(region) = region {
        if let Some(&first) = seen.get(&region) {
            let message = message!("{} is already in {}", region, lines.names().earlier(first, lines.place()));
            faults.push(lines.fault(ProblemKind::DuplicateRegion, columns.region, message));
        } else {
            seen.insert(region, lines.place());
        }
    }
    let phone = phone(lines, columns.phone).map_err(|fault| faults.push(fault)).ok();
    let url = url(lines, columns.url).map_err(|fault| faults.push(fault)).ok();
    match (region, phone, url) {
        (Some(_), Some(None), Some(None)) => {
            Err(vec![lines.fault(ProblemKind::BadContact, columns.phone, "neither a telephone number nor a page")])
        }
        (Some(region), Some(phone), Some(url)) if faults.is_empty() => Ok((region, Contact { phone, url })),
        _ => Err(faults),
    }
}

/// A province or a regency.
fn region(lines: &Lines, column: Column, known: Option<&Regions>) -> Result<Code, Fault> {
    let code = regions::named(lines, column, known)?;
    if matches!(code.level(), Level::Province | Level::Regency) {
        return Ok(code);
    }
    let problem = lines.problem(ProblemKind::BadCode, column, message!("{} is a district or a village", code));
    Err(problem.expecting("the 2 digits of a province or the 4 digits of a regency").into())
}

/// What people call, if it is given: a page links it only where it is one number.
fn phone(lines: &Lines, column: Column) -> Result<Option<String>, Fault> {
    let text = lines.optional_tidy(column)?;
    if !phone::fits(&text) {
        let message = message!("it has {} characters; a telephone number has at most {}", text.chars().count(), MAX_PHONE_CHARS);
        return Err(lines.fault(ProblemKind::BadContact, column, message));
    }
    if text.is_empty() || text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Ok(Some(text).filter(|text| !text.is_empty()));
    }
    Err(lines.fault(ProblemKind::BadContact, column, message!("it reads {}", csv::quoted(&text))))
}

/// A page of the web, if one is given.
fn url(lines: &Lines, column: Column) -> Result<Option<String>, Fault> {
    let Some(text) = lines.optional_code(column)? else { return Ok(None) };
    web_url(text).map(|url| Some(url.into())).map_err(|error| lines.fault(ProblemKind::BadContact, column, error.to_string()))
}
