//! A made-up country: regions with codes that no region of today has, and the stations in them.

use super::seeded_rng::SeededRng;
use super::shape::Shape;
use bilik::format::Code;
use std::ops::Range;

/// Provinces of the election proper: a western and a central one by their time zones, in codes never given out. A country with more
/// regencies than two can have takes the first of the other provinces as well.
const HOME_PROVINCES: [u8; 2] = [39, 59];
const MAX_REGENCIES_OF_A_HOME_PROVINCE: u32 = 49;
const MAX_REGENCIES: u32 = 30 * MAX_REGENCIES_OF_A_HOME_PROVINCE;
/// Codes for the stations that only movers know: none is in use, none is one of the two.
const OTHER_PROVINCES: &[Range<u8>] = &[20..21, 22..31, 37..39, 40..51, 54..59, 66..71, 77..81, 83..91];
const REGENCIES_PER_PROVINCE: u8 = 14;
const DISTRICTS_PER_REGENCY: u8 = 14;
const VILLAGES_PER_DISTRICT: u32 = 12;
const STATIONS_PER_DISTRICT: u32 = 112;

/// Words that mean "made up": every place name has one.
const STEMS: [&str; 10] = ["Contoh", "Uji", "Coba", "Rekaan", "Misal", "Andai", "Umpama", "Tiruan", "Khayal", "Maya"];
const ENDS: [&str; 24] = [
    "rejo", "sari", "mulya", "jaya", "agung", "harjo", "asri", "indah", "raya", "makmur", "sono", "kerta", "wangi", "luhur",
    "baru", "tani", "karya", "negara", "pura", "tirta", "wana", "giri", "bumi", "langgeng",
];
const SIDES: [&str; 9] = ["", "", "", " Lor", " Kidul", " Wetan", " Kulon", " Atas", " Bawah"];
const DIRECTIONS: [&str; 5] = ["Timur", "Barat", "Utara", "Selatan", "Tengah"];

/// A line of regions.csv.
pub(super) struct Region {
    pub code: Code,
    pub name: String,
}

/// Where a station is, which also gives its id.
#[derive(Clone, Copy)]
pub(super) struct Station {
    pub village: Code,
    pub number: u16,
}

impl Station {
    pub fn id(self) -> String {
        format!("{}{:03}", self.village, self.number)
    }
}

/// A district whose NIKs are on the roll.
pub(super) struct Home {
    pub code: Code,
    pub voters: u64,
    /// Its stations among those of the country.
    pub stations: Range<usize>,
    /// A code that some of its voters' NIKs still have and no region of today.
    pub old_code: Option<u32>,
}

/// All regions in the order of their codes, and all stations, those of the home districts first.
pub(super) struct Country {
    pub regions: Vec<Region>,
    pub stations: Vec<Station>,
    pub homes: Vec<Home>,
}

impl Country {
    pub fn new(shape: &Shape, dice: &mut SeededRng) -> anyhow::Result<Self> {
        let mut country = Self { regions: Vec::new(), stations: Vec::new(), homes: Vec::new() };
        let provinces = usize::try_from(shape.regencies.div_ceil(MAX_REGENCIES_OF_A_HOME_PROVINCE).max(2))?;
        let mut others = OTHER_PROVINCES.iter().cloned().flatten();
        let homes: Vec<u8> = HOME_PROVINCES.into_iter().chain(others.by_ref().take(provinces - 2)).collect();
        country.add_homes(shape, &homes, dice)?;
        country.add_others(shape.extra_stations, others, dice);
        country.regions.sort_by_key(|region| region.code.to_string());
        Ok(country)
    }

    /// The name of a region; empty if there is none.
    pub fn name(&self, code: Code) -> &str {
        self.regions.iter().find(|region| region.code == code).map_or("", |region| &region.name)
    }

    fn add_homes(&mut self, shape: &Shape, provinces: &[u8], dice: &mut SeededRng) -> anyhow::Result<()> {
        anyhow::ensure!(
            (1..=MAX_REGENCIES).contains(&shape.regencies)
                && (1..=80).contains(&shape.districts_per_regency)
                && (1..=900).contains(&shape.villages_per_district),
            "a made-up election cannot have {} regencies of {} districts of {} villages: expected 1 to {MAX_REGENCIES}, 1 to 80 and \
             1 to 900; choose another shape",
            shape.regencies,
            shape.districts_per_regency,
            shape.villages_per_district
        );
        // Districts differ in size by a factor of about two, as real ones do by more.
        let weights: Vec<u64> =
            (0..shape.regencies * shape.districts_per_regency).map(|_| u64::from(dice.within(700, 1300))).collect();
        let (all, mut before, mut begun) = (weights.iter().sum::<u64>().max(1), 0_u64, 0_u64);
        let mut weights = weights.into_iter();
        let of_each = shape.regencies.div_ceil(u32::try_from(provinces.len())?);
        for regency in 0..shape.regencies {
            let of_province = regency % of_each;
            let Some(&province) = provinces.get(usize::try_from(regency / of_each)?) else { continue };
            let is_city = regency % 2 == 1;
            let Some(code) = self.add_regency(province, small(of_province + 1), is_city, regency) else { continue };
            for district in 0..shape.districts_per_regency {
                before += weights.next().unwrap_or_default();
                let upto = u64::try_from(u128::from(shape.voters) * u128::from(before) / u128::from(all))?;
                let voters = upto - begun;
                begun = upto;
                let district = self.add_district(code, small(district + 1), dice);
                let from = self.stations.len();
                self.add_villages(district, shape.villages_per_district, shape.stations_for(voters), is_city, dice);
                let old_code = shape.old_codes.then(|| old_code_of(district));
                self.homes.push(Home { code: district, voters, stations: from..self.stations.len(), old_code });
            }
        }
        Ok(())
    }

    /// Regions and stations elsewhere, as many to a district, regency and province as the country of 2024 had.
    fn add_others(&mut self, stations: u32, provinces: impl Iterator<Item = u8>, dice: &mut SeededRng) {
        let regencies = provinces.flat_map(|province| (1..=REGENCIES_PER_PROVINCE).map(move |regency| (province, regency)));
        let mut left = stations;
        for (count, (province, regency)) in (100..).zip(regencies) {
            if left == 0 {
                return;
            }
            let is_city = count % 5 == 0;
            let Some(code) = self.add_regency(province, regency, is_city, count) else { continue };
            for district in 1..=DISTRICTS_PER_REGENCY {
                // The last district takes what is left, so that the number is exact.
                let is_last = province == 90 && regency == REGENCIES_PER_PROVINCE && district == DISTRICTS_PER_REGENCY;
                let here = if is_last { left } else { left.min(STATIONS_PER_DISTRICT * dice.within(60, 140) / 100) };
                if here == 0 {
                    break;
                }
                let district = self.add_district(code, district, dice);
                self.add_villages(district, VILLAGES_PER_DISTRICT.min(here), here, is_city, dice);
                left -= here;
            }
        }
    }

    /// Adds a regency, and its province with the first of them.
    fn add_regency(&mut self, province: u8, regency: u8, is_city: bool, count: u32) -> Option<Code> {
        let (direction, stem, other) = (word(&DIRECTIONS, count), word(&STEMS, count / 5), word(&STEMS, count / 50 + 3));
        let province = Code::parse(&format!("{province:02}"))?;
        if regency == 1 {
            let name = match HOME_PROVINCES.iter().position(|&home| home == province.province()) {
                Some(0) => String::from("Provinsi Contoh"),
                Some(_) => String::from("Provinsi Tiruan"),
                None => format!("Provinsi {stem} {other} {province}"),
            };
            self.regions.push(Region { code: province, name });
        }
        let kind = if is_city { "Kota" } else { "Kabupaten" };
        let name = if count < 50 { format!("{kind} {stem} {direction}") } else { format!("{kind} {stem} {other} {direction}") };
        let code = province.within(regency);
        self.regions.push(Region { code, name });
        Some(code)
    }

    fn add_district(&mut self, regency: Code, district: u8, dice: &mut SeededRng) -> Code {
        let code = regency.within(district);
        let name = format!("{} {}", place(dice), dice.pick(&DIRECTIONS));
        self.regions.push(Region { code, name });
        code
    }

    /// `stations` stations over `villages` villages, with at least one in each.
    fn add_villages(&mut self, district: Code, villages: u32, stations: u32, is_city: bool, dice: &mut SeededRng) {
        for village in 0..villages {
            // The fifth digit from the right tells a kelurahan of a city from a desa.
            let first = if is_city { 1001 } else { 2001 };
            let code = district.village(u16::try_from(first + village).unwrap_or(u16::MAX));
            let name = format!("{}{}", place(dice), dice.pick(&SIDES));
            self.regions.push(Region { code, name });
            let share = |n: u32| n * stations / villages;
            let here = (share(village + 1) - share(village)).max(1);
            let numbers = (1..=here).map(|number| u16::try_from(number).unwrap_or(u16::MAX));
            // Some villages have an extension station, numbered from 901, on top.
            let extension = (stations > villages && dice.chance(0.02) && here > 1).then_some(901);
            let numbers = numbers.take(usize::try_from(here).unwrap_or(0) - usize::from(extension.is_some())).chain(extension);
            self.stations.extend(numbers.map(|number| Station { village: code, number }));
        }
    }
}

/// What a district was called before it was divided (an even one), or before its regency was (an odd one). Neither is
/// in regions.csv: regencies end at 98 and districts at 80.
fn old_code_of(district: Code) -> u32 {
    let (code, last_two) = (district.short(), u32::from(district.last_two()));
    if last_two % 2 == 0 { code / 100 * 100 + 90 + last_two % 10 } else { code / 10_000 * 10_000 + 9_900 + last_two }
}

/// A made-up place: "Contohrejo".
fn place(dice: &mut SeededRng) -> String {
    format!("{}{}", dice.pick(&STEMS), dice.pick(&ENDS))
}

fn word(list: &[&'static str], count: u32) -> &'static str {
    usize::try_from(count).ok().and_then(|count| list.iter().cycle().nth(count % list.len().max(1))).copied().unwrap_or_default()
}

fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}
