//! What no line shows, but the counts of all lines do: regions whose voters are not those of the official totals, stations that
//! nobody votes at, and stations with more voters than the law allows.

use crate::input::{Input, Stations};
use crate::language::{Message, message};
use crate::problem::{InputProblem, ProblemKind, Report};
use crate::roll::{StationCount, StationCounts};
use bilik::format::Code;
use std::collections::HashMap;

/// The province of voters abroad: they also vote by post and at mobile boxes, which have no such limit, on days of their own.
const ABROAD: u8 = 99;

/// Reports what the counts show. Gives the number of voters by which the regions differ from the official totals, added up over the
/// lines of the totals file.
pub fn crosscheck(input: &Input, counts: &StationCounts, report: &mut Report) -> u64 {
    check_stations(input, counts, report);
    compare_totals(input, counts, report)
}

fn check_stations(input: &Input, counts: &StationCounts, report: &mut Report) {
    let (stations, most) = (&input.stations, u64::from(input.config.max_voters_at_a_station));
    for (at, (row, count)) in (0..).zip(stations.rows().iter().zip(counts.stations())) {
        let what = || message!("number {} of village {}", row.station.number, row.village);
        if row.village.province() == ABROAD && row.station.time.is_none() {
            report.add(ProblemKind::AbroadHours, || {
                problem(ProblemKind::AbroadHours, stations, at, message!("{} has the time of the election at home", what()))
            });
        }
        if count.voters == 0 {
            report.add(ProblemKind::StationWithoutVoters, || {
                let why = match count.rejected {
                    0 => message!("no line of the roll names it"),
                    rejected => message!("all lines of the roll that name it were rejected: {}", rejected),
                };
                problem(ProblemKind::StationWithoutVoters, stations, at, message!("{}: {}", what(), why))
            });
        } else if count.voters > most && row.village.province() != ABROAD {
            report.add(ProblemKind::CrowdedStation, || {
                let message = message!("{} has {} voters", what(), count.voters);
                problem(ProblemKind::CrowdedStation, stations, at, message)
                    .expecting(message!("at most {} voters at a station", most))
            });
        }
    }
}

fn problem(kind: ProblemKind, stations: &Stations, at: u32, message: Message) -> InputProblem {
    let (file, line) = stations.place_of(at);
    InputProblem::new(kind, file, line, None, message)
}

fn compare_totals(input: &Input, counts: &StationCounts, report: &mut Report) -> u64 {
    let totals = &input.totals;
    let mut counted: HashMap<Code, StationCount> = totals.rows().iter().map(|row| (row.code, StationCount::default())).collect();
    let mut add = |village: Code, count: StationCount| {
        let mut region = Some(village);
        while let Some(code) = region {
            if let Some(sum) = counted.get_mut(&code) {
                sum.voters += count.voters;
                sum.rejected += count.rejected;
            }
            region = code.parent();
        }
    };
    for (row, count) in input.stations.rows().iter().zip(counts.stations()) {
        add(row.village, *count);
    }
    for (village, rejected) in counts.of_rejected_stations() {
        add(village, StationCount { voters: 0, rejected });
    }
    let mut difference = 0_u64;
    for row in totals.rows() {
        let StationCount { voters, rejected } = counted.get(&row.code).copied().unwrap_or_default();
        let missing = row.voters.abs_diff(voters);
        if missing == 0 {
            continue;
        }
        difference = difference.saturating_add(missing);
        report.add(ProblemKind::TotalDiffers, || {
            let name = input.regions.name(row.code).unwrap_or_default();
            let sign = if voters < row.voters { "-" } else { "+" };
            let message = message!(
                "{} {}: expected {}, counted {}, difference {}{}; rejected lines: {}",
                row.code,
                name,
                row.voters,
                voters,
                sign,
                missing,
                rejected
            );
            let (file, line) = (totals.file(row.line), row.line.number());
            let problem = InputProblem::new(ProblemKind::TotalDiffers, file, line, Some(totals.column()), message);
            match counts.unplaced() {
                0 => problem,
                unplaced => problem.expecting(message!(
                    "{}. Rejected lines without a known station, which are counted in no region: {}",
                    Message::from(ProblemKind::TotalDiffers.expected()),
                    unplaced
                )),
            }
        });
    }
    difference
}
