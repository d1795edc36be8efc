//! How large a synthetic election is, and what it is made of.

use bilik::{Cost, Day, KeyBits, Recipe};

/// The average of 2024.
const VOTERS_PER_STATION: u32 = 248;

/// The size and make-up of a synthetic election. Start from [`Shape::demo`] or [`Shape::district`] and change what matters.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Lines of the roll.
    pub voters: u64,
    /// Regencies, spread over two provinces in two time zones.
    pub regencies: u32,
    /// Districts of each regency.
    pub districts_per_regency: u32,
    /// Villages of each district. Each has one station at least.
    pub villages_per_district: u32,
    /// Voters for each station, on average.
    pub voters_per_station: u32,
    /// Share of voters who vote outside the district of their NIK.
    pub mover_share: f64,
    /// Share of names with fewer than two words that tell people apart: those are sealed by `near` only.
    pub short_name_share: f64,
    /// Stations of other districts, far away, where nobody but movers votes.
    pub extra_stations: u32,
    /// Whether some NIKs start with a code that is in no regions file, and some are one digit repeated.
    pub old_codes: bool,
    /// Polling day.
    pub polling_day: Day,
    /// What one derivation costs.
    pub cost: Cost,
    /// Bits of pepper by `full`.
    pub full_pepper_bits: u8,
    /// Bits of pepper by `near`.
    pub near_pepper_bits: u8,
    /// Prefixes with fewer voters than this share a table.
    pub min_voters: u32,
    /// Tables with more keys are split into several files.
    pub max_keys: u32,
    /// A fixed seed for sealing, so that a build has the same bytes every time.
    pub sealing_seed: Option<u64>,
    /// The seed of all randomness: the same seed gives the same bytes.
    pub seed: u64,
}

impl Shape {
    /// A small election to try: 2 provinces, 4 regencies, 12 districts of 6 villages, 15 % movers, a light derivation. With
    /// few voters, a station has few too: otherwise every village would have one station only.
    #[must_use]
    pub fn demo(voters: u64) -> Self {
        let voters_per_station = u32::try_from(voters / 144).unwrap_or(u32::MAX).clamp(10, VOTERS_PER_STATION);
        Self {
            voters,
            regencies: 4,
            districts_per_regency: 3,
            villages_per_district: 6,
            voters_per_station,
            mover_share: 0.15,
            short_name_share: 0.38,
            extra_stations: 0,
            old_codes: true,
            polling_day: Day { year: 2029, month: 2, day: 14 },
            cost: Cost { memory_kib: 1024, passes: 1 },
            full_pepper_bits: KeyBits::usual(Recipe::Full).pepper_bits,
            near_pepper_bits: KeyBits::usual(Recipe::Near).pepper_bits,
            min_voters: 400,
            max_keys: 12_000,
            sealing_seed: None,
            seed: 1,
        }
    }

    /// One district whose movers vote all over a country of `all_stations` stations: for measuring sizes.
    #[must_use]
    pub fn district(voters: u64, all_stations: u32) -> Self {
        let shape = Self {
            regencies: 1,
            districts_per_regency: 1,
            villages_per_district: 12,
            old_codes: false,
            voters_per_station: VOTERS_PER_STATION,
            min_voters: 2_000,
            ..Self::demo(voters)
        };
        let own = shape.stations_for(voters);
        Self { extra_stations: all_stations.saturating_sub(own), ..shape }
    }

    /// Stations that a district of `voters` voters needs, at least one for each village.
    pub(super) fn stations_for(&self, voters: u64) -> u32 {
        let needed = voters.div_ceil(u64::from(self.voters_per_station.max(1)));
        u32::try_from(needed).unwrap_or(u32::MAX / 1000).clamp(self.villages_per_district, 90_000)
    }
}
