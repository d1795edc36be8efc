//! The golden site: the election of tests/vectors/election, sealed by a seed and signed by a key that everybody knows.

use crate::schema::Payload;
use bilik::format::{self, Digest, Directory, FileRef, Head, Kind, Names, ProvincePart, PublicKey, StationList, Trust};
use bilik::{Recipe, Table};
use bilik_testkit::{Binary, Files, Operator, copy_folder, files_of, payload};
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::{Signer as _, SigningKey};
use std::fs;
use std::path::{Path, PathBuf};

/// Its election.
pub const ELECTION: &str = "vektor-2029";
/// The secret half of its key: 32 times this byte.
pub const KEY: u8 = 7;
/// What reads every kind of file but the manifest and the names: the name is not exact, so `full` is asked in vain before `near`.
pub const QUESTION: (&str, &str, &str) = ("390101120190", "Contoh", "3901012001");
/// The id of the station that it leads to.
pub const STATION: &str = "3901012001001";

/// Where the vectors are.
pub fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

/// A key whose secret half is 32 times one byte.
pub fn key(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32])
}

/// A head, signed by some keys.
pub fn signed(head: &Head, keys: &[u8]) -> Vec<u8> {
    let message = head.message().unwrap();
    let signature = |&byte: &u8| (PublicKey::of(key(byte).verifying_key()), key(byte).sign(&message));
    head.to_bytes(&keys.iter().map(signature).collect::<Vec<_>>()).unwrap()
}

/// The files that the question reads, and those that a search for villages reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Manifest,
    Part,
    Directory,
    TableByFull,
    TableByNear,
    Stations,
    Names,
}

impl Role {
    pub const ALL: [Self; 7] =
        [Self::Manifest, Self::Part, Self::Directory, Self::TableByFull, Self::TableByNear, Self::Stations, Self::Names];

    pub fn kind(self) -> Kind {
        match self {
            Self::Manifest => Kind::Manifest,
            Self::Part => Kind::Province,
            Self::Directory => Kind::Directory,
            Self::TableByFull | Self::TableByNear => Kind::Table,
            Self::Stations => Kind::StationList,
            Self::Names => Kind::Names,
        }
    }

    /// How the names of its cases begin.
    pub fn label(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Part => "part",
            Self::Directory => "directory",
            Self::TableByFull => "table-by-full",
            Self::TableByNear => "table",
            Self::Stations => "stations",
            Self::Names => "names",
        }
    }
}

/// The golden site with the operator who built it.
pub struct Golden {
    pub operator: Operator,
    pub files: Files,
    pub head: Head,
    pub trust: Trust,
}

impl Golden {
    pub fn build(binary: Binary) -> Self {
        let operator = Operator::new(binary);
        copy_folder(&vectors().join("election"), &operator.election());
        fs::write(operator.key(), key(KEY).to_pkcs8_pem(LineEnding::LF).unwrap().as_bytes()).unwrap();
        let public = PublicKey::of(key(KEY).verifying_key()).to_string();
        fs::write(operator.public_key(), format!("{public}\n")).unwrap();
        operator.build();
        let trust = Trust::new([public.as_str()], 1, Some(ELECTION.into())).unwrap();
        Self { files: files_of(&operator), head: operator.head(), trust, operator }
    }

    /// The path of a file.
    pub fn path(&self, role: Role) -> &str {
        let is_it = |bytes: &[u8]| match role {
            Role::Directory => format::read_unverified::<Directory>(bytes).unwrap().regency == 3901,
            Role::Stations => format::read_unverified::<StationList>(bytes).unwrap().district == 390_101,
            Role::Names => format::read_unverified::<Names>(bytes).unwrap().province == 39,
            Role::TableByFull | Role::TableByNear => {
                let table = format::read_unverified::<Table>(bytes).unwrap();
                let recipe = if role == Role::TableByFull { Recipe::Full } else { Recipe::Near };
                table.label() == "390101" && table.recipe() == recipe
            }
            Role::Part => format::read_unverified::<ProvincePart>(bytes).unwrap().province.code == 39,
            Role::Manifest => true,
        };
        let folder = format!("{}/", role.kind().letter());
        self.files.iter().find(|(path, bytes)| path.starts_with(&folder) && is_it(bytes)).unwrap().0
    }

    /// The bytes of a file.
    pub fn bytes(&self, role: Role) -> &[u8] {
        &self.files[self.path(role)]
    }

    /// Its payload, in its fields.
    pub fn payload(&self, role: Role) -> Payload {
        Payload::read(role.kind(), &payload(self.bytes(role)).unwrap())
    }

    /// What its parent says of it.
    pub fn reference(&self, role: Role) -> FileRef {
        reference(self.bytes(role), None)
    }
}

/// What a parent says of some bytes, truly or as it is told.
pub fn reference(bytes: &[u8], inflated: Option<u32>) -> FileRef {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
    let inflated = inflated.unwrap_or_else(|| payload(bytes).map_or(0, |payload| length(&payload)));
    FileRef { digest: Digest::of(bytes), stored: length(bytes), inflated }
}

/// The path of the manifest that a case's head names.
pub fn path_of_manifest(files: &Files, golden: &Golden) -> String {
    let head = files.get(format::HEAD_PATH).unwrap_or(&golden.files[format::HEAD_PATH]);
    Head::read_unverified(head).unwrap().0.manifest.path(Kind::Manifest)
}
