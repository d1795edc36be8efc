//! What is new of a station.

use crate::language::{translatable, translated};
use bilik::format::{Code, Place, Station};
use std::fmt;

/// A station that differs from the published one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationChange {
    /// The operator's id.
    pub id: String,
    /// Its village.
    pub village: Code,
    /// The village's name.
    pub village_name: String,
    /// Which facts differ; none for a new station.
    pub fields: Option<Vec<&'static str>>,
}

impl fmt::Display for StationChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.fields.as_ref().map_or_else(
            || tr::tr!("new station"),
            |fields| fields.iter().map(|field| translated(field)).collect::<Vec<_>>().join(", "),
        );
        f.write_str(&tr::tr!("{}, village {} {}: {}", self.id, self.village, self.village_name, fields))
    }
}

/// What differs between the published station and the new one.
pub(crate) fn differing(old: &Station, new: &Station, district: Code) -> Vec<&'static str> {
    let at = |place: Option<Place>| {
        place.map(|mut place| {
            place.doubtful = false;
            place
        })
    };
    let is_doubtful = |station: &Station| station.place.is_some_and(|place| place.doubtful);
    let fields = [
        (translatable!("village"), old.village(district) != new.village(district)),
        (translatable!("number"), old.number != new.number),
        (translatable!("venue"), old.venue != new.venue),
        (translatable!("address"), old.address != new.address),
        (translatable!("coordinates"), at(old.place) != at(new.place)),
        (translatable!("whether the coordinates are doubtful"), is_doubtful(old) != is_doubtful(new)),
        (translatable!("accessible"), old.accessible != new.accessible),
        (translatable!("details of the access"), old.access != new.access),
        (translatable!("landmark"), old.landmark != new.landmark),
        (translatable!("notice"), (&old.notice, &old.notice_url) != (&new.notice, &new.notice_url)),
        (translatable!("kind"), old.kind != new.kind),
        (translatable!("polling time"), old.time != new.time),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}
