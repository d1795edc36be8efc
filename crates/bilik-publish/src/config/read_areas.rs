//! Reads `[areas]` and `[time_zones]`.

use super::areas::{Area, Areas, Notice, OwnTime};
use super::read::ConfigReader;
use super::text::AreaText;
use super::values::{minutes_of, polling_day, sentence};
use super::zone::{Zone, home_zone};
use crate::base_url::notice_url;
use crate::language::{message, translatable};
use bilik::format::{Code, Election, TimeZone};
use std::collections::BTreeMap;
use toml::Spanned;

type Named<T> = BTreeMap<Spanned<String>, T>;

impl ConfigReader<'_> {
    pub(super) fn areas(&mut self, election: &Election, time_zones: &Named<Spanned<String>>, given: &Named<AreaText>) -> Areas {
        let time_zones = self.time_zones(time_zones);
        let mut areas = BTreeMap::new();
        for (name, area) in given {
            let expected =
                translatable!("the digits of a province, regency, district or village, with or without dots, such as \"99\"");
            let Some(code) = self.fitting("areas", name, |name| Code::parse(name), expected) else { continue };
            let read = self.area(area);
            if areas.insert(code, read).is_some() {
                self.fault(
                    Some(name.span().start),
                    message!("{} is twice in [areas]", code),
                    "each area once",
                    "remove one of them",
                );
            }
        }
        let areas = Areas::new(election, &time_zones, areas);
        self.contradictions(&areas, given);
        areas
    }

    fn area(&mut self, given: &AreaText) -> Area {
        let mut value =
            |key: &str, given: Option<&Spanned<toml::Value>>, fits: fn(&toml::Value) -> Option<u32>, expected: &str| {
                given.and_then(|given| self.fitting(key, given, fits, expected))
            };
        let day = value("day", given.day.as_ref(), polling_day, "polling day as YYYY-MM-DD, before 2200");
        let minutes = |value: &toml::Value| minutes_of(value).map(u32::from);
        let opens = value("opens", given.opens.as_ref(), minutes, "HH:MM, such as \"08:00\"");
        let closes = value("closes", given.closes.as_ref(), minutes, "HH:MM, such as \"18:00\"");
        let [opens, closes] = [opens, closes].map(|minutes| minutes.and_then(|minutes| u16::try_from(minutes).ok()));
        let zone =
            given.time_zone.as_ref().and_then(|given| self.fitting("time_zone", given, |zone| Zone::parse(zone), Zone::EXPECTED));
        let url = given.notice_url.as_ref().and_then(|given| self.page("notice_url", given, notice_url));
        let notice = given.notice.as_ref().and_then(|given| {
            self.fitting(
                "notice",
                given,
                |text| sentence(text),
                "what voters there must know, in a sentence or two: at most 1,000 characters",
            )
        });
        if let (Some(url), None) = (&given.notice_url, &given.notice) {
            self.fault(Some(url.span().start), "`notice_url` without `notice`", "both, or neither", "add `notice`");
        }
        Area { time: OwnTime { day, opens, closes, zone }, notice: notice.map(|text| Notice { text, url }) }
    }

    fn time_zones(&mut self, given: &Named<Spanned<String>>) -> BTreeMap<u8, TimeZone> {
        let mut zones = BTreeMap::new();
        for (province, zone) in given {
            let two = |code: &String| (code.len() == 2).then(|| code.parse::<u8>().ok()).flatten();
            let code = self.fitting("time_zones", province, two, "the two digits of a province, such as \"91\"");
            let expected = translatable!("\"WIB\", \"WITA\" or \"WIT\"; for others use `time_zone` in [areas]");
            let zone = self.fitting("time_zones", zone, |zone| home_zone(zone), expected);
            zones.extend(code.zip(zone));
        }
        zones
    }

    /// Says of each area whether its stations could open at all.
    fn contradictions(&mut self, areas: &Areas, given: &Named<AreaText>) {
        for name in given.keys() {
            let Some(Err(error)) = Code::parse(name.get_ref()).map(|code| areas.time_of(code, OwnTime::default())) else {
                continue;
            };
            let message = message!("no station of {} could be open: {}", name.get_ref(), error);
            let expected = translatable!("a time that ends after it begins, and that clocks of the time zone show");
            self.fault(Some(name.span().start), message, expected, "correct `opens`, `closes`, `day` or `time_zone`");
        }
    }
}
