//! The columns of the stations file that say when a station is open, where that is not as in the rest of the election.

use crate::config::{Areas, OwnTime, Zone, minutes_of_text, polling_day_of_text};
use crate::csv::{self, Column, Fault, Lines};
use crate::language::message;
use crate::problem::ProblemKind;
use bilik::format::{Code, PollingTime};

/// Where they are.
pub(super) struct TimeColumns {
    day: Column,
    opens: Column,
    closes: Column,
    zone: Column,
}

impl TimeColumns {
    pub fn of(lines: &Lines) -> Self {
        let [day, opens, closes, zone] = ["day", "opens", "closes", "time_zone"].map(|name| lines.column(name));
        Self { day, opens, closes, zone }
    }

    /// When the station of the line is open; none where that is as in the rest of the election.
    pub fn read(&self, lines: &Lines, village: Code, areas: &Areas) -> Result<Option<PollingTime>, Fault> {
        let own = OwnTime {
            day: value(lines, self.day, polling_day_of_text, "a day as YYYY-MM-DD, before 2200")?,
            opens: value(lines, self.opens, minutes_of_text, "HH:MM, such as 08:00")?,
            closes: value(lines, self.closes, minutes_of_text, "HH:MM, such as 18:00")?,
            zone: value(lines, self.zone, Zone::parse, Zone::EXPECTED)?,
        };
        areas.time_of(village, own).map_err(|error| {
            let problem =
                lines.problem(ProblemKind::BadStation, self.opens, message!("the station could not be open: {}", error));
            problem.expecting("a time that ends after it begins, and that clocks of the time zone show").into()
        })
    }
}

fn value<T>(lines: &Lines, column: Column, parse: fn(&str) -> Option<T>, expected: &'static str) -> Result<Option<T>, Fault> {
    let Some(text) = lines.optional_code(column)? else { return Ok(None) };
    parse(text).map(Some).ok_or_else(|| {
        let problem = lines.problem(ProblemKind::BadStation, column, message!("it reads {}", csv::quoted(text)));
        problem.expecting(expected).into()
    })
}
