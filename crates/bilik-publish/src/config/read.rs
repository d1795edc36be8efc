//! From the text of `election.toml` to a [`Config`]: all faults at once, each with its line.

use super::areas::Areas;
use super::files::{input_files, plain_and_compressed};
use super::organiser::read_logo;
use super::text::{ConfigText, FilesText, OrganiserText, SealingText, TablesText};
use super::values::{day_of, filled, minutes_of, polling_day, title};
use super::{Config, FILE, Organiser};
use crate::base_url::{BaseUrlError, ReadUrl, mirror_url, site_address, web_url};
use crate::cost_model::{self, CostSettings, Shortfall};
use crate::language::{Message, message, translatable};
use crate::problem::{InputProblem, ProblemKind, Unreadable};
use bilik::format::{Election, MAX_ID_LEN, MAX_SIGNATURES, PublicKey, Sealing};
use bilik::{Cost, DAY_SECONDS, KeyBits, MAX_CHECK_BITS, MAX_PEPPER_BITS, MIN_CHECK_BITS, Recipe};
use sha2::{Digest as _, Sha256};
use std::ops::RangeInclusive;
use std::path::Path;
use toml::{Spanned, Value};

/// By how much the check bits of a real election exceed its pepper bits, so that a stranger passes some twice in ten million times.
const MIN_CHECK_OVER_PEPPER: u8 = 24;
const MIN_VOTERS: u32 = 2_000;
/// In a real election's table of fewer voters, those of a village or of a name are so few that a table shows where one of them votes.
const MIN_VOTERS_OF_A_REAL_ELECTION: u32 = 500;
const MAX_KEYS: u32 = 12_000;
/// By the rules of 2024 (PKPU 7/2022).
const MAX_VOTERS_AT_A_STATION: u32 = 300;
/// A file of a split table has more than half of `max_keys`, give or take chance, and a voter has at most two keys by `near`:
/// the voters of a file must not fall under `min_voters`.
const MIN_RATIO: u32 = 4;

impl Config {
    /// Reads `election.toml` in an election folder.
    ///
    /// # Errors
    /// When it is missing, not TOML, or invalid. The text names every place, what was expected and how to fix it.
    pub fn load(dir: &Path) -> Result<Self, Unreadable> {
        let path = dir.join(FILE);
        let is_file = |path: &Path| match std::fs::metadata(path) {
            // A pipe would be waited for.
            Ok(meta) if !meta.is_file() => Err(std::io::Error::other("not an ordinary file")),
            other => other.map(drop),
        };
        let text = is_file(&path).and_then(|()| std::fs::read_to_string(&path)).map_err(|error| {
            if error.kind() == std::io::ErrorKind::InvalidData {
                let problem = InputProblem::new(ProblemKind::BadConfig, FILE, 0, None, "the text is not UTF-8");
                return Unreadable(vec![problem.expecting("TOML as text in UTF-8").advising("save it again as UTF-8")]);
            }
            let message = message!("{} cannot be read: {}", path.display(), error);
            let problem = InputProblem::new(ProblemKind::MissingFile, FILE, 0, None, message);
            Unreadable(vec![problem.expecting("an election folder").advising("make one with `bilik init DIR`")])
        })?;
        Self::parse(&text, dir)
    }

    /// Reads the text of an `election.toml`; `dir` is where the input lies.
    ///
    /// # Errors
    /// When it is not TOML, or invalid.
    pub fn parse(text: &str, dir: &Path) -> Result<Self, Unreadable> {
        read(text, dir)
    }
}

/// Collects faults, and knows the line of a place in the text.
pub(super) struct ConfigReader<'a> {
    text: &'a str,
    faults: Vec<InputProblem>,
}

impl ConfigReader<'_> {
    fn line(&self, offset: usize) -> u64 {
        let before = self.text.get(..offset).map_or(0, |before| before.matches('\n').count());
        u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1)
    }

    pub(super) fn fault(
        &mut self,
        offset: Option<usize>,
        message: impl Into<Message>,
        expected: impl Into<Message>,
        todo: impl Into<Message>,
    ) {
        let line = offset.map_or(0, |offset| self.line(offset));
        self.faults.push(InputProblem::new(ProblemKind::BadConfig, FILE, line, None, message).expecting(expected).advising(todo));
    }

    /// A required value.
    fn needed<T, V>(
        &mut self,
        key: &str,
        given: Option<&Spanned<V>>,
        fits: impl Fn(&V) -> Option<T>,
        expected: impl Into<Message>,
    ) -> Option<T> {
        let Some(given) = given else {
            self.fault(None, message!("`{}` is missing", key), expected, message!("add `{} = …` above the first [section]", key));
            return None;
        };
        self.fitting(key, given, fits, expected)
    }

    /// A value that is checked.
    pub(super) fn fitting<T, V>(
        &mut self,
        key: &str,
        given: &Spanned<V>,
        fits: impl Fn(&V) -> Option<T>,
        expected: impl Into<Message>,
    ) -> Option<T> {
        let value = fits(given.get_ref());
        if value.is_none() {
            self.fault(Some(given.span().start), message!("invalid value for `{}`", key), expected, "correct it");
        }
        value
    }
}

fn read(text: &str, dir: &Path) -> Result<Config, Unreadable> {
    let mut reader = ConfigReader { text, faults: Vec::new() };
    let given: ConfigText = match toml::from_str(text) {
        Ok(given) => given,
        Err(error) => {
            reader.fault(
                error.span().map(|span| span.start),
                error.message(),
                "TOML with the keys of a new `bilik init`",
                "correct it",
            );
            return Err(Unreadable(reader.faults));
        }
    };
    reader.refuse_commands(text);
    let election = reader.election(&given);
    let organiser = given.organiser.as_ref().and_then(|organiser| reader.organiser(organiser, dir));
    let sealing = reader.sealing(&given);
    let (min_voters, max_keys) = reader.tables(&given.tables, given.demo);
    let max_voters_at_a_station = reader.max_voters_at_a_station(given.check.max_voters_at_a_station.as_ref());
    let areas = election.as_ref().map(|election| reader.areas(election, &given.time_zones, &given.areas));
    let address = given.site.address.as_ref().and_then(|address| reader.address(address, given.demo));
    let station_pages = given.site.station_pages.unwrap_or(true);
    let witnesses = reader.witnesses(&given.site);
    let mirrors = reader.mirrors(given.site.mirrors, given.demo);
    let public_keys = reader.public_keys(&given.site.public_keys);
    let threshold = reader.threshold(given.site.threshold.as_ref());
    reader.rules_of_a_real_election(&given.sealing, given.demo, sealing);
    let legal_basis = reader.legal_basis(given.legal_basis.as_ref(), given.demo);
    let rights = reader.rights(&given.rights);
    let day = areas.as_ref().map(Areas::last_day);
    let expires = reader.expires(given.expires.as_ref(), day);
    reader.faults.extend(plain_and_compressed(&given.input, dir));
    let expected = translatable!("a file, a folder, a pattern such as \"dpt/*.csv\", or a list of them");
    let files = input_files(given.input, dir, |name, given| reader.fitting(name, given, FilesText::names, expected));
    let seed = given.sealing.seed.map(Spanned::into_inner);
    match election.zip(areas) {
        Some((election, areas)) if reader.faults.is_empty() => Ok(Config {
            election,
            organiser,
            legal_basis,
            rights,
            expires,
            sealing,
            seed,
            min_voters,
            max_keys,
            max_voters_at_a_station,
            areas,
            address,
            station_pages,
            mirrors,
            public_keys,
            threshold,
            witnesses,
            files,
            digest: Sha256::digest(text).into(),
        }),
        _ => Err(Unreadable(reader.faults)),
    }
}

impl ConfigReader<'_> {
    fn election(&mut self, given: &ConfigText) -> Option<Election> {
        let is_id = message!("1 to {} of a-z, 0-9 and hyphens, such as \"pilkada-2029\"", MAX_ID_LEN);
        let id = self.needed("id", given.id.as_ref(), |id| Election::is_id(id).then(|| id.clone()), is_id);
        let is_name = "the election's official name, of at most 200 characters";
        let name = self.needed("name", given.name.as_ref(), |name| title(name), is_name);
        let day = self.needed("day", given.day.as_ref(), polling_day, "polling day as YYYY-MM-DD, before 2200");
        let opens = self.needed("opens", given.opens.as_ref(), minutes_of, "HH:MM, such as \"07:00\"");
        let closes = self.needed("closes", given.closes.as_ref(), minutes_of, "HH:MM, such as \"13:00\"");
        if let (Some(opens), Some(closes), Some(place)) = (opens, closes, given.closes.as_ref())
            && opens >= closes
        {
            self.fault(Some(place.span().start), "`closes` is not after `opens`", "a later time", "correct one of them");
        }
        let help_url = given.help_url.as_ref().and_then(|given| self.page("help_url", given, web_url));
        let help_phone = given.help_phone.as_ref().and_then(|given| self.help_phone(given));
        let demo = given.demo;
        Some(Election { id: id?, name: name?, day: day?, opens: opens?, closes: closes?, demo, help_phone, help_url })
    }

    fn organiser(&mut self, given: &OrganiserText, dir: &Path) -> Option<Organiser> {
        let mut text = |key: &str, given: &Option<Spanned<String>>, expected: &str| {
            if given.is_none() {
                let message = message!("`{}` is missing in [organiser]", key);
                self.fault(None, message, expected, message!("add `{} = …` below [organiser]", key));
            }
            given.as_ref().and_then(|given| self.fitting(key, given, |text| filled(text), expected))
        };
        let name = text("name", &given.name, translatable!("the organiser's official name"));
        let contact = translatable!("a mail address, a telephone number or a page, for questions about personal data");
        let privacy_contact = text("privacy_contact", &given.privacy_contact, contact);
        let url = text("url", &given.url, translatable!("the organiser's own site, such as \"https://kpu.example/\""));
        let url = url.and(given.url.as_ref()).and_then(|given| self.page("url", given, web_url));
        let short_name = given.short_name.as_ref().and_then(|short| filled(short.get_ref()));
        let logo = given.logo.as_ref().and_then(|logo| {
            let read = read_logo(&dir.join(logo.get_ref()));
            let fault = |message| {
                let expected =
                    translatable!("an SVG or a PNG of at most 20 KB, up to 2,048 pixels wide and high, in the election folder");
                self.fault(
                    Some(logo.span().start),
                    message,
                    expected,
                    "export it again as plain SVG, or smaller, or remove `logo`",
                );
            };
            read.map_err(fault).ok()
        });
        let name = name?;
        Some(Organiser {
            short_name: short_name.unwrap_or_else(|| name.clone()),
            name,
            url: url?,
            privacy_contact: privacy_contact?,
            logo,
        })
    }

    fn sealing(&mut self, given: &ConfigText) -> Sealing {
        let given = &given.sealing;
        let memory_kib = given.memory_kib.as_ref().map_or(Cost::DEFAULT.memory_kib, |memory| *memory.get_ref());
        let passes = given.passes.as_ref().map_or(Cost::DEFAULT.passes, |passes| *passes.get_ref());
        let cost = Cost { memory_kib, passes };
        if !cost.is_within_limits() {
            let place = given.memory_kib.as_ref().map(Spanned::span).or(given.passes.as_ref().map(Spanned::span));
            let expected = translatable!("8 to 65,536 KiB and 1 to 10 passes");
            self.fault(place.map(|span| span.start), "sealing cost out of range", expected, "correct it");
        }
        let [full, near] = [
            (Recipe::Full, "full_pepper_bits", &given.full_pepper_bits, "full_check_bits", &given.full_check_bits),
            (Recipe::Near, "near_pepper_bits", &given.near_pepper_bits, "near_check_bits", &given.near_check_bits),
        ]
        .map(|(recipe, pepper_key, pepper, check_key, check)| {
            let usual = KeyBits::usual(recipe);
            KeyBits {
                pepper_bits: self.bits(pepper_key, pepper.as_ref(), 0..=MAX_PEPPER_BITS, usual.pepper_bits),
                check_bits: self.bits(check_key, check.as_ref(), MIN_CHECK_BITS..=MAX_CHECK_BITS, usual.check_bits),
            }
        });
        Sealing { cost, full, near }
    }

    fn bits(&mut self, key: &str, given: Option<&Spanned<u8>>, limits: RangeInclusive<u8>, usual: u8) -> u8 {
        let fits = |bits: &u8| limits.contains(bits).then_some(*bits);
        let expected = message!("{} to {}; {} is usual", limits.start(), limits.end(), usual);
        given.and_then(|given| self.fitting(key, given, fits, expected)).unwrap_or(usual)
    }

    /// Refuses what would make a real roll cheap to harvest; a demo's voters are made up.
    fn rules_of_a_real_election(&mut self, given: &SealingText, demo: bool, sealing: Sealing) {
        if demo {
            return;
        }
        let remove = |key: &str| message!("remove `{}`, or say `demo = true` if every voter is made up", key);
        let least = Cost::DEFAULT;
        for (key, place, value, least) in [
            ("memory_kib", given.memory_kib.as_ref().map(Spanned::span), sealing.cost.memory_kib, least.memory_kib),
            ("passes", given.passes.as_ref().map(Spanned::span), sealing.cost.passes, least.passes),
        ] {
            if value < least {
                let expected = message!("at least {}: the cost of a wrong guess protects the voters", least);
                let message = message!("`{}` is too low for a real election", key);
                self.fault(place.map(|span| span.start), message, expected, remove(key));
            }
        }
        for (recipe, pepper_key, pepper, check_key, check) in [
            (Recipe::Full, "full_pepper_bits", &given.full_pepper_bits, "full_check_bits", &given.full_check_bits),
            (Recipe::Near, "near_pepper_bits", &given.near_pepper_bits, "near_check_bits", &given.near_check_bits),
        ] {
            let bits = sealing.bits(recipe);
            let place = |given: &Option<Spanned<u8>>| given.as_ref().map(|given| given.span().start);
            let least = bits.pepper_bits + MIN_CHECK_OVER_PEPPER;
            if bits.check_bits < least {
                let expected = message!(
                    "at least {}, which is {} more than `{}`: with fewer, strangers are shown a station by chance",
                    least,
                    MIN_CHECK_OVER_PEPPER,
                    pepper_key
                );
                let message = message!("`{}` is too low for a real election", check_key);
                self.fault(place(check).or(place(pepper)), message, expected, message!("set `{} = {}`", check_key, least));
            }
        }
        if let Some(seed) = &given.seed {
            let expected = translatable!("no seed: repeatable randomness protects nobody");
            self.fault(Some(seed.span().start), "`seed` is for a demo only", expected, remove("seed"));
        }
        for Shortfall { message, expected, fix } in cost_model::shortfalls(CostSettings::of(sealing)) {
            self.fault(None, message, expected, fix);
        }
    }

    fn legal_basis(&mut self, given: Option<&Spanned<String>>, demo: bool) -> Option<String> {
        let basis = given.and_then(|basis| filled(basis.get_ref()));
        if basis.is_none() && !demo {
            self.fault(
                given.map(|basis| basis.span().start),
                "`legal_basis` is missing or empty",
                "the law or decision that lets you publish the sealed roll: in the law's terms it is personal data",
                "add `legal_basis = \"…\"` above the first [section], or `demo = true` if every voter is made up",
            );
        }
        basis
    }

    fn tables(&mut self, given: &TablesText, demo: bool) -> (u32, u32) {
        let min = given.min_voters.as_ref().map_or(MIN_VOTERS, |min| *min.get_ref());
        let max = given.max_keys.as_ref().map_or(MAX_KEYS, |max| *max.get_ref());
        if min == 0 || max > 1_000_000 || max / MIN_RATIO < min {
            let place = given.min_voters.as_ref().or(given.max_keys.as_ref()).map(|given| given.span().start);
            let message = message!("min_voters {} and max_keys {} contradict each other", min, max);
            let expected = message!("min_voters from 1, max_keys at least {} times as many and at most 1000000", MIN_RATIO);
            self.fault(place, message, expected, "correct them, or remove them for 2000 and 12000");
        }
        if !demo && min < MIN_VOTERS_OF_A_REAL_ELECTION {
            let place = given.min_voters.as_ref().map(|given| given.span().start);
            let expected = message!("at least {}: a table of few voters shows where they vote", MIN_VOTERS_OF_A_REAL_ELECTION);
            let todo = translatable!("remove `min_voters` for 2000, or say `demo = true` if every voter is made up");
            self.fault(place, "`min_voters` is too low for a real election", expected, todo);
        }
        (min, max)
    }

    /// A page that people can be sent to.
    pub(super) fn page(&mut self, key: &str, given: &Spanned<String>, read: ReadUrl) -> Option<String> {
        let text = filled(given.get_ref())?;
        read(&text).map(String::from).map_err(|error| self.bad_url(&format!("`{key}`").into(), given, error)).ok()
    }

    fn address(&mut self, given: &Spanned<String>, demo: bool) -> Option<String> {
        site_address(given.get_ref(), demo).map_err(|error| self.bad_url(&message!("`address` in [site]"), given, error)).ok()
    }

    fn mirrors(&mut self, given: Option<Vec<Spanned<String>>>, demo: bool) -> Vec<String> {
        let Some(given) = given else { return vec!["./".to_owned()] };
        if given.is_empty() {
            let expected = translatable!("a folder on the same host such as \"./\", or a base URL that starts with https://");
            self.fault(None, "`mirrors` is empty", expected, "name at least one, or remove it for [\"./\"]");
        }
        let mut mirrors = Vec::new();
        for (number, url) in (1..).zip(&given) {
            match mirror_url(url.get_ref(), demo) {
                Ok(mirror) => mirrors.push(mirror),
                Err(error) => self.bad_url(&message!("`mirrors`, number {}", number), url, error),
            }
        }
        mirrors
    }

    fn bad_url(&mut self, what: &Message, given: &Spanned<String>, error: BaseUrlError) {
        let BaseUrlError { message, expected, fix } = error;
        self.fault(Some(given.span().start), message!("invalid value for {}: {}", what, message), expected, fix);
    }

    fn public_keys(&mut self, given: &[Spanned<String>]) -> Vec<PublicKey> {
        let expected = translatable!("the line of a KEY.pub: `bilik-public-key:` and 64 hex digits");
        given.iter().filter_map(|key| self.fitting("public_keys", key, |key| PublicKey::parse(key), expected)).collect()
    }

    fn threshold(&mut self, given: Option<&Spanned<usize>>) -> usize {
        let fits = |threshold: &usize| (1..=MAX_SIGNATURES).contains(threshold).then_some(*threshold);
        let expected = message!("1 to {}: how many keys sign together", MAX_SIGNATURES);
        given.and_then(|given| self.fitting("threshold", given, fits, expected)).unwrap_or(1)
    }

    fn max_voters_at_a_station(&mut self, given: Option<&Spanned<u32>>) -> u32 {
        let fits = |most: &u32| (*most > 0).then_some(*most);
        let expected = translatable!("1 or more: the voters that a station may have");
        given.and_then(|given| self.fitting("max_voters_at_a_station", given, fits, expected)).unwrap_or(MAX_VOTERS_AT_A_STATION)
    }

    fn expires(&mut self, given: Option<&Spanned<Value>>, day: Option<u32>) -> u64 {
        let after = |day: u32| (u64::from(day) + 1) * DAY_SECONDS;
        let Some(polling_day) = day else { return 0 };
        let usual = after(polling_day) + DAY_SECONDS;
        let fits = |value: &Value| day_of(value)?.number().filter(|&last| last >= polling_day).map(after);
        let expected = translatable!("the last day on which answers are valid, as YYYY-MM-DD, not before polling day");
        given.map_or(usual, |given| self.fitting("expires", given, fits, expected).unwrap_or(usual))
    }
}
