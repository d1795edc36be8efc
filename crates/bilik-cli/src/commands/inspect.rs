//! `bilik inspect`: one file as JSON.

use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use anyhow::Context as _;
use bilik::format::{
    self, Code, Digest, Directory, FileRef, Head, Kind, Manifest, Names, PollingTime, Province, ProvincePart, ProvinceRef,
    Sealing, StationList, WitnessStatement,
};
use bilik::{Day, Table, iso_utc};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use tr::tr;

/// Show one file of a site as JSON
///
/// Its signature or digest is not checked; `bilik verify` does that.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Inspect {
    /// head.bilik, or a file from the folders m, p, d, t, s, n or w
    file: PathBuf,
}

pub(super) const HELP: Help = Help {
    examples: &[(
        "bilik inspect site/head.bilik",
        "Show the serial, when it expires, who signed it, and the paths of the manifest and its parts",
    )],
    exit_statuses: &[(Exit::Success, "shown"), (Exit::Failure, "the file could not be read, or is not a Bilik file")],
};

/// No file of a site is longer.
const MAX_FILE_LEN: u64 = 32 << 20;

impl Inspect {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Exit> {
        let name = self.file.display();
        let cannot = || tr!("{}: cannot be read", name);
        // Checked before it is opened: opening a pipe would block, and a device has no end.
        let kind = std::fs::metadata(&self.file).with_context(cannot)?;
        anyhow::ensure!(kind.is_file(), "{}", tr!("{}: not a regular file. Expected: a file of a site", name));
        let mut bytes = Vec::new();
        File::open(&self.file).and_then(|file| file.take(MAX_FILE_LEN + 1).read_to_end(&mut bytes)).with_context(cannot)?;
        anyhow::ensure!(
            u64::try_from(bytes.len()).is_ok_and(|length| length <= MAX_FILE_LEN),
            "{}",
            tr!("{}: not a Bilik file: longer than {} bytes", name, MAX_FILE_LEN)
        );
        let refused = |refusal: format::FormatError| anyhow::anyhow!("{name}: {refusal}");
        let value = if bytes.starts_with(b"BILIKh") {
            head(&bytes).map_err(refused)?
        } else if bytes.starts_with(b"BILIKw") {
            statement(&bytes).map_err(|refusal| anyhow::anyhow!("{name}: {refusal}"))?
        } else {
            match format::kind_of(&bytes).map_err(refused)? {
                Kind::Manifest => manifest(&format::read_unverified(&bytes).map_err(refused)?),
                Kind::Province => part(&format::read_unverified(&bytes).map_err(refused)?),
                Kind::Directory => directory(&format::read_unverified(&bytes).map_err(refused)?),
                Kind::Table => table(&format::read_unverified(&bytes).map_err(refused)?),
                Kind::StationList => station_list(&format::read_unverified(&bytes).map_err(refused)?),
                Kind::Names => names(&format::read_unverified(&bytes).map_err(refused)?),
            }
        };
        output.stdout.json(&json!({ "digest": Digest::of(&bytes).to_string(), "bytes": bytes.len(), "file": value }))?;
        Ok(Exit::Success)
    }
}

fn head(bytes: &[u8]) -> Result<Value, format::FormatError> {
    let (head, keys) = Head::read_unverified(bytes)?;
    let keys: Vec<String> = keys.iter().map(|id| format!("{:016x}", u64::from_be_bytes(*id))).collect();
    let of = |province: &ProvinceRef| json!({ "code": format!("{:02}", province.code), "part": file_ref(&province.part, Kind::Province) });
    let provinces: Vec<Value> = head.provinces.iter().map(of).collect();
    Ok(json!({
        "kind": "head",
        "election": head.election,
        "serial": head.serial,
        "signedAt": iso_utc(head.signed_at),
        "expires": iso_utc(head.expires),
        "manifest": file_ref(&head.manifest, Kind::Manifest),
        "provinces": provinces,
        "signedBy": keys,
    }))
}

fn statement(bytes: &[u8]) -> Result<Value, format::StatementError> {
    let (statement, key) = WitnessStatement::read_unverified(bytes)?;
    Ok(json!({
        "kind": "witness statement",
        "election": statement.election,
        "serial": statement.serial,
        "seenAt": iso_utc(statement.time),
        "head": base16ct::lower::encode_string(&statement.head),
        "signedBy": format!("{:016x}", u64::from_be_bytes(key)),
    }))
}

fn file_ref(file: &FileRef, kind: Kind) -> Value {
    json!({ "path": file.path(kind), "bytes": file.stored, "inflated": file.inflated })
}

fn manifest(manifest: &Manifest) -> Value {
    let election = bilik::lookup::ElectionSummary::from(&manifest.election);
    let provinces: Vec<Value> = manifest.provinces.iter().map(province).collect();
    json!({
        "kind": "manifest",
        "election": election,
        "sealing": sealing(manifest.sealing),
        "addressable": manifest.station_count(),
        "provinces": provinces,
        "elsewhere": manifest.elsewhere.as_ref().map(|file| file_ref(file, Kind::Directory)),
    })
}

fn province(province: &Province) -> Value {
    let of = |regency: &bilik::format::Regency| {
        json!({
            "code": format!("{:02}{:02}", province.code, regency.code),
            "directory": file_ref(&regency.directory, Kind::Directory),
            "addressable": regency.stations,
        })
    };
    json!({
        "code": format!("{:02}", province.code),
        "name": province.name,
        "timeZone": province.zone,
        "names": file_ref(&province.names, Kind::Names),
        "regencies": province.regencies.iter().map(of).collect::<Vec<_>>(),
    })
}

fn part(part: &ProvincePart) -> Value {
    json!({
        "kind": "province",
        "election": bilik::lookup::ElectionSummary::from(&part.election),
        "sealing": sealing(part.sealing),
        "province": province(&part.province),
        "addressable": part.stations,
        "elsewhere": part.elsewhere.as_ref().map(|file| file_ref(file, Kind::Directory)),
    })
}

fn sealing(sealing: Sealing) -> Value {
    let Sealing { cost, full, near } = sealing;
    json!({ "memoryKib": cost.memory_kib, "passes": cost.passes, "full": bits(full), "near": bits(near) })
}

fn bits(bits: bilik::KeyBits) -> Value {
    json!({ "pepperBits": bits.pepper_bits, "checkBits": bits.check_bits })
}

fn directory(directory: &Directory) -> Value {
    let regency = Code::regency(directory.regency);
    let district = |district: &bilik::format::District| {
        let code = regency.map(|regency| regency.within(district.code));
        let village = |village: &bilik::format::Village| json!({ "code": code.map(|code| code.village(village.code).to_string()), "name": village.name });
        json!({
            "code": code.map(|code| code.to_string()),
            "name": district.name,
            "stations": district.stations.as_ref().map(|file| file_ref(file, Kind::StationList)),
            "addressable": district.addressable,
            "villages": district.villages.iter().map(village).collect::<Vec<_>>(),
        })
    };
    let route = |route: &bilik::format::Route| json!({ "prefix": format!("{:06}", route.prefix), "table": route.table });
    let files = |files: &[FileRef]| files.iter().map(|file| file_ref(file, Kind::Table)).collect::<Vec<_>>();
    let tables = |tables: &bilik::format::Tables| {
        json!({
            "full": files(&tables.full),
            "near": files(&tables.near),
            "homes": tables.homes.iter().map(|home| json!({ "district": format!("{:06}", home.district), "stations": home.stations })).collect::<Vec<_>>(),
        })
    };
    json!({
        "kind": "directory",
        "regency": regency.filter(|_| directory.regency != 0).map(|code| code.to_string()),
        "name": directory.name,
        "contact": directory.contact.as_ref().map(|contact| json!({ "phone": contact.phone, "url": contact.url })),
        "districts": directory.districts.iter().map(district).collect::<Vec<_>>(),
        "routes": directory.routes.iter().map(route).collect::<Vec<_>>(),
        "tables": directory.tables.iter().map(tables).collect::<Vec<_>>(),
    })
}

fn table(table: &Table) -> Value {
    let (home, all) = table.stations();
    let [narrow, wide, several] = table
        .ribbons()
        .map(|ribbon| json!({ "slots": ribbon.slot_count(), "bits": ribbon.width(), "layers": ribbon.layer_count() }));
    json!({
        "kind": "table",
        "recipe": table.recipe(),
        "label": table.label(),
        "homeStations": home,
        "allStations": all,
        "narrow": narrow,
        "wide": wide,
        "several": several,
    })
}

/// A time that is the station's own.
fn time(time: &PollingTime) -> Value {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    json!({
        "day": Day::of_number(time.day).map(|day| day.to_string()),
        "opens": clock(time.opens),
        "closes": clock(time.closes),
        "minutesAheadOfUtc": time.offset,
        "timeZone": time.zone,
    })
}

fn station_list(list: &StationList) -> Value {
    let district = Code::district(list.district);
    let station = |station: &bilik::format::Station| {
        json!({
            "id": district.map(|district| station.id(district)),
            "village": district.map(|district| station.village(district).to_string()),
            "number": station.number,
            "venue": station.venue,
            "address": station.address,
            "lat": station.place.map(|place| place.lat()),
            "lon": station.place.map(|place| place.lon()),
            "doubtfulCoordinates": station.place.is_some_and(|place| place.doubtful),
            "accessible": station.accessible,
            "access": station.access,
            "landmark": station.landmark,
            "notice": station.notice,
            "noticeUrl": station.notice_url,
            "kind": station.kind,
            "time": station.time.as_deref().map(time),
        })
    };
    json!({ "kind": "station list", "district": district.map(|code| code.to_string()), "stations": list.stations.iter().map(|entry| entry.as_ref().map(station)).collect::<Vec<_>>() })
}

fn names(names: &Names) -> Value {
    let regency = |regency: &bilik::format::RegencyNames| {
        let district = |district: &bilik::format::DistrictNames| {
            let villages: Vec<Value> = district
                .villages
                .iter()
                .map(|village| json!({ "code": format!("{:04}", village.code), "name": village.name }))
                .collect();
            json!({ "code": format!("{:02}", district.code), "name": district.name, "villages": villages })
        };
        json!({ "code": format!("{:02}", regency.code), "name": regency.name, "districts": regency.districts.iter().map(district).collect::<Vec<_>>() })
    };
    json!({ "kind": "names", "province": format!("{:02}", names.province), "regencies": names.regencies.iter().map(regency).collect::<Vec<_>>() })
}
