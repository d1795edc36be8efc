//! The kinds of problems: how severe each is, what was expected, and what to do.

use serde::Serialize;

/// Whether a line can be used all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The line, or the whole file, cannot be used.
    Error,
    /// It can be used: such voters and stations exist. An operator should check it.
    Warning,
}

/// Makes the enum and what is known of each kind from one table, so that no kind lacks a part.
macro_rules! kinds {
    ($($severity:ident $kind:ident $name:literal: $title:literal; $expected:literal; $todo:literal)*) => {
        /// What kind of problem it is. The order is that of reading: files, lines, regions, stations, voters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum ProblemKind {
            $(
                #[doc = $title]
                #[serde(rename = $name)]
                $kind,
            )*
        }

        impl ProblemKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// Its name in JSON and in the rejects file.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),* }
            }

            /// What it is called in a report for people.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),* }
            }

            /// Whether the line can be used all the same.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$kind => Severity::$severity),* }
            }


            /// What was expected.
            #[must_use]
            pub fn expected(self) -> &'static str {
                match self { $(Self::$kind => $expected),* }
            }

            /// What to do.
            #[must_use]
            pub fn todo(self) -> &'static str {
                match self { $(Self::$kind => $todo),* }
            }
        }
    };
}

impl ProblemKind {
    /// How many steps it follows behind its causes: a file that cannot be used comes before its lines, and a rejected line before
    /// those that need it.
    #[must_use]
    pub(super) fn step(self) -> u8 {
        match self {
            Self::MissingFile
            | Self::DoubleFile
            | Self::BadConfig
            | Self::NotCsv
            | Self::NoTable
            | Self::MissingColumn
            | Self::DoubleColumn
            | Self::TooManyStations
            | Self::BadWithheld => 0,
            Self::RejectedRegion => 2,
            // A workbook with numbers in place of texts is the cause.
            Self::RejectedStation | Self::RoundedNik => 3,
            Self::TotalDiffers | Self::NoVoters | Self::StationWithoutVoters => 4,
            _ => 1,
        }
    }
}

kinds! {
    Error MissingFile "missing_file": "A file is missing";
        "the file in the election folder";
        "put it there, or name another in [input] of election.toml"
    Error DoubleFile "double_file": "A file would be read twice";
        "each file once, plain or compressed";
        "remove the one that is out of date, or name the right one in [input] of election.toml"
    Error BadConfig "bad_config": "election.toml is invalid";
        "the keys and values that a new `bilik init` explains";
        "correct it"
    Error ElectionOver "election_over": "The election is over";
        "a future day until which answers are valid";
        "set `day` to polling day, or `expires` to a later day"
    Warning NoOrganiser "no_organiser": "The organiser is not named";
        "name, url and privacy_contact in [organiser] of election.toml";
        "add `[organiser]`; a new `bilik init` has an example"
    Warning SampleValue "sample_value": "A value of the sample is left";
        "your own name, contacts and addresses: the pages show them";
        "set it in election.toml"
    Error NotCsv "not_csv": "Not a CSV file";
        "CSV as text in UTF-8, plain or gzip, with the columns' names in its first line";
        "save or export it as \"CSV UTF-8\" and put that file in its place"
    Error NoTable "no_table": "A file or sheet is empty";
        "the columns' names in a line of their own, and the data below";
        "put the data there, or leave the file out of [input] in election.toml"
    Error MissingColumn "missing_column": "A column is missing";
        "each required column, under its own name or one mapped in election.toml";
        "add the column, or map its name under [input.columns] in election.toml"
    Error DoubleColumn "double_column": "A column appears twice";
        "each name once in the first line";
        "rename or remove the wrong column, or map the right one under [input.columns] in election.toml"
    Error TooManyStations "too_many_stations": "More stations than an election can have";
        "at most 2,097,144 stations";
        "split the election, or check that the file lists stations"
    Error BrokenLine "broken_line": "A quotation mark is not closed";
        "a closing quotation mark before the next separator or the end of the line";
        "close or remove the quotation mark; inside quotes, write a quotation mark twice"
    Error ControlCharacter "control_character": "A line has a NUL byte or a lone carriage return";
        "text with one line for each record";
        "remove the character, or export the file again"
    Error FieldCount "field_count": "A line has more fields than there are columns";
        "as many fields as the first line names";
        "put the field that contains the separator in quotation marks"
    Error NotUtf8 "not_utf8": "Text is not UTF-8";
        "text in UTF-8";
        "export the file again as \"CSV UTF-8\""
    Error MissingField "missing_field": "A field is empty";
        "a value";
        "fill it in, or remove the line"
    Error TextTooLong "text_too_long": "A text is too long";
        "at most 1,000 characters";
        "check whether columns are shifted, and shorten the text"
    Error SpreadsheetDamage "spreadsheet_damage": "A spreadsheet turned a number into another";
        "all digits as text, not a rounded number such as 3.2E+15";
        "export it again from the source with the column formatted as text; the lost digits cannot be restored"
    Error BadCode "bad_code": "Invalid region code";
        "2 digits for a province, 4 for a regency, 6 for a district, 10 for a village, with or without dots";
        "correct the code"
    Error DuplicateRegion "duplicate_region": "A region appears twice";
        "each code once";
        "remove one of the two lines"
    Error MissingParent "missing_parent": "A region's parent is missing";
        "its parent region in the same file";
        "add the line of the parent, or correct the code"
    Error RejectedRegion "rejected_region": "A line's region was rejected";
        "a region whose line in the regions file has no error";
        "fix the region's line, which is reported above; this line needs no change"
    Error DuplicateStation "duplicate_station": "A station id appears twice";
        "each id once";
        "give one of them another id, or remove the line"
    Error UnknownVillage "unknown_village": "A village is not in the regions file";
        "the code of a village that is in the regions file";
        "correct the code, or add the village to the regions file"
    Error BadNumber "bad_number": "Invalid station number";
        "a number from 1 to 9999, such as 4, 004 or TPS 004";
        "correct the number"
    Error BadStation "bad_station": "A station's kind, time or link cannot be read";
        "what docs/operating.md says of the column";
        "correct the cell, or leave it empty for what holds in the rest of the election"
    Error UnknownRegion "unknown_region": "A region is not in the regions file";
        "the code of a region that is in the regions file";
        "correct the code, or add the region to the regions file"
    Error BadTotal "bad_total": "Invalid number of voters";
        "digits, such as 28016 or 28.016";
        "correct it"
    Error BadContact "bad_contact": "A contact cannot be read";
        "a telephone number, a page that begins with https://, or both";
        "correct the cell, or remove the line for what holds in the rest of the election"
    Error BadWithheld "bad_withheld": "Invalid withheld voter";
        "16 digits, or 12 digits and the name";
        "correct the line: nothing is built while a voter who must be withheld might be sealed"
    Error NikNotDigits "nik_not_digits": "A NIK has characters other than digits";
        "12 or 16 digits";
        "correct the NIK in the source"
    Error NikLength "nik_length": "A NIK has neither 12 nor 16 digits";
        "12 or 16 digits";
        "correct the NIK in the source"
    Error NameEmpty "name_empty": "A name has no Latin letter";
        "a name with at least one Latin letter";
        "fill in the name as the identity card has it"
    Error NameTooLong "name_too_long": "A name is too long";
        "at most 200 characters";
        "check whether columns are shifted, and correct the name"
    Error UnknownStation "unknown_station": "A station is not in the stations file";
        "the id of a station that is in the stations file, on a line without errors";
        "correct the id, or add or correct the station"
    Error RejectedStation "rejected_station": "A voter's station was rejected";
        "a station whose line in the stations file has no error";
        "fix the station's line, which is reported above; its voters need no change"
    Error DuplicateVoter "duplicate_voter": "A NIK appears twice";
        "each 16-digit NIK once";
        "remove the line that is wrong; the earlier one is kept"
    Error CrowdedKey "crowded_key": "Too many voters cannot be told apart";
        "at most three stations for voters with the same 12 digits and name";
        "check that these lines are real: they have the same birth date, sex, district and name, but different stations"
    Error TotalDiffers "total_differs": "A region's voters are not its official total";
        "as many voters as the totals file says, withheld ones counted, rejected lines not";
        "fix the rejected lines; then check that no file of the roll is missing or from another date, or correct the totals file"
    Error NoVoters "no_voters": "No voters to seal";
        "at least one valid line in the roll";
        "check that it is the right file, and fix its lines"
    Warning IgnoredFile "ignored_file": "A file or sheet is not read";
        "files that end in .csv, .txt, .tsv, their .gz, .xlsx or .parquet, directly in the folder; sheets with the needed columns";
        "nothing if it holds no data; otherwise save it in one of these formats, or list it in [input] of election.toml"
    Warning WithheldUnmatched "withheld_unmatched": "A withheld voter is not in the roll";
        "a line of the roll for each withheld voter";
        "check the digits and the name: a mistake here would publish the voter"
    Warning WithheldLoosely "withheld_loosely": "Withheld by 12 digits alone";
        "a whole NIK in the roll, or a name in the withheld file";
        "nothing, if this is the voter to withhold; otherwise add the name to the withheld file"
    Warning StationWithoutVoters "station_without_voters": "A station has no voters";
        "a voter of the roll for each station";
        "see whether its voters are missing from the roll; nothing if nobody is assigned to it yet"
    Warning CrowdedStation "crowded_station": "A station has more voters than allowed";
        "at most as many as `max_voters_at_a_station` in election.toml";
        "see whether voters of several stations have one id; if the law allows more, set it under [check] in election.toml"
    Warning AbroadHours "abroad_hours": "A station abroad has no hours of its own";
        "a day, hours and a time zone for the area in [areas] of election.toml, or in the columns `day`, `opens`, `closes` and `time_zone`";
        "add them: without, voters see the hours of election.toml in an Indonesian time zone"
    Warning SameNumber "same_number": "Two stations of a village have the same number";
        "each number once in a village";
        "check which is right: voters look for the number at the door"
    Warning DoubtfulCoordinates "doubtful_coordinates": "Coordinates are doubtful";
        "latitude and longitude in degrees, near the district's other stations";
        "correct them; until then the map link only searches for the address"
    Warning UnreadableCoordinates "unreadable_coordinates": "Coordinates cannot be read";
        "latitude and longitude in decimal degrees, such as -6.48213 and 106.8413, or neither";
        "correct or empty them; until then the map link only searches for the address"
    Warning UnclearAccessible "unclear_accessible": "Accessibility cannot be read";
        "yes or no, ya or tidak, 1 or 0, or nothing";
        "correct it; until then the page does not mention it"
    Warning ImpossibleDate "impossible_date": "A NIK has an impossible birth date";
        "day (women: 40 more), month and year in digits 7 to 12";
        "nothing if the card has it so: such voters exist and are found"
    Warning RepeatedDigits "repeated_digits": "A NIK repeats one digit";
        "a district, a birth date and a serial";
        "check whether it stands for a missing NIK"
    Warning UnknownDistrict "unknown_district": "A NIK's district is not in the regions file";
        "a current district in the first six digits";
        "nothing if it is an old code: such voters exist and are found"
    Warning PlaceholderName "placeholder_name": "A name looks like a placeholder";
        "the voter's name, not NULL, #N/A, TANPA NAMA, ALMARHUM or one letter";
        "nothing if the card has it so; otherwise fill in the name, or remove the line if the voter has died"
    Warning RoundedNik "rounded_nik": "A spreadsheet has rounded NIKs";
        "all 16 digits as text: of a number, a spreadsheet keeps 15 digits and makes the last one a zero";
        "nothing for the lookup, which needs 12 digits: both voters are kept; to find duplicates too, export the NIKs again as text"
    Warning LongNumber "long_number": "A workbook has long numbers as numbers";
        "NIKs and ids as text: of a number, a spreadsheet keeps 15 digits and makes the last one a zero";
        "nothing for the lookup, which needs 12 digits; to find duplicates too, export the NIKs again as text"
    Warning SameVoterTwice "same_voter_twice": "A voter seems to be listed twice";
        "each voter once";
        "nothing if it is one person: 12 digits, name and station are the same, and they are sealed once"
    Warning ScratchLeft "scratch_left": "Scratch files of an earlier run are left";
        "no scratch folder besides this run's";
        "if no build runs on that computer, delete the folder: it holds the roll"
    Warning ScratchRemoved "scratch_removed": "Scratch files of a killed run were removed";
        "runs that end by themselves";
        "nothing: without the key, which was in that run's memory, they were noise"
    Warning ScratchElsewhere "scratch_elsewhere": "Scratch files lie outside the election folder";
        "an election folder that this user can write in";
        "nothing if the temporary folder is on an encrypted disk; otherwise set TMPDIR to one that does"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_json_and_differ() {
        let mut names: Vec<&str> = ProblemKind::ALL.iter().map(|kind| kind.name()).collect();
        for kind in ProblemKind::ALL {
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{}\"", kind.name()));
            for text in [kind.title(), kind.expected(), kind.todo()] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
            }
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ProblemKind::ALL.len());
    }
}
