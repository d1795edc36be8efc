//! Who votes: how many, how old, and how many whose number names another district.

use crate::number::float;
use serde::Serialize;

/// A run of birth dates that are about equally frequent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AgeBand {
    /// How many dates.
    pub dates: f64,
    /// The share of voters born on one of them.
    pub share: f64,
}

/// The people of an election, as far as the model needs them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Population {
    /// All voters.
    pub voters: f64,
    /// The districts that they vote in.
    pub districts: f64,
    /// Villages of a district, on average.
    pub villages_per_district: f64,
    /// The share of voters with two significant tokens, whom `full` holds. `near` holds everybody.
    pub long_share: f64,
    /// The share of voters whose number begins with the code of the district that they vote in.
    pub home_share: f64,
    /// When they were born, by descending density. The shares add up to 1.
    pub ages: Vec<AgeBand>,
}

impl Population {
    /// Voters of the district that harvesting is priced for: about the average of 2024.
    pub const DISTRICT_VOTERS: f64 = 28_000.0;

    /// Voters of the country in 2024. The floors are scaled to them, whatever the size of an election.
    pub const COUNTRY_VOTERS: f64 = 204_807_222.0;

    /// Days of a year: the birth dates of an age in years.
    pub const DATES_OF_A_YEAR: f64 = 365.0;

    /// The published shape of the election of 2024.
    ///
    /// Voters, districts and villages: KPU, decision of 2 July 2023. Births: the generations that KPU published with it, each
    /// spread evenly over its years. Short names: 38 % of a public roll of 2017. Movers: 15 %, an assumption of the design.
    #[must_use]
    pub fn published() -> Self {
        // Years of birth, and share: millennials, Z (from 17), X, boomers, born before 1946.
        let generations = [(15.0, 0.336_1), (12.0, 0.228_5), (15.0, 0.280_7), (19.0, 0.137_3), (20.0, 0.017_4)];
        Self {
            voters: Self::COUNTRY_VOTERS,
            districts: 7_277.0,
            villages_per_district: 83_731.0 / 7_277.0,
            long_share: 0.62,
            home_share: 0.85,
            ages: generations.map(|(years, share)| AgeBand { dates: years * Self::DATES_OF_A_YEAR, share }).into(),
        }
        .sorted()
    }

    /// The share of voters of each year of birth, from counts.
    pub(super) fn ages_of(births: impl IntoIterator<Item = u64>) -> Vec<AgeBand> {
        let births: Vec<u64> = births.into_iter().filter(|count| *count > 0).collect();
        let all = float(births.iter().sum::<u64>()).max(1.0);
        births.into_iter().map(|count| AgeBand { dates: Self::DATES_OF_A_YEAR, share: float(count) / all }).collect()
    }

    /// The same with the densest births first: an attacker's order.
    pub(super) fn sorted(mut self) -> Self {
        let density = |band: &AgeBand| band.share / band.dates;
        self.ages.sort_by(|a, b| density(b).total_cmp(&density(a)));
        self
    }

    /// All birth dates, of one sex.
    pub(super) fn dates(&self) -> f64 {
        self.ages.iter().map(|band| band.dates).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_shape_is_one_of_shares() {
        let published = Population::published();
        let sum: f64 = published.ages.iter().map(|band| band.share).sum();
        assert!((sum - 1.0).abs() < 1e-3, "{sum}");
        assert!((29_000.0..30_000.0).contains(&published.dates()), "81 years of birth dates");
        assert!(published.ages.windows(2).all(|pair| pair[0].share / pair[0].dates >= pair[1].share / pair[1].dates));
        assert!((published.voters / published.districts - Population::DISTRICT_VOTERS).abs() < 300.0);
    }

    #[test]
    fn ages_are_counted() {
        let ages = Population::ages_of([0, 30, 10]);
        assert_eq!(ages, [AgeBand { dates: 365.0, share: 0.75 }, AgeBand { dates: 365.0, share: 0.25 }]);
    }
}
