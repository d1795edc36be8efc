//! One table of lines that are reported, for the tests in this process and for those through the binary.

use crate::election::Election;
use bilik_publish::problem::{ProblemKind, Severity};

/// A line that is reported when it is the last one of a file of [`election_for_bad_lines`].
#[derive(Clone, Copy, Debug)]
pub struct BadLine {
    /// The kind of problem.
    pub kind: ProblemKind,
    /// The file that has the line.
    pub file: &'static str,
    /// The line without its end.
    pub line: &'static [u8],
    /// The column that is named; empty where the line as a whole is.
    pub column: &'static str,
}

impl BadLine {
    /// Whether the line is rejected, and not only warned of.
    pub fn is_rejected(&self) -> bool {
        self.kind.severity() == Severity::Error
    }
}

/// Seven voters who are not to blame for any bad line. Three of them share a key, which is as many as can; Joko has 12 digits.
pub const GOOD_VOTERS: &str = "3901011201900001,Budi Santoso,3901012001001,\n\
                               3901011301900002,Dewi Lestari,3901012001002,\n\
                               3901014402300003,Siti Aminah,3901022001001,\n\
                               390102150280,Joko,3901012001004,\n\
                               3901011602800005,Rina Wijaya,3901012001001,\n\
                               3901011602800006,Rina Wijaya,3901012001002,\n\
                               3901011602800007,Rina Wijaya,3901012001003,\n";

/// What must never be printed of a bad line: the whole NIK, its 12 digits, and words of its name in lower case.
pub const SECRETS: [&str; 6] = ["3901015506788899", "390101550678", "3901016606788899", "390101660678", "ombak", "rahasia"];

/// The election that each bad line is added to, without a fault itself.
pub fn election_for_bad_lines() -> Election {
    let stations = ["3901012001001", "3901012001002", "3901012001003", "3901012001004", "3901022001001"];
    Election::of_stations(&stations).voters(GOOD_VOTERS).settings("[tables]\nmin_voters = 1\n")
}

const fn voter(kind: ProblemKind, line: &'static str, column: &'static str) -> BadLine {
    BadLine { kind, file: "voters.csv", line: line.as_bytes(), column }
}

const fn station(kind: ProblemKind, line: &'static str, column: &'static str) -> BadLine {
    BadLine { kind, file: "stations.csv", line: line.as_bytes(), column }
}

const fn region(kind: ProblemKind, line: &'static str, column: &'static str) -> BadLine {
    BadLine { kind, file: "regions.csv", line: line.as_bytes(), column }
}

/// A name of 216 letters; 200 are allowed.
const TOO_LONG: &str = concat!(
    "3901015506788899,Ombak ",
    "RahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasia",
    "RahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasia",
    "RahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasiaRahasia",
    ",3901012001001,"
);

macro_rules! ten_times {
    ($($text:tt)*) => { concat!($($text)*, $($text)*, $($text)*, $($text)*, $($text)*, $($text)*, $($text)*, $($text)*, $($text)*, $($text)*) };
}

/// A name of 1,100 characters; 1,000 are allowed.
const LONG_TEXT: &str = concat!("39.01.01.2003,", ten_times!(ten_times!("Contoh Lain")));

/// At least one line for each kind of problem that a line can have.
pub const BAD_LINES: &[BadLine] = &[
    voter(ProblemKind::BrokenLine, "3901015506788899,\"Ombak Rahasia,3901012001001,", ""),
    voter(ProblemKind::FieldCount, "3901015506788899,Ombak Rahasia,3901012001001,,Ombak,Rahasia", ""),
    voter(ProblemKind::FieldCount, "3901015506788899,Ombak, Rahasia,3901012001001,3901012001", ""),
    BadLine {
        kind: ProblemKind::NotUtf8,
        file: "voters.csv",
        line: b"3901015506788899,Ombak Rahasi\xe4,3901012001001,",
        column: "name",
    },
    voter(ProblemKind::ControlCharacter, "3901015506788899,Ombak\0 Rahasia,3901012001001,", "name"),
    voter(ProblemKind::ControlCharacter, "3901015506788899,Ombak\rRahasia,3901012001001,", "name"),
    voter(ProblemKind::MissingField, "3901015506788899,Ombak Rahasia", "station"),
    voter(ProblemKind::MissingField, "3901015506788899,Ombak Rahasia,,", "station"),
    voter(ProblemKind::MissingField, ",Ombak Rahasia,3901012001001,", "nik"),
    voter(ProblemKind::SpreadsheetDamage, "3.90101550678E+15,Ombak Rahasia,3901012001001,", "nik"),
    voter(ProblemKind::SpreadsheetDamage, "\"3,90101550678E+15\",Ombak Rahasia,3901012001001,", "nik"),
    voter(ProblemKind::SpreadsheetDamage, "3901015506788899,Ombak Rahasia,3.90101E+12,", "station"),
    voter(ProblemKind::NikNotDigits, "390101550678889O,Ombak Rahasia,3901012001001,", "nik"),
    voter(ProblemKind::NikNotDigits, "Ombak Rahasia,3901015506788899,3901015506788899,", "nik"),
    voter(ProblemKind::NikLength, "39010155067,Ombak Rahasia,3901012001001,", "nik"),
    voter(ProblemKind::NikLength, "39010155067888,Ombak Rahasia,3901012001001,", "nik"),
    voter(ProblemKind::NikLength, "39010155067888991,Ombak Rahasia,3901012001001,", "nik"),
    voter(ProblemKind::NameEmpty, "3901015506788899,,3901012001001,", "name"),
    voter(ProblemKind::NameEmpty, "3901015506788899,...,3901012001001,", "name"),
    voter(ProblemKind::NameTooLong, TOO_LONG, "name"),
    voter(ProblemKind::UnknownStation, "3901015506788899,Ombak Rahasia,3901012001999,", "station"),
    voter(ProblemKind::DuplicateVoter, "3901 0112 0190 0001,Ombak Rahasia,3901012001001,", "nik"),
    voter(
        ProblemKind::RoundedNik,
        "3901011301900000,Ombak Rahasia,3901012001001,\n3901011301900000,Rahasia Lain,3901012001002,",
        "",
    ),
    voter(ProblemKind::CrowdedKey, "3901011602800008,Rina Wijaya,3901012001004,", "nik"),
    voter(ProblemKind::BadCode, "3901015506788899,Ombak Rahasia,3901012001001,390101", "village"),
    voter(ProblemKind::BadCode, "3901015506788899,Ombak Rahasia,3901012001001,Contoh", "village"),
    voter(ProblemKind::UnknownVillage, "3901015506788899,Ombak Rahasia,3901012001001,3901012999", "village"),
    voter(ProblemKind::ImpossibleDate, "3901013102788899,Ombak Rahasia,3901012001001,", "nik"),
    voter(ProblemKind::UnknownDistrict, "3999991506788899,Ombak Rahasia,3901012001001,", "nik"),
    voter(ProblemKind::PlaceholderName, "3901015506788899,NULL,3901012001001,", "name"),
    voter(ProblemKind::PlaceholderName, "3901015506788899,#N/A,3901012001001,", "name"),
    voter(ProblemKind::PlaceholderName, "3901015506788899,TANPA NAMA,3901012001001,", "name"),
    voter(ProblemKind::PlaceholderName, "3901015506788899,Almarhum,3901012001001,", "name"),
    voter(ProblemKind::PlaceholderName, "3901015506788899,N,3901012001001,", "name"),
    voter(ProblemKind::NameEmpty, "3901015506788899,-,3901012001001,", "name"),
    voter(ProblemKind::SameVoterTwice, "390102150280,JOKO,3901012001004,", ""),
    station(ProblemKind::DuplicateStation, "3901012001001,3901022001,9,Balai,Jl.,,", "id"),
    station(ProblemKind::UnknownVillage, "3911552001001,3911552001,1,Balai,Jl.,,", "village"),
    station(ProblemKind::BadCode, "3901012001771,Satu,1,Balai,Jl.,,", "village"),
    station(ProblemKind::BadCode, "3901012001772,390101,1,Balai,Jl.,,", "village"),
    station(ProblemKind::BadNumber, "3901012001773,3901012001,ABC,Balai,Jl.,,", "number"),
    station(ProblemKind::BadNumber, "3901012001774,3901012001,0,Balai,Jl.,,", "number"),
    station(ProblemKind::BadNumber, "3901012001774,3901012001,-1,Balai,Jl.,,", "number"),
    station(ProblemKind::BadCode, "3901012001774,3901010,7,Balai,Jl.,,", "village"),
    station(ProblemKind::SameNumber, "3901012001775,3901012001,1,Balai,Jl.,,", "number"),
    station(ProblemKind::UnreadableCoordinates, "3901012001776,3901012001,9,Balai,Jl.,north,106.8", "lat"),
    station(ProblemKind::UnreadableCoordinates, "3901012001777,3901012001,9,Balai,Jl.,-6.4,", "lon"),
    station(ProblemKind::DoubtfulCoordinates, "3901012001778,3901012001,9,Balai,Jl.,106.84,-6.48", "lat"),
    station(ProblemKind::DoubtfulCoordinates, "3901012001779,3901012001,9,Balai,Jl.,0,0", "lat"),
    station(ProblemKind::DoubtfulCoordinates, "3901012001780,3901012001,9,Balai,Jl.,-7.2,106.84", "lat"),
    region(ProblemKind::BadCode, "3901X,Contoh", "code"),
    region(ProblemKind::BadCode, "39.01.01.20,Contoh", "code"),
    region(ProblemKind::BadCode, "00.00,Contoh", "code"),
    region(ProblemKind::BadCode, "3901010,Contoh", "code"),
    region(ProblemKind::DuplicateRegion, "39.01.01,Contoh Lain", "code"),
    region(ProblemKind::MissingParent, "391155,Contoh", "code"),
    region(ProblemKind::MissingField, "39.01.01.2003,", "name"),
    region(ProblemKind::TextTooLong, LONG_TEXT, "name"),
];

/// A file of withheld voters that stops everything: any line of it that cannot be read might publish somebody.
#[derive(Clone, Copy, Debug)]
pub struct BadWithheld {
    /// The file's lines, its columns first. The last line is the bad one.
    pub text: &'static str,
    /// What the message says.
    pub says: &'static str,
}

/// Each way in which a withheld voter cannot be read.
pub const BAD_WITHHELD: &[BadWithheld] = &[
    BadWithheld { text: "nik\n390101550678\n", says: "12 digits alone" },
    BadWithheld { text: "nik,name\n390101550678,\n", says: "12 digits alone" },
    BadWithheld { text: "nik\n3.90101550678E+15\n", says: "rounded" },
    BadWithheld { text: "nik,name\n390101550678,--\n", says: "nothing is left" },
    BadWithheld { text: "nik,name\n39010155067888,Ombak Rahasia\n", says: "digits" },
    BadWithheld { text: "nik,name\nOmbak Rahasia,3901015506788899\n", says: "digits" },
];
