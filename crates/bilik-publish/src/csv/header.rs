//! The line that has the columns' names: which one it is, and what may be said of it.

use super::cell;
use super::fault::Fault;
use super::sheet::{Located, Mapped, Sheet};
use crate::language::{Message, message};
use crate::problem::{InputProblem, ProblemKind};

/// Cells that a message describes.
const MAX_DESCRIBED: usize = 20;

/// A line that may have the columns' names.
pub(super) struct Header {
    pub line: u64,
    pub names: Vec<String>,
    /// How many of the needed columns it names.
    pub found: usize,
}

impl Header {
    pub fn new(line: u64, names: Vec<String>, sheet: &Sheet, mapped: &Mapped) -> Self {
        let is_named = |wanted: &&&str| {
            let aliases = if mapped.contains_key(**wanted) { &[] } else { sheet.aliases_of(wanted) };
            let wanted = plain(mapped.get(**wanted).map_or(**wanted, String::as_str));
            names.iter().any(|name| plain(name) == wanted || is_alias(name, aliases))
        };
        let found = sheet.needed.iter().filter(is_named).count();
        Self { line, names, found }
    }

    pub fn is_complete(&self, sheet: &Sheet) -> bool {
        self.found == sheet.needed.len()
    }
}

/// Whether a column's name is one of these, whatever stands between its letters and digits.
fn is_alias(name: &str, aliases: &[&str]) -> bool {
    let letters = || name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    aliases.iter().any(|alias| letters().eq(alias.chars()))
}

/// A column's name without case and separators.
fn plain(name: &str) -> String {
    cell::code(name).to_lowercase().replace([' ', '-', '.'], "_")
}

/// Where the columns are, in the order of [`Sheet::columns`].
pub(super) fn find_columns(header: &Header, file: &str, sheet: &Sheet, mapped: &Mapped) -> Result<Vec<Located>, Vec<Fault>> {
    let mut columns = Vec::new();
    let mut problems: Vec<Fault> = Vec::new();
    for (&name, is_needed) in sheet.needed.iter().map(|name| (name, true)).chain(sheet.optional.iter().map(|name| (name, false)))
    {
        let wanted = mapped.get(name).map_or(name, String::as_str);
        let named = |cell: &str| plain(cell) == plain(wanted);
        // Bilik's own name goes before another one.
        let aliases =
            if mapped.contains_key(name) || header.names.iter().any(|cell| named(cell)) { &[] } else { sheet.aliases_of(name) };
        let mut found = header.names.iter().enumerate().filter(|(_, cell)| named(cell) || is_alias(cell, aliases));
        match (found.next(), found.next()) {
            (Some((at, cell)), None) => columns.push(Located { at: Some(at), name: cell.clone() }),
            (Some((_, one)), Some((_, other))) => {
                let message = if named(one) {
                    message!("the column \"{}\" appears twice", wanted)
                } else {
                    message!("the columns \"{}\" and \"{}\" can both be \"{}\"", one, other, wanted)
                };
                problems.push(InputProblem::new(ProblemKind::DoubleColumn, file, header.line, Some(wanted), message).into());
            }
            (None, _) if is_needed || mapped.contains_key(name) => {
                let todo = message!(
                    "add the column, or map its name: {} = \"…\" under [input.columns.{}] in election.toml",
                    name,
                    sheet.key
                );
                let message = message!("there is no column \"{}\"; {}", wanted, describe(header));
                let expected = message!("the columns {}", sheet.needed.join(", "));
                let problem = InputProblem::new(ProblemKind::MissingColumn, file, header.line, Some(wanted), message);
                problems.push(problem.expecting(expected).advising(todo).into());
            }
            (None, _) => columns.push(Located { at: None, name: name.to_owned() }),
        }
    }
    if problems.is_empty() { Ok(columns) } else { Err(problems) }
}

/// The columns that are there. A file may lack the line with their names, so that a voter stands in its place: unless it names a
/// needed column, only words are repeated that are common in such names, and of other cells their form.
fn describe(header: &Header) -> Message {
    let is_value = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count() * 2 > cell.len();
    let told = |cell: &String| {
        if (header.found > 0 || has_common_words(cell)) && !is_value(cell) { cell::quoted(cell).into() } else { form(cell) }
    };
    let mut cells: Vec<Message> = header.names.iter().take(MAX_DESCRIBED).map(told).collect();
    if header.names.len() > MAX_DESCRIBED {
        cells.push(message!("and {} more", header.names.len() - MAX_DESCRIBED));
    }
    let cells = cells.into_iter().reduce(|all, cell| message!("{}, {}", all, cell)).unwrap_or_default();
    if header.found > 0 {
        message!("the columns are: {}", cells)
    } else if header.names.iter().any(|cell| is_value(cell)) {
        message!("the first line seems to have values, not column names: {}", cells)
    } else {
        match header.names.len() {
            1 => message!("the first line has 1 field: {}", cells),
            fields => message!("the first line has {} fields: {}", fields, cells),
        }
    }
}

/// What a cell is like, without what it holds.
fn form(cell: &str) -> Message {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    match (digits, cell.chars().count()) {
        (_, 0) => message!("nothing"),
        (0, _) => message!("a text"),
        (digits, all) if digits == all => message!("{} digits", digits),
        (digits, _) => message!("a text with {} digits", digits),
    }
}

/// Words of which the names of columns are made, in both languages; no name of a person is made of them alone.
const COMMON_WORDS: &[&str] = &[
    "address",
    "alamat",
    "birth",
    "code",
    "date",
    "desa",
    "disabilitas",
    "district",
    "dpt",
    "e",
    "ektp",
    "el",
    "full",
    "gender",
    "hp",
    "id",
    "jenis",
    "kab",
    "kabupaten",
    "kawin",
    "kec",
    "kecamatan",
    "kel",
    "kelamin",
    "kelurahan",
    "keterangan",
    "kk",
    "kode",
    "ktp",
    "lahir",
    "lat",
    "latitude",
    "lengkap",
    "lon",
    "longitude",
    "lp",
    "nama",
    "name",
    "nik",
    "nkk",
    "no",
    "nomor",
    "number",
    "pemilih",
    "place",
    "polling",
    "province",
    "provinsi",
    "regency",
    "rt",
    "rw",
    "sex",
    "station",
    "status",
    "tanggal",
    "telepon",
    "tempat",
    "tgl",
    "tps",
    "ttl",
    "umur",
    "urut",
    "usia",
    "venue",
    "village",
    "voter",
    "wilayah",
];

fn has_common_words(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    let mut words = cell.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| COMMON_WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: Sheet = Sheet { key: "voters", needed: &["nik", "name"], optional: &[], aliases: &[] };

    fn told(cells: &[&str]) -> String {
        let names = cells.iter().map(ToString::to_string).collect();
        describe(&Header::new(1, names, &SHEET, &Mapped::new())).to_string()
    }

    #[test]
    fn no_voter_is_repeated_where_the_names_of_the_columns_are_missing() {
        for cells in [
            &["3201010101900001 Budi Santoso A1"][..],
            &["3201010101900001^Budi Santoso^A1"],
            &["Budi Santoso~3201010101900001"],
            &["Budi Santoso:A1"],
            &["Budi Santoso", "A1"],
            &["Budi Santoso", "3201010101900001", "Nama Desa"],
        ] {
            let told = told(cells);
            assert!(!["Budi", "Santoso", "3201", "A1"].iter().any(|word| told.contains(word)), "{told}");
        }
        assert_eq!(told(&["3201010101900001", "Budi Santoso", ""]).split_once(": ").unwrap().1, "16 digits, a text, nothing");
    }

    #[test]
    fn names_of_columns_are_repeated() {
        assert_eq!(
            told(&["NO_NIK", "Nama Pemilih", "TPS"]),
            "the first line has 3 fields: \"NO_NIK\", \"Nama Pemilih\", \"TPS\""
        );
        assert_eq!(told(&["nik", "nama asli"]), "the columns are: \"nik\", \"nama asli\"");
        assert_eq!(told(&["nik~name~station"]), "the first line has 1 field: \"nik~name~station\"");
    }
}
