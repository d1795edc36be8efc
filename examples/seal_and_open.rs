//! Seals a tiny table for three made-up voters, writes it to a file's bytes, and opens it again.
//!
//! ```sh
//! cargo run --example seal_and_open
//! ```

use bilik::format;
use bilik::{Cost, Deriver, Details, Digits, KeyBits, Recipe, StationRef, Table, TableHeader, TableValue, fold_name, table_salt};
use std::error::Error;

/// The id of the election, which goes into every key.
const ELECTION: &str = "example-2029";

/// Made-up voters: 12 digits, name, and the position of their station in the home district's list.
const VOTERS: [(&str, &str, u32); 3] =
    [("320101410190", "Contoh Satu", 0), ("320101120385", "Contoh Dua", 1), ("320101550600", "Contoh Tiga", 1)];

fn main() -> Result<(), Box<dyn Error>> {
    let header = TableHeader {
        recipe: Recipe::Full,
        check_bits: KeyBits::usual(Recipe::Full).check_bits,
        label: "320101".into(),
        // A real build draws it at random for each table.
        nonce: [7; 16],
        common: Vec::new(),
        home_stations: 2,
        all_stations: 2,
    };

    // Seal: one derivation for each voter, then one table for all keys. A real build also draws a pepper for each key.
    let salt = table_salt(ELECTION, &header.label, header.recipe, &header.nonce);
    let mut deriver = Deriver::new(Cost::DEFAULT)?;
    let mut entries = Vec::new();
    for (digits, name, station) in VOTERS {
        let details = Details::full(&Digits::typed(digits)?, fold_name(name)?.whole());
        entries.push((deriver.derive(&salt, &details, 0), TableValue::One(StationRef::Home(station))));
    }
    // A real build fills unused bits from a cryptographic generator.
    let mut state = 1_u64;
    let mut random_words = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state
    };
    let table = Table::seal(&header, &entries, &mut random_words).map_err(|error| format!("cannot seal: {error:?}"))?;
    let (bytes, file) = format::write(&table)?;
    println!("{} voters sealed into {} ({} bytes)", VOTERS.len(), file.path(format::Kind::Table), bytes.len());

    // Open: the reader has the file, its digest, and what a voter typed.
    let table: Table = format::read(&bytes, &file)?;
    let salt = table.salt(ELECTION);
    for (nik, name) in
        [("3201 0141 0190 0007", "contoh SATU, S.H."), ("320101120385", "Tjontoh Doea"), ("320101120385", "Orang Lain")]
    {
        let details = Details::full(&Digits::typed(nik)?, fold_name(name)?.whole());
        match table.open(&deriver.derive(&salt, &details, 0)) {
            Some(TableValue::One(StationRef::Home(position))) => println!("{name}: home station {position}"),
            Some(other) => println!("{name}: {other:?}"),
            None => println!("{name}: not found"),
        }
    }
    Ok(())
}
